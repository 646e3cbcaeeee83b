import type { L2CacheDriver } from 'bentocache/types';
import { createGather } from '../gather.ts';
import type { RedisLevel } from './redis-level.ts';
import type { SqliteLevel, Stored } from './sqlite-level.ts';

export interface LayersOptions {
  readonly redis: RedisLevel | null;
  readonly sqlite: SqliteLevel;
  readonly now: () => number;
  /** Tells which level a value came from. */
  readonly onHit: (key: string, level: 'redis' | 'sqlite') => void;
}

/**
 * What stands behind memory, as one driver for bentocache: Redis, and where that has nothing or is away,
 * SQLite. What is asked for or written in one turn of the event loop takes one command and one statement.
 */
export function createLayers({ redis, sqlite, now, onHit }: LayersOptions): L2CacheDriver {
  const read = createGather<string, string | undefined>(async (keys) => {
    const values = new Map<string, string>();
    const shared = await redis?.getMany(keys);
    shared?.forEach((value, index) => {
      const key = keys[index]!;
      if (value === undefined) return;
      values.set(key, value);
      onHit(key, 'redis');
    });
    const own = sqlite.getMany(keys.filter((key) => !values.has(key)));
    for (const [key, { value }] of own) {
      values.set(key, value);
      onHit(key, 'sqlite');
    }
    // Redis has started anew, or has pushed it out: others need it, too.
    if (shared && own.size > 0) void redis?.setMany([...own.values()]);
    return keys.map((key) => values.get(key));
  });

  const write = createGather<Stored, boolean>(async (entries) => {
    sqlite.setMany(entries);
    await redis?.setMany(entries);
    return entries.map(() => true);
  });

  const remove = async (patterns: readonly string[]): Promise<boolean> => {
    const own = sqlite.drop(patterns);
    const shared = await redis?.drop(patterns);
    return own.length > 0 || (shared?.length ?? 0) > 0;
  };

  const layers: L2CacheDriver = {
    type: 'l2',
    // There is one name space.
    namespace: () => layers,
    get: read,
    pull: async (key) => {
      const value = await read(key);
      await remove([key]);
      return value;
    },
    set: (key, value, ttl) =>
      write({ key, value, expiresAt: ttl === undefined ? Number.MAX_SAFE_INTEGER : now() + ttl }),
    delete: (key) => remove([key]),
    deleteMany: (keys) => remove(keys),
    clear: async () => void (await remove(['*'])),
    disconnect: async () => {},
  };
  return layers;
}
