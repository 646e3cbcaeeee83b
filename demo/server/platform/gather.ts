/**
 * Joins what is asked for within one turn of the event loop into one call: `work` gets keys, at most
 * `maxKeys` of them, and gives their results in the same order. Where it fails, all of them fail.
 */
export function createGather<Key, Result>(
  work: (keys: readonly Key[]) => Promise<readonly Result[]>,
  maxKeys = Infinity,
): (key: Key) => Promise<Result> {
  interface Waiting {
    readonly key: Key;
    readonly resolve: (result: Result) => void;
    readonly reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];

  const run = async (chunk: readonly Waiting[]): Promise<void> => {
    try {
      const results = await work(chunk.map(({ key }) => key));
      chunk.forEach(({ resolve }, index) => resolve(results[index]!));
    } catch (error) {
      for (const { reject } of chunk) reject(error);
    }
  };

  const flush = (): void => {
    const all = waiting;
    waiting = [];
    const size = Math.min(maxKeys, all.length);
    for (let at = 0; at < all.length; at += size) void run(all.slice(at, at + size));
  };

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      // Not a microtask: callers come by ways of different lengths.
      if (waiting.length === 1) setImmediate(flush);
    });
}
