import type { BusDriver } from 'bentocache/types';
import { z } from 'zod';
import { readMessage } from '../read-message.ts';
import type { RedisLink } from '../redis.ts';

type Handler = Parameters<BusDriver['subscribe']>[1];

/** What is in it is bentocache's own. */
const envelope = z.object({ from: z.string(), message: z.looseObject({}) });

/**
 * How the memories of processes learn, over Redis, that one of them has a newer value. `onReturn` is called when messages
 * may have been missed.
 *
 * bentocache's own transport duplicates connections: those fail the process when Redis isn't there at first.
 */
export function createBusTransport(link: RedisLink, onReturn: () => void): BusDriver {
  const subscriber = link.connect({ maxRetriesPerRequest: null });
  const handlers = new Map<string, Handler>();
  let id = '';
  let wasReady = false;

  subscriber.on('ready', () => {
    if (wasReady) onReturn();
    wasReady = true;
  });
  subscriber.on('message', (channel, text) => {
    const heard = readMessage(envelope, text);
    if (!heard || heard.from === id) return;
    void handlers.get(channel)?.(heard.message as Parameters<Handler>[0]);
  });

  const transport: BusDriver = {
    setId: (own) => {
      id = own;
      return transport;
    },
    // There is nothing to retry: when Redis is back, what was written in the meantime is announced.
    onReconnect: () => {},
    publish: async (channel, message) => {
      // Not waited for: a Redis that hangs must not hold up what was loaded.
      void link.client.publish(channel, JSON.stringify({ from: id, message })).catch(link.failed);
    },
    subscribe: async (channel, handler) => {
      handlers.set(channel, handler as Handler);
      // It waits for Redis; when the server closes first, nobody is interested any more.
      await subscriber.subscribe(channel).catch(() => {});
    },
    unsubscribe: async (channel) => {
      handlers.delete(channel);
      await subscriber.unsubscribe(channel).catch(() => {});
    },
    disconnect: async () => {
      handlers.clear();
      subscriber.disconnect();
    },
  };
  return transport;
}
