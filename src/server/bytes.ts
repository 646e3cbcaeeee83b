import { concat } from '../core/bytes.ts';
import type { Bytes } from '../core/types.ts';

/** Whether this platform can inflate. */
export const canInflate: boolean = typeof DecompressionStream === 'function';

export interface ReadOptions {
  /** Is told how many bytes there are so far; throws if those are too many. */
  readonly check?: (size: number) => void;
  /** Cancels the stream, however endless it is. */
  readonly signal?: AbortSignal;
}

/**
 * Reads a stream to its end. Where that fails, the stream is cancelled: nothing more is read of it.
 *
 * @throws TypeError if a chunk is not bytes; what `check` throws; the signal's reason; what the
 * stream fails with.
 */
export async function readAll(
  stream: ReadableStream<Bytes>,
  { check, signal }: ReadOptions,
): Promise<Bytes> {
  const reader = stream.getReader();
  const cancel = (reason: unknown): void => {
    reader.cancel(reason).catch(() => {});
  };
  const onAbort = (): void => {
    cancel(signal!.reason);
  };
  signal?.addEventListener('abort', onAbort);
  try {
    const chunks: Bytes[] = [];
    let size = 0;
    for (;;) {
      // A cancelled stream ends as if it were complete.
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      // Anything can be in a stream that an application made.
      if (!(value instanceof Uint8Array)) throw new TypeError('a body must be a stream of bytes');
      size += value.byteLength;
      check?.(size);
      chunks.push(value);
    }
    signal?.throwIfAborted();
    // Nobody else has it: no need for a copy.
    return chunks.length === 1 ? chunks[0]! : concat(chunks);
  } catch (error) {
    cancel(error);
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Stops the body of a response that nobody reads; a light one that no real one can be made of has none. */
export function cancelBody(response: Response): void {
  try {
    response.body?.cancel().catch(() => {});
  } catch {
    // Such as one with a status that can't have a body, and one.
  }
}
