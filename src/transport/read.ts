import type { Bytes, Clock } from '../core/types.ts';

/**
 * Reads a body as it arrives.
 *
 * @param idleMs how long it may be silent.
 * @param onChunk is told of the length of each.
 * @throws DOMException `TimeoutError` if it was silent for longer; else what the connection failed with.
 */
export async function* chunksOf(
  { body }: Response,
  idleMs: number | false,
  { setTimer }: Pick<Clock, 'setTimer'>,
  onChunk: (length: number) => void,
): AsyncGenerator<Bytes> {
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
      onChunk(value.length);
      yield value;
    }
  } finally {
    // Where the consumer stops early; of no effect on a stream that has ended.
    reader.cancel().catch(() => {});
  }
}

/** Reads the whole of it. */
export async function readAll(chunks: AsyncIterable<Bytes>): Promise<Bytes> {
  const parts: Bytes[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return parts.length === 1 ? parts[0]! : new Uint8Array(await new Blob(parts).arrayBuffer());
}
