import type { Bytes } from '../core/types.ts';
import { Problem, quote } from './problem.ts';

function tooLarge(maxBytes: number): Problem {
  return new Problem(
    413,
    `A batch has at most ${String(maxBytes)} bytes (maxBytes). Split it in two.`,
    { limit: { name: 'maxBytes', value: maxBytes } },
  );
}

/** Collects a stream; past `maxBytes` it is cancelled, so nothing beyond is read or inflated. */
async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  maxBytes: number,
): Promise<Bytes> {
  const reader = stream.getReader();
  const chunks: Bytes[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      const problem = tooLarge(maxBytes);
      reader.cancel(problem).catch(() => {});
      throw problem;
    }
    chunks.push(value);
  }
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** Passes bytes on until there are more than `maxBytes`. */
function limit(maxBytes: number): TransformStream<Bytes, Bytes> {
  let size = 0;
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      controller.enqueue(chunk);
    },
  });
}

/** Whether this platform can read a compressed request. */
export const canInflate: boolean = typeof DecompressionStream === 'function';

/**
 * Reads a batch's body, inflating it if need be.
 *
 * @throws Problem 413 beyond `maxBytes`, counted after decompression and while it goes on; 415 for a
 * coding other than gzip; 400 if it isn't what it claims to be or broke off.
 * @throws TypeError if somebody else has read it.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Bytes> {
  if (request.bodyUsed) {
    throw new TypeError(
      'the body of the batch has been read already; mount the batch handler before body parsers',
    );
  }
  const coding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  const isGzip = coding === 'gzip' || coding === 'x-gzip';
  if (coding !== 'identity' && coding !== '' && !(isGzip && canInflate)) {
    throw new Problem(
      415,
      `The Content-Encoding ${quote(coding)} is not read here; send ${canInflate ? 'gzip or ' : ''}none.`,
    );
  }
  const length = Number(request.headers.get('content-length') ?? Number.NaN);
  if (length > maxBytes) throw tooLarge(maxBytes);
  try {
    if (!isGzip && length >= 0) {
      // The HTTP server holds the body to its Content-Length, and frameworks are quickest so.
      const bytes = new Uint8Array(await request.arrayBuffer());
      if (bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
      return bytes;
    }
    const { body } = request;
    if (!body) return new Uint8Array();
    if (!isGzip) return await collect(body, maxBytes);
    // The compressed side is limited too: empty gzip members inflate to nothing, endlessly.
    const inflated = body.pipeThrough(limit(maxBytes)).pipeThrough(new DecompressionStream('gzip'));
    return await collect(inflated, maxBytes);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(
      400,
      isGzip ? 'The body is not the gzip that it claims to be.' : 'The body broke off.',
    );
  }
}
