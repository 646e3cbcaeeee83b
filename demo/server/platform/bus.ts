import { EventEmitter } from 'node:events';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readMessage } from './read-message.ts';
import type { RedisLink } from './redis.ts';

/** What is announced: responses with one of these tags are no longer what their server would say. */
export interface Announcement {
  readonly tags: readonly string[];
  /** Patterns of what the servers' own caches should forget, beside what has these tags. */
  readonly patterns?: readonly string[] | undefined;
  /** Whom it is for; undefined for everybody. */
  readonly user?: string | undefined;
}

export interface Bus {
  readonly announce: (announcement: Announcement) => void;
  /** The result stops it. */
  readonly listen: (listener: (announcement: Announcement) => void) => () => void;
  readonly close: () => void;
}

const channel = 'carpool:announcements';

const heard = z.object({
  from: z.string(),
  tags: z.array(z.string()),
  patterns: z.array(z.string()).optional(),
  user: z.string().optional(),
});

/** Announces invalidations within this process, and by way of Redis to all others. */
export function createBus(redis: RedisLink | null): Bus {
  const emitter = new EventEmitter();
  // One for each open stream.
  emitter.setMaxListeners(0);
  const self = randomUUID();
  const subscriber = redis?.connect({ maxRetriesPerRequest: null });
  void subscriber?.subscribe(channel).catch(() => {});
  subscriber?.on('message', (_, text) => {
    const message = readMessage(heard, text);
    if (!message) return;
    const { from, ...announcement } = message;
    if (from !== self) emitter.emit('announcement', announcement);
  });
  return {
    announce: (announcement) => {
      emitter.emit('announcement', announcement);
      // Away, it can't tell the others; what they keep has a TTL.
      void redis?.client
        .publish(channel, JSON.stringify({ ...announcement, from: self }))
        .catch(redis.failed);
    },
    listen: (listener) => {
      emitter.on('announcement', listener);
      return () => {
        emitter.off('announcement', listener);
      };
    },
    close: () => {
      emitter.removeAllListeners();
    },
  };
}
