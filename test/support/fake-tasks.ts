/** The platform's tasks, which run when the test says so, in the order in which they were queued. */
export interface FakeTasks {
  /** Lets every microtask run, and those that they start. */
  readonly microtasks: () => Promise<void>;
  /** Runs tasks, and after each its microtasks, until none is left or `limit` have run. */
  readonly run: (limit?: number) => Promise<void>;
  readonly waiting: () => number;
  readonly restore: () => void;
}

// What polls for something that never comes would keep the test busy for ever.
const tooMany = 20_000;

/** Takes over `setImmediate`, by which fake-indexeddb queues its tasks. */
export function fakeTasks(): FakeTasks {
  const original = globalThis.setImmediate;
  const queue: (() => void)[] = [];
  globalThis.setImmediate = ((task: () => void) => {
    queue.push(task);
  }) as typeof setImmediate;
  // Node runs these when the microtasks are over, and without going round its event loop.
  const microtasks = (): Promise<void> =>
    new Promise((resolve) => {
      process.nextTick(resolve);
    });
  return {
    microtasks,
    run: async (limit = Infinity) => {
      await microtasks();
      for (let count = 0; count < limit && queue.length > 0; count++) {
        if (count > tooMany) throw new Error('the storage has not come to rest');
        queue.shift()!();
        await microtasks();
      }
    },
    waiting: () => queue.length,
    restore: () => {
      globalThis.setImmediate = original;
    },
  };
}
