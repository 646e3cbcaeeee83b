import { control } from './control.ts';

/** A point in an endpoint where a call waits until it is opened. */
export interface Gate {
  /** Answers when the gate is open. */
  readonly url: string;
  /** Sends half of its body at once, the other half when the gate is open. */
  readonly dripUrl: string;
  /** Resolves when a call has come to the gate. */
  readonly arrived: () => Promise<unknown>;
  readonly open: () => Promise<unknown>;
  /** Resolves when the server has seen a waiting call's client go. */
  readonly gone: () => Promise<unknown>;
}

export function createGate(): Gate {
  const id = crypto.randomUUID();
  return {
    url: `/t/gate/${id}`,
    dripUrl: `/t/drip/${id}`,
    arrived: () => control(`gates/${id}/arrived`),
    open: () => control(`gates/${id}/open`),
    gone: () => control(`gates/${id}/gone`),
  };
}
