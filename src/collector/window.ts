import type { Clock } from '../core/types.ts';

export interface GatherWindow {
  /** Opens it, unless it is open. */
  readonly open: () => void;
  /** Opens it, and keeps it open for a call that is on its way; the result lets go. */
  readonly hold: () => () => void;
  /** Closes it without a word: nothing is waiting any more. */
  readonly cancel: () => void;
}

/** The longest that a window stays open, when it should close, for calls on their way. */
export const holdBoundMs = 50;

/**
 * The time in which calls are gathered.
 *
 * @param lengthMs is asked when a window opens: milliseconds, or null for the current task and the
 * microtasks after it.
 */
export function createWindow(
  lengthMs: () => number | null,
  clock: Pick<Clock, 'setTimer' | 'afterTask'>,
  onClose: () => void,
): GatherWindow {
  let isOpen = false;
  let isDue = false;
  let held = 0;
  // Tells a window from those before it, since `afterTask` can't be cancelled.
  let turn = 0;
  let cancelTimer = (): void => {};
  const reset = (): void => {
    isOpen = isDue = false;
    // Who has had his time holds up no later window.
    held = 0;
    turn++;
    cancelTimer();
    cancelTimer = () => {};
  };
  const close = (): void => {
    reset();
    onClose();
  };
  const open = (): void => {
    if (isOpen) return;
    isOpen = true;
    const mine = turn;
    const due = (): void => {
      if (mine !== turn) return;
      isDue = held > 0;
      if (isDue) cancelTimer = clock.setTimer(close, holdBoundMs);
      else close();
    };
    const ms = lengthMs();
    if (ms === null) clock.afterTask(due);
    else cancelTimer = clock.setTimer(due, ms);
  };
  return {
    open,
    hold: () => {
      open();
      held++;
      const mine = turn;
      return () => {
        if (mine === turn && --held === 0 && isDue) close();
      };
    },
    cancel: () => {
      if (held === 0) reset();
    },
  };
}
