export interface Recent<T> {
  /** The value, which thereby counts as used; undefined once it is too old or was pushed out. */
  get(key: string): T | undefined;
  set(key: string, value: T): void;
}

export interface RecentOptions {
  readonly maxEntries: number;
  readonly maxAgeMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Keeps what was used last: at most so many values, none of them longer than `maxAgeMs`. */
export function createRecent<T>({ maxEntries, maxAgeMs, now }: RecentOptions): Recent<T> {
  // A Map is in the order of insertion; whatever is used is put in again, so the first is the one to go.
  const entries = new Map<string, { readonly value: T; readonly until: number }>();

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      if (now() >= entry.until) return undefined;
      entries.set(key, entry);
      return entry.value;
    },

    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, until: now() + maxAgeMs });
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    },
  };
}
