import type { Call, Layer, Reply } from '../../src/core/types.ts';
import { aCall } from './calls.ts';

/** A call that has come to the bottom of a layer; the test answers it. */
export interface Flight {
  readonly call: Call;
  readonly land: (reply: Reply) => void;
  readonly fail: (error: unknown) => void;
}

export interface LayerBench {
  readonly flights: Flight[];
  /** Hands a call to the layer. */
  readonly ask: (given?: Partial<Call>) => Promise<Reply>;
}

/** A layer on a handler that waits for the test; an aborted flight fails with its signal's reason. */
export function onTop(layer: Layer): LayerBench {
  const flights: Flight[] = [];
  const handle = layer(
    (call) =>
      new Promise((resolve, reject) => {
        call.signal.addEventListener('abort', () => {
          reject(call.signal.reason);
        });
        flights.push({ call, land: resolve, fail: reject });
      }),
  );
  return { flights, ask: (given = {}) => handle(aCall(given)) };
}
