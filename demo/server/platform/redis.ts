import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from './log.ts';

/** The connection to Redis, which may go and come back at any time. */
export interface RedisLink {
  readonly client: Redis;
  readonly isUp: () => boolean;
  /** A further connection, for what blocks or subscribes. */
  readonly connect: (options?: RedisOptions) => Redis;
  readonly close: () => Promise<void>;
}

const [firstRetryMs, longestRetryMs] = [50, 2000];

/**
 * Connects to Redis. Commands fail at once while it is away, so that nobody waits for it; it is tried again
 * for ever, at ever longer intervals up to two seconds.
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
  let wasUp: boolean | undefined;
  client.on('ready', () => {
    log.info({ service: 'redis' }, wasUp === false ? 'Redis is back' : 'Redis is there');
    wasUp = true;
  });
  client.on('close', () => {
    if (wasUp !== false)
      log.warn({ service: 'redis' }, 'Redis is away: going on with memory and SQLite');
    wasUp = false;
  });
  return {
    client,
    isUp: () => client.status === 'ready',
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
