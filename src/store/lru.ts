/** Something that takes room. */
export interface Sized {
  readonly key: string;
  readonly bytes: number;
}

export interface Lru<T extends Sized> {
  /** Finds one, and makes it the most recently used. */
  readonly get: (key: string) => T | undefined;
  /** Adds one, or replaces its namesake; what is too large for the whole is not taken. */
  readonly set: (item: T) => void;
  readonly delete: (key: string) => void;
  /** Removes those for which `test` is true, and returns them. */
  readonly deleteWhere: (test: (item: T) => boolean) => T[];
  /** Least recently used first. */
  readonly values: () => Iterable<T>;
  readonly size: () => number;
  readonly bytes: () => number;
}

/** Holds up to `maxEntries` and `maxBytes`; beyond that the least recently used go, and `onEvict` is told. */
export function createLru<T extends Sized>(
  maxEntries: number,
  maxBytes: number,
  onEvict: (item: T) => void,
): Lru<T> {
  // A Map keeps insertion order, so its first is the least recently used.
  const items = new Map<string, T>();
  let bytes = 0;
  const remove = (key: string): void => {
    bytes -= items.get(key)?.bytes ?? 0;
    items.delete(key);
  };
  return {
    get: (key) => {
      const item = items.get(key);
      if (item) {
        items.delete(key);
        items.set(key, item);
      }
      return item;
    },
    set: (item) => {
      remove(item.key);
      if (item.bytes > maxBytes) {
        onEvict(item);
        return;
      }
      items.set(item.key, item);
      bytes += item.bytes;
      for (const oldest of items.values()) {
        if (items.size <= maxEntries && bytes <= maxBytes) break;
        remove(oldest.key);
        onEvict(oldest);
      }
    },
    delete: remove,
    deleteWhere: (test) => {
      const found = [...items.values()].filter(test);
      for (const { key } of found) remove(key);
      return found;
    },
    values: () => items.values(),
    size: () => items.size,
    bytes: () => bytes,
  };
}
