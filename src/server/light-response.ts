import type { Bytes } from '../core/types.ts';

type ResponseClass = typeof Response;

/** What a response was made of. */
export interface Kept {
  readonly body: string | Bytes | null;
  /** Its fields, as a `Headers` would have them; null if they take one. */
  readonly fields: Fields | null;
}

/** Names, lower-case and in their order, and values. */
type Fields = readonly (readonly [name: string, value: string])[];

type Entry = readonly [status: unknown, body: unknown, headers: unknown];

/**
 * `@hono/node-server` replaces the platform's `Response` by a light one, which keeps what it was made
 * of, under a symbol of its own, until somebody asks for more than that.
 *
 * @returns that symbol; null for a platform's own `Response`.
 */
function findKeptKey(responseClass: ResponseClass): symbol | null {
  const status = 299;
  const body = 'kept';
  const headers = { 'x-kept': body };
  let probe: Response;
  try {
    probe = new responseClass(body, { status, headers });
  } catch {
    return null;
  }
  const key = Object.getOwnPropertySymbols(probe).find((symbol) => {
    // A symbol that the types know nothing of.
    const kept = (probe as unknown as Record<symbol, unknown>)[symbol];
    return Array.isArray(kept) && kept[0] === status && kept[1] === body && kept[2] === headers;
  });
  // What is kept must be gone once the body is touched: then, that it is there means that it is unread.
  const isReal = probe.body !== null;
  return key !== undefined && isReal && !Object.hasOwn(probe, key) ? key : null;
}

const textType = 'text/plain;charset=UTF-8';
const plainName = /^[\w-]+$/;
const plainValue = /^[!-~](?:[ -~]*[!-~])?$/;

/** The fields of an object that needs no `Headers` to check, trim or join them. */
function toFields(headers: unknown): Fields | null {
  const isRecord = typeof headers === 'object' && headers !== null;
  if (!isRecord || Object.getPrototypeOf(headers) !== Object.prototype) return null;
  const fields: [string, string][] = [];
  for (const [name, value] of Object.entries(headers) as [string, unknown][]) {
    if (typeof value !== 'string' || !plainValue.test(value) || !plainName.test(name)) return null;
    fields.push([name.toLowerCase(), value]);
  }
  if (fields.length < 2) return fields;
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  const isRepeated = fields.some(([name], i) => name === fields[i + 1]?.[0]);
  return isRepeated ? null : fields;
}

// A fact about the class, found once.
const known = /* @__PURE__ */ new WeakMap<ResponseClass, symbol | null>();

/**
 * What a response was made of, where that is known and unread: reading it otherwise takes a stream,
 * which costs more than all else that is done for an item.
 *
 * @returns null if there is no other way than to read it.
 */
export function keptBy(response: Response): Kept | null {
  const responseClass = globalThis.Response;
  let key = known.get(responseClass);
  if (key === undefined) known.set(responseClass, (key = findKeptKey(responseClass)));
  if (key === null) return null;
  // The types don't know that symbol; that what is there is an `Entry`, the probe has shown.
  const kept = (response as unknown as Record<symbol, Entry | undefined>)[key];
  if (!kept) return null;
  const [, body, headers] = kept;
  const isKnown = body === null || typeof body === 'string' || body instanceof Uint8Array;
  if (!isKnown) return null;
  // What says nothing of its type is text if it is a string (Fetch, 5.5), and bytes are of none.
  const given = headers ?? (typeof body === 'string' ? { 'content-type': textType } : {});
  return { body: body as string | Bytes | null, fields: toFields(given) };
}
