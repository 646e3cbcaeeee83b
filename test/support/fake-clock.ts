import type { Clock } from '../../src/core/types.ts';
import { drained } from './drained.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export interface FakeClock extends Clock {
  /** Lets `ms` milliseconds go by, timer after timer. */
  readonly advance: (ms: number) => Promise<void>;
  /** The page is busy for `ms` milliseconds: timers that were due in them run after that. */
  readonly block: (ms: number) => void;
  /** Ends the current task: runs what waits for that. */
  readonly endTask: () => Promise<void>;
  /** The platform has nothing to do: runs what waits for that. */
  readonly beIdle: () => Promise<void>;
  /** Timers and idle callbacks that are neither due nor cancelled. */
  readonly pending: () => number;
}

/** A clock that stands still until the test moves it. */
export function fakeClock(): FakeClock {
  let now = 0;
  let afterTask: (() => void)[] = [];
  const timers = new Set<Timer>();
  const idle = new Set<Timer>();
  const setTimer = (run: () => void, ms: number): (() => void) => {
    const timer = { at: now + ms, run };
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  };
  const endTask = async (): Promise<void> => {
    await drained();
    const due = afterTask;
    afterTask = [];
    for (const run of due) run();
    await drained();
  };
  const nextBy = (end: number): Timer | undefined =>
    [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    setTimer,
    afterTask: (then) => {
      afterTask.push(then);
    },
    whenIdle: (then, boundMs) => {
      const timer: Timer = {
        at: now + boundMs,
        run: () => {
          cancel();
          then();
        },
      };
      const cancel = (): void => {
        timers.delete(timer);
        idle.delete(timer);
      };
      timers.add(timer);
      idle.add(timer);
      return cancel;
    },
    advance: async (ms) => {
      const end = now + ms;
      await endTask();
      for (let timer = nextBy(end); timer; timer = nextBy(end)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.run();
        await endTask();
      }
      now = end;
    },
    block: (ms) => {
      now += ms;
    },
    endTask,
    beIdle: async () => {
      await drained();
      for (const { run } of idle) run();
      await drained();
    },
    pending: () => timers.size,
  };
}
