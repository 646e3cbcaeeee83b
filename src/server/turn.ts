interface MaybeNode {
  readonly setImmediate?: (then: () => void) => unknown;
}

/** Runs `then` when this turn of the event loop is over. */
export function afterTurn(then: () => void): void {
  const { setImmediate } = globalThis as MaybeNode;
  if (setImmediate) setImmediate(then);
  else setTimeout(then, 0);
}

/** Resolves when this turn is over; at once where only a timer could tell, which is late by itself. */
export async function turnOver(): Promise<void> {
  const { setImmediate } = globalThis as MaybeNode;
  if (setImmediate) await new Promise<void>((resolve) => setImmediate(resolve));
}
