import { encodePart } from '../wire/encode-part.ts';
import type { Batch, Sink } from './batch.ts';
import { Problem } from './problem.ts';

/** A whole answer. */
export interface Whole {
  readonly text: string;
  /** The items' `Set-Cookie` values, in the order of the items. */
  readonly cookies: readonly string[];
}

/**
 * Collects a batch's answers into one JSON object, in the order of the items.
 *
 * @throws Problem 499 if `signal` aborts, which nobody is there to read.
 */
export function bufferBatch(
  ids: readonly string[],
  run: (sink: Sink) => Batch,
  signal: AbortSignal,
): Promise<Whole> {
  return new Promise((resolve, reject) => {
    const parts: string[] = [];
    const cookies: (readonly string[])[] = [];
    const batch = run({
      hasRoom: () => true,
      take: (indices, answer) => {
        for (const index of indices) parts[index] = encodePart(ids[index]!, answer.text);
        cookies[indices[0]!] = answer.cookies;
      },
      end: (stats) => {
        signal.removeEventListener('abort', onAbort);
        const text = `{"responses":[${parts.join(',')}],"stats":${JSON.stringify(stats)}}`;
        resolve({ text, cookies: cookies.flat() });
      },
    });
    const onAbort = (): void => {
      batch.cancel(signal.reason);
      reject(new Problem(499, 'The client is gone.'));
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    batch.pump();
  });
}
