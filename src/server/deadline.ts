/** Who may run out of time. */
export interface Timed {
  timeOut(): void;
}

/** A time after which those who still wait are told. */
export interface Deadline {
  readonly add: (timed: Timed) => void;
  readonly remove: (timed: Timed) => void;
}

/** One timer for all that begins at about the same time; gone when nobody waits any more. */
export function createDeadline(ms: number | false): Deadline {
  const waiting = new Set<Timed>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add: (timed) => {
      if (ms === false) return;
      waiting.add(timed);
      timer ??= setTimeout(() => {
        timer = undefined;
        // At that, others may begin.
        for (const timed of [...waiting]) timed.timeOut();
      }, ms);
    },
    remove: (timed) => {
      if (waiting.delete(timed) && waiting.size === 0) {
        clearTimeout(timer);
        timer = undefined;
      }
    },
  };
}
