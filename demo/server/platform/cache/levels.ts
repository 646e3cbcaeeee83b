import { BentoCache, bentostore } from 'bentocache';
import type { CacheProvider } from 'bentocache/types';
import type { Database } from '../database.ts';
import type { RedisLink } from '../redis.ts';
import { createBusTransport } from './bus-transport.ts';
import { createLayers } from './layers.ts';
import { createMemoryLevel, type MemoryLevel } from './memory-level.ts';
import { createRedisLevel, type RedisLevel } from './redis-level.ts';
import { createSqliteLevel, type SqliteLevel } from './sqlite-level.ts';

export interface Levels {
  readonly memory: MemoryLevel;
  /** Null where none is configured. */
  readonly redis: RedisLevel | null;
  readonly sqlite: SqliteLevel;
  /** All of them, as one cache. */
  readonly all: CacheProvider;
  readonly close: () => Promise<void>;
}

export interface LevelsOptions {
  readonly database: Database;
  readonly redis: RedisLink | null;
  /** How long anybody waits for something fresh where there is something stale. */
  readonly patienceMs: number;
  /** Tells which level behind memory had something. */
  readonly onHit: (key: string, level: 'redis' | 'sqlite') => void;
  /** Redis is back; this was removed in the meantime. */
  readonly onReturn: (patterns: readonly string[]) => void;
}

/** Puts the levels together: bentocache looks into memory, then into Redis and SQLite, and locks what it loads. */
export function createLevels({
  database,
  redis: link,
  patienceMs,
  onHit,
  onReturn,
}: LevelsOptions): Levels {
  const now = Date.now;
  const memory = createMemoryLevel(now);
  const sqlite = createSqliteLevel(database, now);
  const redis = link && createRedisLevel(link, { now, onReturn });
  const layers = createLayers({ redis, sqlite, now, onHit });

  const store = bentostore()
    .useL1Layer({ options: {}, factory: () => memory })
    .useL2Layer({ options: {}, factory: () => layers });
  if (link) {
    store.useBus({
      options: { retryQueue: { enabled: false, retryInterval: false } },
      // What was announced in the meantime is not known: the levels behind it are asked again.
      factory: () => createBusTransport(link, () => memory.clear()),
    });
  }
  const bento = new BentoCache({
    default: 'cache',
    stores: { cache: store },
    prefix: 'carpool',
    timeout: patienceMs,
    // What is stale is not called fresh because loading has failed.
    graceBackoff: 0,
  });
  const all = bento.use();

  return {
    memory,
    redis,
    sqlite,
    all,
    close: async () => {
      redis?.close();
      await all.disconnect();
    },
  };
}
