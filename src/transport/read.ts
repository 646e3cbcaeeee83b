import type { Bytes, Clock } from '../core/types.ts';

/**
 * Reads a body, and tells `onChunk` of each chunk as it arrives.
 *
 * @param idleMs how long it may be silent.
 * @throws DOMException `TimeoutError` if it was silent for longer; else what the connection failed with, or what
 * `onChunk` throws, which ends the reading.
 */
export async function readChunks(
  { body }: Response,
  idleMs: number | false,
  { setTimer }: Pick<Clock, 'setTimer'>,
  onChunk: (chunk: Bytes) => void,
): Promise<void> {
  if (!body) return;
  // Not `for await`: WebKit's streams have no async iterator.
  const reader = body.getReader();
  const read = (): Promise<ReadableStreamReadResult<Bytes>> =>
    idleMs === false
      ? reader.read()
      : new Promise((resolve, reject) => {
          const cancel = setTimer(() => {
            reject(new DOMException(`silent for ${String(idleMs)} ms`, 'TimeoutError'));
          }, idleMs);
          reader.read().then(resolve, reject).finally(cancel);
        });
  try {
    for (;;) {
      const { done, value } = await read();
      if (done) return;
      onChunk(value);
    }
  } finally {
    // Where reading stops early; of no effect on a stream that has ended.
    reader.cancel().catch(() => {});
  }
}
