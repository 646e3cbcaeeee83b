/** A list that grows, and can be waited for. */
export interface Tally<T> {
  readonly seen: T[];
  readonly add: (entry: T) => void;
  /** Resolves when it has `count` entries. */
  readonly reaches: (count: number) => Promise<void>;
}

export function createTally<T>(): Tally<T> {
  const seen: T[] = [];
  let waiting: { readonly count: number; readonly go: () => void }[] = [];
  return {
    seen,
    add: (entry) => {
      seen.push(entry);
      const due = waiting.filter(({ count }) => seen.length >= count);
      waiting = waiting.filter(({ count }) => seen.length < count);
      for (const { go } of due) go();
    },
    reaches: (count) =>
      new Promise((resolve) => {
        if (seen.length >= count) resolve();
        else waiting.push({ count, go: resolve });
      }),
  };
}
