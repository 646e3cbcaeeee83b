/** A point in an endpoint where a call waits until the test says so; it sees what the test can't. */
interface Gate {
  /** Settles when a call has come to it. */
  readonly arrived: PromiseWithResolvers<void>;
  readonly opened: PromiseWithResolvers<void>;
  /** Settles when a call that waited has been given up by its client. */
  readonly gone: PromiseWithResolvers<void>;
}

const gates = new Map<string, Gate>();

export function gateOf(id: string): Gate {
  let gate = gates.get(id);
  if (!gate) {
    gate = {
      arrived: Promise.withResolvers(),
      opened: Promise.withResolvers(),
      gone: Promise.withResolvers(),
    };
    gates.set(id, gate);
  }
  return gate;
}

/** Waits at a gate; resolves too when `signal` aborts, since nobody is left to wait for. */
export async function waitAt(id: string, signal: AbortSignal): Promise<void> {
  const { arrived, opened, gone } = gateOf(id);
  const leave = (): void => {
    gone.resolve();
  };
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  arrived.resolve();
  await Promise.race([opened.promise, gone.promise]);
  signal.removeEventListener('abort', leave);
}
