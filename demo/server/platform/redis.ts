import { setTimeout as sleep } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from './log.ts';

/** The connection to Redis, which may go and come back at any time. */
export interface RedisLink {
  readonly client: Redis;
  /** False while it is away, and while it doesn't answer. */
  readonly isUp: () => boolean;
  /** Takes note of a command's failure: after one that timed out nobody asks until it answers again. */
  readonly failed: (error: unknown) => void;
  /** Calls `then` whenever it is up again; the result stops that. */
  readonly onUp: (then: () => void) => () => void;
  /** A further connection, for what blocks or subscribes. */
  readonly connect: (options?: RedisOptions) => Redis;
  readonly close: () => Promise<void>;
}

const [firstRetryMs, longestRetryMs] = [50, 2000];

/** How long after an attempt that failed it is asked again whether it answers. */
const pauseMs = 250;

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Command timed out';

/**
 * Connects to Redis. Commands fail at once while it is away, so that nobody waits for it; it is tried again
 * for ever, at ever longer intervals up to two seconds. One that hangs costs a second once.
 */
export function createRedisLink(url: string, log: Log): RedisLink {
  const shared: RedisOptions = {
    connectTimeout: 2000,
    retryStrategy: (times) => Math.min(firstRetryMs * 2 ** Math.min(times, 10), longestRetryMs),
  };
  const connections = new Set<Redis>();
  const connect = (options: RedisOptions = {}): Redis => {
    const connection = new Redis(url, { ...shared, ...options });
    connections.add(connection);
    // Told below, once for all.
    connection.on('error', () => {});
    return connection;
  };
  const client = connect({
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 1000,
    enableAutoPipelining: true,
  });
  const listeners = new Set<() => void>();
  let wasUp: boolean | undefined;
  let isSilent = false;

  const up = (): void => {
    log.info({ service: 'redis' }, wasUp === false ? 'Redis is back' : 'Redis is there');
    wasUp = true;
    isSilent = false;
    for (const then of listeners) then();
  };
  const down = (how: string): void => {
    if (wasUp !== false) {
      log.warn({ service: 'redis' }, `Redis ${how}: going on with memory and SQLite`);
    }
    wasUp = false;
  };
  client.on('ready', up);
  client.on('close', () => {
    isSilent = false;
    down('is away');
  });

  /** Asks until there is an answer, or the connection is lost. */
  const listenForAnswer = async (): Promise<void> => {
    while (isSilent) {
      try {
        await client.ping();
        if (isSilent) up();
      } catch {
        await sleep(pauseMs, undefined, { ref: false });
      }
    }
  };

  return {
    client,
    isUp: () => client.status === 'ready' && !isSilent,
    failed: (error) => {
      if (!isTimeout(error) || isSilent || client.status !== 'ready') return;
      isSilent = true;
      down('doesn’t answer');
      void listenForAnswer();
    },
    onUp: (then) => {
      listeners.add(then);
      return () => {
        listeners.delete(then);
      };
    },
    connect,
    close: async () => {
      await Promise.allSettled(
        [...connections].map(async (connection) => {
          connection.disconnect();
        }),
      );
    },
  };
}
