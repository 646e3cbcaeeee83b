interface Closable {
  readonly close: () => Promise<unknown>;
}

/** What several scenarios use: the first of them opens it, and it is closed at the end of the run. */
export interface Keeper extends Closable {
  readonly get: <T extends Closable>(key: string, open: () => Promise<T>) => Promise<T>;
}

export function createKeeper(): Keeper {
  const kept = new Map<string, Promise<Closable>>();
  return {
    get: async <T extends Closable>(key: string, open: () => Promise<T>): Promise<T> => {
      // A key is always opened by the same function.
      const one = (kept.get(key) as Promise<T> | undefined) ?? open();
      kept.set(key, one);
      return one;
    },
    async close() {
      for (const one of await Promise.allSettled([...kept.values()].toReversed())) {
        if (one.status === 'fulfilled') await one.value.close();
      }
    },
  };
}
