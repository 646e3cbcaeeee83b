import type { Bytes } from '../core/types.ts';

type ResponseClass = typeof Response;

/**
 * `@hono/node-server` replaces the platform's `Response` by a light one, which keeps what it was made
 * of, under a symbol of its own, until somebody asks for more than that.
 *
 * @returns that symbol; null for a platform's own `Response`.
 */
function findKeptKey(responseClass: ResponseClass): symbol | null {
  const status = 299;
  const body = 'kept';
  const probe = new responseClass(body, { status });
  const key = Object.getOwnPropertySymbols(probe).find((symbol) => {
    const kept = (probe as unknown as Record<symbol, unknown>)[symbol];
    return Array.isArray(kept) && kept[0] === status && kept[1] === body;
  });
  // What is kept must be gone once the body is touched: then, that it is there means that it is unread.
  const isReal = probe.body !== null;
  return key !== undefined && isReal && !Object.hasOwn(probe, key) ? key : null;
}

// A fact about the class, found once.
const known = /* @__PURE__ */ new WeakMap<ResponseClass, symbol | null>();

/**
 * The body that a response was made of, where it is known and unread: reading it otherwise takes a
 * stream, which costs more than all else that is done for an item.
 *
 * @returns undefined if there is no other way than to read it.
 */
export function keptBody(response: Response): string | Bytes | null | undefined {
  const responseClass = globalThis.Response;
  let key = known.get(responseClass);
  if (key === undefined) known.set(responseClass, (key = findKeptKey(responseClass)));
  if (key === null) return undefined;
  const kept = (response as unknown as Record<symbol, readonly unknown[] | undefined>)[key];
  const body = kept?.[1];
  const isKnown = body === null || typeof body === 'string' || body instanceof Uint8Array;
  return isKnown ? (body as string | Bytes | null) : undefined;
}
