import { setMaxListeners } from 'node:events';

/** That the server is going: no new requests should come, and streams that have no end are to end. */
export interface Leaving {
  /** Aborts when the server goes. */
  readonly leaving: AbortSignal;
  readonly leave: () => void;
}

export function createLeaving(): Leaving {
  const controller = new AbortController();
  // One for each open stream.
  setMaxListeners(0, controller.signal);
  return {
    leaving: controller.signal,
    leave: () => controller.abort(new DOMException('The server is leaving.', 'AbortError')),
  };
}
