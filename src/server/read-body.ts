import type { Bytes } from '../core/types.ts';
import { canInflate, readAll } from './bytes.ts';
import { Problem, quote } from './problem.ts';

function tooLarge(maxBytes: number): Problem {
  return new Problem(
    413,
    `A batch has at most ${String(maxBytes)} bytes (maxBytes). Split it in two.`,
    { limit: { name: 'maxBytes', value: maxBytes } },
  );
}

/** Passes bytes on for as long as `check` doesn't throw. */
function counting(check: (size: number) => void): TransformStream<Bytes, Bytes> {
  let size = 0;
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.byteLength;
      check(size);
      controller.enqueue(chunk);
    },
  });
}

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
  const check = (size: number): void => {
    if (size > maxBytes) throw tooLarge(maxBytes);
  };
  try {
    if (!isGzip && length >= 0) {
      // The HTTP server holds the body to its Content-Length, and frameworks are quickest so.
      const bytes = new Uint8Array(await request.arrayBuffer());
      check(bytes.byteLength);
      return bytes;
    }
    const { body } = request;
    if (!body) return new Uint8Array();
    if (!isGzip) return await readAll(body, { check });
    // The compressed side is limited too: empty gzip members inflate to nothing, endlessly.
    const inflated = body.pipeThrough(counting(check)).pipeThrough(new DecompressionStream('gzip'));
    return await readAll(inflated, { check });
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(
      400,
      isGzip ? 'The body is not the gzip that it claims to be.' : 'The body broke off.',
    );
  }
}
