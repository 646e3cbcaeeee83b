import { concat } from '../core/bytes.ts';
import type { Bytes, Reply } from '../core/types.ts';

/**
 * Lends an ear to a live body as its caller reads it, and tells the whole when that is over; undefined for one
 * that is larger than `limit`. Nothing is told of a body that isn't read to its end.
 */
export function listen(limit: number, then: (body: Bytes | undefined) => void): Reply['onChunk'] {
  let chunks: Bytes[] = [];
  let length = 0;
  return (chunk) => {
    if (chunk) {
      length += chunk.length;
      // A copy: a byte stream takes its chunks' buffers away.
      if (length <= limit) chunks.push(chunk.slice());
      else chunks = [];
      return;
    }
    then(length <= limit ? concat(chunks) : undefined);
  };
}

/** Reads a live body that nobody else does. */
export async function readOut({ live, onChunk }: Reply): Promise<void> {
  const reader = live?.body?.getReader();
  for (let isDone = !reader; !isDone;) {
    const { done, value } = await reader!.read();
    onChunk?.(value ?? null);
    isDone = done;
  }
}
