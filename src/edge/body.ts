import { concat } from '../core/bytes.ts';
import { fieldOf } from '../http/fields.ts';
import { bodyKind } from '../wire/media.ts';
import type { Bytes, Call, HeaderList } from '../core/types.ts';
import type { BypassReason } from './route.ts';

/** A body that may ride, or why it may not. */
export type BodyOutcome = { readonly body: Call['body'] } | BypassReason;

const encoder = /* @__PURE__ */ new TextEncoder();
// A BOM is kept: it is one of the body's bytes.
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether `text` has more than `limit` bytes in UTF-8; encodes it only when that is in doubt. */
function exceeds(text: string, limit: number): boolean {
  return text.length > limit || (text.length * 3 > limit && encoder.encode(text).length > limit);
}

/**
 * Puts a body into the form in which the wire carries it, and checks it: an item that is not what
 * its media type says would break the whole batch's JSON.
 */
export function toBody(source: string | Bytes, headers: HeaderList, limit: number): BodyOutcome {
  const type = fieldOf(headers, 'content-type');
  if (!type) return 'content-type';
  if (typeof source === 'string' ? exceeds(source, limit) : source.length > limit) {
    return 'body-size';
  }
  const kind = bodyKind(type);
  if (kind === 'binary') {
    return { body: typeof source === 'string' ? encoder.encode(source) : source };
  }
  try {
    const body = typeof source === 'string' ? source : decoder.decode(source);
    if (kind === 'json') JSON.parse(body);
    return { body };
  } catch {
    return 'content-type';
  }
}

/** Reads the body of `request`, up to one byte more than `limit`; the request is used up by it. */
export async function readBody(request: Request | Blob, limit: number): Promise<Bytes> {
  const stream = request instanceof Blob ? null : request.body;
  // Firefox has no `Request.body`.
  if (!stream) return new Uint8Array(await request.arrayBuffer());
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length <= limit) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  // Not awaited: a branch of a clone reports its end only when the other branch has ended too.
  if (length > limit) void reader.cancel();
  return concat(chunks);
}
