/** Knows when all that is under way at some moment has ended. */
export interface UnderWay {
  /** Takes note of work until it is settled; hands it on. */
  readonly watch: <T>(work: Promise<T>) => Promise<T>;
  /** Resolves when what is under way now is settled, whatever begins in the meantime. Never rejects. */
  readonly settled: () => Promise<void>;
}

/** Creates it. A count is all that is kept of work that nobody waits for. */
export function createUnderWay(): UnderWay {
  let begun = 0;
  let open = 0;
  const waiting = new Set<{
    /** Work that has begun later is none of theirs. */
    readonly before: number;
    left: number;
    readonly resolve: () => void;
  }>();
  return {
    watch: (work) => {
      const turn = begun++;
      open++;
      const end = (): void => {
        open--;
        for (const one of waiting) {
          if (turn >= one.before || --one.left > 0) continue;
          waiting.delete(one);
          one.resolve();
        }
      };
      // What is handed on comes behind it: so a failure that its caller doesn't handle counts as unhandled.
      return work.then(
        (value) => {
          end();
          return value;
        },
        (error: unknown) => {
          end();
          throw error;
        },
      );
    },
    settled: () =>
      new Promise((resolve) => {
        if (open === 0) resolve();
        else waiting.add({ before: begun, left: open, resolve });
      }),
  };
}
