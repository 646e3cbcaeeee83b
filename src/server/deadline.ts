/** A time after which those who still wait are told. */
export interface Deadline {
  readonly add: (onOver: () => void) => void;
  readonly remove: (onOver: () => void) => void;
}

/** One timer for all that begins at about the same time; gone when nobody waits any more. */
export function createDeadline(ms: number | false): Deadline {
  const waiting = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add: (onOver) => {
      if (ms === false) return;
      waiting.add(onOver);
      timer ??= setTimeout(() => {
        timer = undefined;
        // What is told may have others begin.
        for (const tell of [...waiting]) tell();
      }, ms);
    },
    remove: (onOver) => {
      if (waiting.delete(onOver) && waiting.size === 0) {
        clearTimeout(timer);
        timer = undefined;
      }
    },
  };
}
