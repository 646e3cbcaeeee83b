import type { L1CacheDriver } from 'bentocache/types';
import { LRUCache } from 'lru-cache';
import { toMatcher } from './kinds.ts';

export interface MemoryLevel extends L1CacheDriver {
  readonly keys: () => readonly string[];
  /** Removes what matches; gives its keys. */
  readonly drop: (patterns: readonly string[]) => readonly string[];
  readonly bytesOf: (key: string) => number;
}

/** A handful of history fills as much as thousands of quotes, so both are bounded. */
const [maxEntries, maxBytes] = [20_000, 64 * 1024 * 1024];

/** The first level: this process' memory, where what was used longest ago goes first. */
export function createMemoryLevel(now: () => number = Date.now): MemoryLevel {
  const entries = new LRUCache<string, string>({
    max: maxEntries,
    maxSize: maxBytes,
    // Two bytes for a character, as strings that are not Latin-1 take.
    sizeCalculation: (value, key) => 2 * (value.length + key.length),
    perf: { now },
    ttlResolution: 0,
  });
  const level: MemoryLevel = {
    type: 'l1',
    // There is one name space.
    namespace: () => level,
    get: (key) => entries.get(key),
    pull: (key) => {
      const value = entries.get(key);
      entries.delete(key);
      return value;
    },
    set: (key, value, ttl) => {
      entries.set(key, value, ttl === undefined ? {} : { ttl });
      return true;
    },
    getRemainingTtl: (key) => entries.getRemainingTTL(key),
    delete: (key) => entries.delete(key),
    deleteMany: (keys) => {
      for (const key of keys) entries.delete(key);
      return true;
    },
    clear: () => entries.clear(),
    disconnect: () => {},
    keys: () => [...entries.keys()],
    drop: (patterns) => {
      const dropped = [...entries.keys()].filter(toMatcher(patterns));
      for (const key of dropped) entries.delete(key);
      return dropped;
    },
    bytesOf: (key) => 2 * ((entries.peek(key)?.length ?? 0) + key.length),
  };
  return level;
}
