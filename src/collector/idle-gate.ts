import type { Clock } from '../core/types.ts';

export interface IdleGate {
  /** Something waits for an idle moment. */
  readonly arm: () => void;
  /** Nothing does any more. */
  readonly disarm: () => void;
  /** The client may have become idle. */
  readonly check: () => void;
}

/** The longest that a `low` call waits for an idle moment. */
export const idleBoundMs = 1000;

/** Calls `release` when the platform has nothing else to do and `isBusy` is false, or at the bound. */
export function createIdleGate(
  clock: Pick<Clock, 'setTimer' | 'whenIdle'>,
  isBusy: () => boolean,
  release: () => void,
): IdleGate {
  let cancel: (() => void) | null = null;
  let wasIdle = false;
  const disarm = (): void => {
    cancel?.();
    cancel = null;
    wasIdle = false;
  };
  const fire = (): void => {
    disarm();
    release();
  };
  const check = (): void => {
    if (wasIdle && !isBusy()) fire();
  };
  return {
    arm: () => {
      if (cancel) return;
      const cancelBound = clock.setTimer(fire, idleBoundMs);
      const cancelIdle = clock.whenIdle(() => {
        wasIdle = true;
        check();
      }, idleBoundMs);
      cancel = () => {
        cancelBound();
        cancelIdle();
      };
    },
    disarm,
    check,
  };
}
