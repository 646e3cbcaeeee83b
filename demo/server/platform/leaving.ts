/** That the server is going: no new requests should come, and streams that have no end are to end. */
export interface Leaving {
  readonly isLeaving: () => boolean;
  readonly leave: () => void;
  /** Calls `then` when the server goes; the result stops that. */
  readonly onLeave: (then: () => void) => () => void;
}

export function createLeaving(): Leaving {
  const listeners = new Set<() => void>();
  let isLeaving = false;
  return {
    isLeaving: () => isLeaving,
    leave: () => {
      isLeaving = true;
      for (const then of listeners) then();
    },
    onLeave: (then) => {
      listeners.add(then);
      return () => {
        listeners.delete(then);
      };
    },
  };
}
