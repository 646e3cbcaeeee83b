import type { Bytes, Reply } from '../core/types.ts';
import { isNullBody } from '../wire/status-text.ts';
import { heldBack, passOn } from './body-stream.ts';
import { pageOrigin } from './endpoints.ts';

/** What is known of a `Response` that it can't be told, and would report wrongly or be slow about. */
interface Facts {
  readonly url: string;
  readonly redirected: boolean;
  /** Undefined where it is the page's origin that tells. */
  readonly type?: ResponseType;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  /** The whole body, where it is at hand and nobody has read it. */
  bytes?: Bytes | null | undefined;
  /** It has been read off `bytes`, and the platform doesn't know yet. */
  isRead?: boolean;
  /** Somebody has its stream. */
  isOut?: boolean;
}

type Reader = 'arrayBuffer' | 'blob' | 'bytes' | 'formData' | 'json' | 'text';

// Kept beside the responses, so that making one costs no property of its own.
const factsOf = /* @__PURE__ */ new WeakMap<Response, Facts>();

// The platform's own readers take their time, even over bytes that are at hand. What a page has put in their
// place is another matter.
const decoder = /* @__PURE__ */ new TextDecoder();
const platform = (globalThis as Partial<typeof globalThis>).Response?.prototype;
const quick: ReadonlyMap<unknown, (bytes: Bytes) => unknown> = /* @__PURE__ */ new Map([
  [platform?.json, (bytes: Bytes): unknown => JSON.parse(decoder.decode(bytes))],
  [platform?.text, (bytes: Bytes): unknown => decoder.decode(bytes)],
]);

const own = <Name extends keyof Response>(response: Response, name: Name): Response[Name] =>
  Reflect.get(Response.prototype, name, response);

/**
 * Makes sure that the platform knows what has been read off `bytes`: for whoever deals with the stream. Not at each
 * reading, since making a stream costs more than the reading itself.
 */
function settle(response: Response, facts: Facts): void {
  if (!facts.isRead) return;
  facts.isRead = false;
  // Its reader never lets go.
  const reader = own(response, 'body')?.getReader();
  reader?.cancel().catch(() => {});
}

/** Reads a body; an abort stops that with its reason, which Chromium forgets of a script's stream. */
async function read(response: Response, name: Reader): Promise<unknown> {
  const facts = factsOf.get(response)!;
  const { signal, bytes, isRead, isOut } = facts;
  const isLocked = (): boolean | undefined => (isOut || !bytes) && own(response, 'body')?.locked;
  const isUnread = !isRead && !own(response, 'bodyUsed') && !isLocked();
  if (isUnread) signal?.throwIfAborted();
  const parse = isUnread && bytes && quick.get(Response.prototype[name]);
  if (parse) facts.isRead = true;
  if (!parse || isOut) settle(response, facts);
  // Who keeps the response need not keep its bytes.
  facts.bytes = undefined;
  // Nobody can abort it in the meantime.
  if (parse && !signal) return parse(bytes);
  try {
    return await (parse ? parse(bytes) : Response.prototype[name].call(response));
  } finally {
    if (isUnread) signal?.throwIfAborted();
  }
}

const typeOf = (url: string): ResponseType => {
  const page = pageOrigin();
  return page === undefined || url.startsWith(`${page}/`) ? 'basic' : 'cors';
};

// Enumerable, as the platform's are: some who wrap a response copy what they find.
const method = (value: (this: Response) => unknown): PropertyDescriptor => ({
  value,
  configurable: true,
  enumerable: true,
  writable: true,
});
const getter = (get: (this: Response) => unknown): PropertyDescriptor => ({
  get,
  configurable: true,
  enumerable: true,
});
const fact = (name: keyof Facts): PropertyDescriptor =>
  getter(function () {
    return factsOf.get(this)![name];
  });
const refusal = (name: string): PropertyDescriptor =>
  method(() => {
    throw new TypeError(`Failed to execute '${name}' on 'Headers': Headers are immutable`);
  });

const refusals: PropertyDescriptorMap = {
  append: refusal('append'),
  delete: refusal('delete'),
  set: refusal('set'),
};
let immutable: Headers | undefined;
const faithful: PropertyDescriptorMap = {
  url: fact('url'),
  redirected: fact('redirected'),
  type: getter(function () {
    const { type, url } = factsOf.get(this)!;
    return type ?? typeOf(url);
  }),
  bodyUsed: getter(function () {
    return factsOf.get(this)!.isRead === true || own(this, 'bodyUsed');
  }),
  body: getter(function () {
    const facts = factsOf.get(this)!;
    settle(this, facts);
    facts.isOut = true;
    return own(this, 'body');
  }),
  headers: getter(function () {
    const headers = own(this, 'headers');
    immutable ??= Object.create(Headers.prototype, refusals) as Headers;
    return Object.setPrototypeOf(headers, immutable) as Headers;
  }),
  clone: method(function () {
    const facts = factsOf.get(this)!;
    settle(this, facts);
    return withFacts(Response.prototype.clone.call(this), { ...facts, isOut: false });
  }),
};
const readers: Reader[] = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'];

/** Made at the first response: on a server, importing touches nothing. */
function createPrototype(): Response {
  const prototype = Object.create(Response.prototype, faithful) as Response;
  for (const name of readers) {
    if (!(name in prototype)) continue;
    Object.defineProperty(
      prototype,
      name,
      method(function () {
        return read(this, name);
      }),
    );
  }
  return prototype;
}
// Shared by all responses: members of its own would cost each one more than all the rest.
let prototype: Response | undefined;

function withFacts(response: Response, facts: Facts): Response {
  factsOf.set(response, facts);
  return Object.setPrototypeOf(response, (prototype ??= createPrototype())) as Response;
}

/**
 * Builds the `Response` a caller receives.
 *
 * - `url`, `redirected` and `type` are as `fetch` sets them, and headers immutable, also on clones.
 * - With the caller's `signal`, an abort fails the body's readers for as long as they haven't read it.
 * - A reply that travelled natively is handed on as the platform's own response where it can be.
 *
 * @see https://fetch.spec.whatwg.org/#responses
 */
export function toResponse(reply: Reply, signal: AbortSignal | undefined): Response {
  const { live, url, redirected, onChunk } = reply;
  if (live) {
    const isAsItIs = (!signal && !onChunk) || !live.body;
    if (isAsItIs && redirected === live.redirected) return live;
    const { status, statusText, headers, type } = live;
    // Chromium has a body even then, and takes none.
    let body = isNullBody(status) ? null : live.body;
    if (body && (signal || onChunk)) body = passOn(body, signal, onChunk);
    const response = new Response(body, { status, statusText, headers });
    return withFacts(response, { url, redirected, type, signal });
  }
  const { status, statusText, headers, body } = reply;
  const response = new Response(body && signal ? heldBack(body, signal) : body, {
    status,
    statusText,
    headers: headers as [string, string][],
  });
  return withFacts(response, { url, redirected, signal, bytes: body });
}
