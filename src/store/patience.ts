import type { Clock } from '../core/types.ts';

export interface Patience {
  /** Resolves when `work` has, or not for ever: unless `isLast` says that there is nothing else to ask. */
  readonly wait: (work: Promise<void>, isLast?: () => boolean) => Promise<void>;
  /** Something that nobody waits for any more is still under way; until it is done, nobody waits for anything. */
  readonly isOver: () => boolean;
}

// How often, and how long each time: a page that has been busy hears late of what was done long ago, but then
// between two of its timers.
const turns = 2;
const turnMs = 1000;

/** Creates what waits for a storage: nothing must hang on one that does. `onOver` is told the first time. */
export function createPatience(
  { setTimer }: Pick<Clock, 'setTimer'>,
  onOver: () => void,
): Patience {
  let stuck = 0;
  return {
    wait: (work, isLast = () => false) =>
      new Promise((resolve) => {
        let waited = 0;
        const wait = (): (() => void) =>
          setTimer(() => {
            if (++waited < turns || isLast()) {
              cancel = wait();
              return;
            }
            if (stuck++ === 0) onOver();
            void work.finally(() => stuck--);
            resolve();
          }, turnMs);
        let cancel = wait();
        void work.then(resolve).finally(() => {
          cancel();
        });
      }),
    isOver: () => stuck > 0,
  };
}
