import type { Clock } from './types.ts';

/** Timers of one length, set in one breath. */
interface Group {
  readonly timers: Set<{ readonly run: () => void }>;
  readonly stop: () => void;
}

/**
 * Lets timers of the same length that are set in one breath share one of `setTimer`'s. Each call has a time limit,
 * nearly all have the same, and almost none ever runs out.
 */
export function createTimers(setTimer: Clock['setTimer']): Clock['setTimer'] {
  const groups = new Map<number, Group>();
  const open = (ms: number): Group => {
    const timers: Group['timers'] = new Set();
    const stop = setTimer(() => {
      // Fake timers may run in this very breath: who comes then must not join what has run.
      groups.delete(ms);
      for (const timer of timers) {
        timers.delete(timer);
        timer.run();
      }
    }, ms);
    const group = { timers, stop };
    groups.set(ms, group);
    queueMicrotask(() => groups.delete(ms));
    return group;
  };
  return (run, ms) => {
    const group = groups.get(ms) ?? open(ms);
    const timer = { run };
    group.timers.add(timer);
    return () => {
      if (!group.timers.delete(timer) || group.timers.size > 0) return;
      group.stop();
      groups.delete(ms);
    };
  };
}
