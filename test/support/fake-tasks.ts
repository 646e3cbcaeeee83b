/** The platform's tasks, which run when the test says so, in the order in which they were queued. */
export interface FakeTasks {
  /** Queues a task of the page's own; these go before those of the storage. */
  readonly queue: (task: () => void) => void;
  /** Runs tasks, and after each its microtasks, until none is left or `limit` of the storage's have run. */
  readonly run: (limit?: number) => Promise<void>;
  readonly restore: () => void;
}

// What polls for something that never comes would keep the test busy for ever.
const tooMany = 20_000;

/** Takes over `setImmediate`, by which fake-indexeddb queues its tasks. */
export function fakeTasks(): FakeTasks {
  const original = globalThis.setImmediate;
  const own: (() => void)[] = [];
  const others: (() => void)[] = [];
  globalThis.setImmediate = ((task: () => void) => {
    others.push(task);
  }) as typeof setImmediate;
  // Lets every microtask run, and those that they start: Node runs these when the microtasks are over, and without going round its event loop.
  const microtasks = (): Promise<void> =>
    new Promise((resolve) => {
      process.nextTick(resolve);
    });
  const runOwn = async (): Promise<void> => {
    await microtasks();
    for (let task = own.shift(); task; task = own.shift()) {
      task();
      await microtasks();
    }
  };
  return {
    queue: (task) => {
      own.push(task);
    },
    run: async (limit = Infinity) => {
      await runOwn();
      for (let count = 0; count < limit && others.length > 0; count++) {
        if (count > tooMany) throw new Error('the storage has not come to rest');
        others.shift()!();
        await runOwn();
      }
    },
    restore: () => {
      globalThis.setImmediate = original;
    },
  };
}
