/** The clock of a delay line; a test hands in its own. */
export interface Timing {
  readonly now: () => number;
  /** Calls back after about `delayMs`, early or late. Returns what takes it back. */
  readonly setTimer: (callback: () => void, delayMs: number) => () => void;
}

export const realTiming: Timing = {
  now: () => performance.now(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export interface DelayLine<T> {
  /** @param from when its delay begins; no earlier than that of the item before. @default now */
  push(item: T, from?: number): void;
  /** Holds back what is due until `resume`, as a full receiver does. */
  pause(): void;
  resume(): void;
  /** Drops what is on its way. */
  clear(): void;
}

/**
 * Hands each item on `delayMs` after it came in, never earlier, in the order in which they came.
 *
 * Invariant: `queue` is in order of `dueAt`; a timer is set exactly when it isn't empty or paused.
 */
export function createDelayLine<T>(
  delayMs: number,
  deliver: (item: T) => void,
  { now, setTimer }: Timing = realTiming,
): DelayLine<T> {
  const queue: { readonly item: T; readonly dueAt: number }[] = [];
  let paused = false;
  let cancel: (() => void) | undefined;

  function run(): void {
    cancel?.();
    cancel = undefined;
    while (!paused) {
      const head = queue[0];
      if (!head) return;
      const remainingMs = head.dueAt - now();
      if (remainingMs > 0) {
        cancel = setTimer(run, Math.ceil(remainingMs));
        return;
      }
      queue.shift();
      deliver(head.item);
    }
  }

  return {
    push(item, from = now()) {
      queue.push({ item, dueAt: from + delayMs });
      if (queue.length === 1) run();
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      run();
    },
    clear() {
      queue.length = 0;
      cancel?.();
      cancel = undefined;
    },
  };
}
