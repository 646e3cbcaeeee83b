import type { Bytes } from '../core/types.ts';
import { fromBase64 } from '../wire/base64.ts';
import { isForged } from '../wire/forged.ts';
import { bodyKind } from '../wire/media.ts';
import type { Envelope } from './envelope.ts';
import { resolveItemUrl, type Site } from './item-url.ts';
import type { Settings } from './options.ts';
import { Problem, quote } from './problem.ts';
import type { WireRequest } from './schemas.ts';

/** What an item asks for, judged and decoded. */
export interface Ask {
  readonly method: string;
  /** Absolute, on the endpoint's origin. */
  readonly url: string;
  /** The item's own fields, by lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Bytes | null;
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const token = /^[!#$%&'*+\-.^_`|~\da-z]+$/;
const unwritable = /[^\t\x20-\x7e\x80-\xff]/;

const encoder = /* @__PURE__ */ new TextEncoder();

function readHeaders(
  headers: Record<string, string>,
  { maxHeaderBytes, protectedHeaders }: Settings,
): Map<string, string> {
  const fields = new Map<string, string>();
  let size = 0;
  for (const [key, value] of Object.entries(headers)) {
    const name = key.toLowerCase();
    size += key.length + value.length;
    if (!token.test(name)) throw new Problem(400, `${quote(key)} is no header name.`);
    if (isForged(name) || protectedHeaders.has(name)) {
      throw new Problem(
        400,
        `An item can't set the header ${quote(name)}; leave it to the request that carries the batch.`,
      );
    }
    if (unwritable.test(value)) {
      throw new Problem(
        400,
        `The header ${quote(name)} has a character that HTTP can't carry; encode its value.`,
      );
    }
    // The answer is compressed as a whole; a compressed part could not be read.
    if (name !== 'accept-encoding') fields.set(name, value);
  }
  if (size > maxHeaderBytes) {
    throw new Problem(
      431,
      `The headers of an item have at most ${String(maxHeaderBytes)} bytes (maxHeaderBytes), but these have ${String(size)}.`,
      { limit: { name: 'maxHeaderBytes', value: maxHeaderBytes } },
    );
  }
  return fields;
}

function readBody(
  body: unknown,
  raw: () => Bytes | null,
  headers: Map<string, string>,
): Bytes | null {
  const type = headers.get('content-type');
  if (type === undefined) {
    // As OData has it (JSON Format, 19.1): without a type, the value tells.
    if (body === null) return null;
    headers.set(
      'content-type',
      typeof body === 'string' ? 'text/plain;charset=UTF-8' : 'application/json',
    );
    return typeof body === 'string' ? encoder.encode(body) : raw();
  }
  const kind = bodyKind(type);
  if (kind === 'json') return raw();
  if (body === null) return null;
  if (typeof body !== 'string') {
    throw new Problem(
      400,
      `A body of type ${quote(type)} is written as ${kind === 'text' ? 'a string' : 'a string of base64url'}.`,
    );
  }
  if (kind === 'text') return encoder.encode(body);
  try {
    return fromBase64(body);
  } catch {
    throw new Problem(
      400,
      `A body of type ${quote(type)} is written in base64url, but this one isn't.`,
    );
  }
}

/**
 * Judges one item.
 *
 * @throws Problem for this item alone: 400 (method, url, header or body), 431 or 501.
 */
export function toAsk(
  request: WireRequest,
  index: number,
  envelope: Envelope,
  site: Site,
  settings: Settings,
): Ask {
  const method = request.method.toUpperCase();
  if (!methods.has(method)) {
    throw new Problem(
      400,
      `The method ${quote(request.method)} can't be batched; use one of ${[...methods].join(', ')}.`,
    );
  }
  if (typeof request.atomicityGroup === 'string') {
    throw new Problem(
      501,
      'This server has no transactions: send the item without atomicityGroup.',
    );
  }
  const url = resolveItemUrl(request.url, site);
  const headers = readHeaders(request.headers ?? {}, settings);
  if (envelope.tooDeep.has(index)) {
    throw new Problem(
      400,
      `The body is nested too deeply: the batch may have at most ${String(settings.maxDepth)} levels (maxDepth).`,
      { limit: { name: 'maxDepth', value: settings.maxDepth } },
    );
  }
  if (request.body === undefined) return { method, url, headers, body: null };
  const isBodiless = method === 'GET' || method === 'HEAD';
  if (isBodiless && request.body === null) return { method, url, headers, body: null };
  if (isBodiless) throw new Problem(400, `A ${method} item can't have a body; leave it out.`);
  const body = readBody(request.body, () => envelope.rawBody(index), headers);
  return { method, url, headers, body };
}

/** The fields of an item's request: the inherited ones, then its own over them. */
export function toHeaders({ headers, body }: Ask, inherited: Headers): Headers {
  const fields = new Headers(inherited);
  for (const [name, value] of headers) fields.set(name, value);
  if (body) fields.set('content-length', String(body.byteLength));
  return fields;
}

/** Makes the request that dispatch gets. */
export type CreateRequest = (ask: Ask, inherited: Headers, signal: AbortSignal) => Request;

export const toRequest: CreateRequest = (ask, inherited, signal) => {
  const { method, url, body } = ask;
  const headers = toHeaders(ask, inherited);
  // Should dispatch be `fetch`: redirects are the caller's to follow.
  return new Request(url, { method, headers, body, signal, redirect: 'manual' });
};
