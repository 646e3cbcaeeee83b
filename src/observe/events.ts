import type { CarpoolEvents, Emit } from '../core/events.ts';

export interface Events {
  readonly emit: Emit;
  /** Calls `listener` at each such event; the result stops that. */
  readonly on: <Name extends keyof CarpoolEvents>(
    name: Name,
    listener: (event: CarpoolEvents[Name]) => void,
  ) => () => void;
}

/** An event hub. A listener that throws disturbs nobody: its error is reported, as for DOM events. */
export function createEvents(): Events {
  const listeners = new Map<string, Set<(event: never) => void>>();
  return {
    emit: (name, event) => {
      const told = listeners.get(name);
      if (!told) return;
      // A copy: who comes while others are told hears of the next event.
      for (const listener of [...told]) {
        try {
          listener(event as never);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => {
        set.delete(listener);
      };
    },
  };
}
