import type { Bytes, Reply } from '../core/types.ts';
import { isNullBody } from '../wire/status-text.ts';
import { pageOrigin } from './endpoints.ts';

/** What a constructed `Response` can't be told and reports wrongly otherwise. */
interface Facts {
  readonly url: string;
  readonly redirected: boolean;
  readonly type: ResponseType;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
}

const readers = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const;
const changers = ['append', 'delete', 'set'] as const;

const getter = (value: unknown): PropertyDescriptor => ({ get: () => value, configurable: true });
const method = (value: unknown): PropertyDescriptor => ({
  value,
  configurable: true,
  writable: true,
});

/** Reads a body whose reader `signal` may abort; Chromium forgets the reason of a script's stream. */
async function read(
  response: Response,
  name: (typeof readers)[number],
  signal: AbortSignal,
): Promise<unknown> {
  const isUnread = !response.bodyUsed && !response.body?.locked;
  if (isUnread) signal.throwIfAborted();
  try {
    return await Response.prototype[name].call(response);
  } finally {
    if (isUnread) signal.throwIfAborted();
  }
}

function withFacts(response: Response, facts: Facts): Response {
  const { url, redirected, type, signal } = facts;
  const own: PropertyDescriptorMap = {
    url: getter(url),
    redirected: getter(redirected),
    type: getter(type),
    clone: method(() => withFacts(Response.prototype.clone.call(response), facts)),
  };
  for (const name of signal ? readers : []) {
    if (name in response) own[name] = method(() => read(response, name, signal!));
  }
  for (const name of changers) {
    const refuse = (): never => {
      throw new TypeError(`Failed to execute '${name}' on 'Headers': Headers are immutable`);
    };
    Object.defineProperty(response.headers, name, method(refuse));
  }
  return Object.defineProperties(response, own);
}

/** A byte stream, as a response's body is; an ordinary one where WebKit has none. */
function bodyStream(source: Omit<UnderlyingByteSource, 'type'>): ReadableStream<Bytes> {
  try {
    return new ReadableStream({ ...source, type: 'bytes' }, { highWaterMark: 0 });
  } catch {
    return new ReadableStream(source as unknown as UnderlyingDefaultSource, { highWaterMark: 0 });
  }
}

/** Ends a body; a reader that lent a buffer gets it back. */
function close(controller: ReadableByteStreamController): void {
  controller.close();
  controller.byobRequest?.respond(0);
}

/** Hands out `bytes` when they are asked for, unless `signal` has aborted by then. */
function heldBack(bytes: Bytes, signal: AbortSignal): ReadableStream<Bytes> {
  return bodyStream({
    pull(controller) {
      if (signal.aborted) {
        controller.error(signal.reason);
        return;
      }
      // A copy, since a byte stream takes its chunks' buffers away and replies are shared.
      if (bytes.length > 0) controller.enqueue(bytes.slice());
      close(controller);
    },
  });
}

/** Passes a live body on; an abort of `signal` breaks off the read that is waiting. */
function cutBy(body: ReadableStream<Bytes>, signal: AbortSignal): ReadableStream<Bytes> {
  const reader = body.getReader();
  return bodyStream({
    // Listens during a read only, so that a body nobody reads leaves nothing on a long-lived signal.
    pull: (controller) =>
      new Promise((resolve, reject) => {
        const abort = (): void => {
          reject(signal.reason);
          // The network's own error, if any, has nobody left to hear it.
          reader.cancel(signal.reason).catch(() => {});
        };
        if (signal.aborted) {
          abort();
          return;
        }
        signal.addEventListener('abort', abort);
        reader
          .read()
          .then(({ done, value }) => {
            if (done) close(controller);
            else controller.enqueue(value);
            resolve();
          }, reject)
          .finally(() => {
            signal.removeEventListener('abort', abort);
          });
      }),
    cancel: (reason) => reader.cancel(reason),
  });
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
  const { live, url, redirected } = reply;
  if (live) {
    if ((!signal || !live.body) && redirected === live.redirected) return live;
    const { status, statusText, headers, type } = live;
    // Chromium has a body even then, and takes none.
    let body = isNullBody(status) ? null : live.body;
    if (body && signal) body = cutBy(body, signal);
    return withFacts(new Response(body, { status, statusText, headers }), {
      url,
      redirected,
      type,
      signal,
    });
  }
  const { status, statusText, headers, body } = reply;
  const page = pageOrigin();
  const type = page === undefined || url.startsWith(`${page}/`) ? 'basic' : 'cors';
  return withFacts(
    new Response(body && signal ? heldBack(body, signal) : body, {
      status,
      statusText,
      headers: headers as [string, string][],
    }),
    { url, redirected, type, signal },
  );
}
