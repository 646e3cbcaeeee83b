import type { Bytes, Reply } from '../core/types.ts';
import { pageOrigin } from './endpoints.ts';

/** What a constructed `Response` can't be told and reports wrongly otherwise. */
interface Facts {
  readonly url: string;
  readonly redirected: boolean;
  readonly type: ResponseType;
}

function withFacts(response: Response, facts: Facts): Response {
  const { url, redirected, type } = facts;
  return Object.defineProperties(response, {
    url: { value: url, configurable: true },
    redirected: { value: redirected, configurable: true },
    type: { value: type, configurable: true },
    clone: {
      value: () => withFacts(Response.prototype.clone.call(response), facts),
      configurable: true,
      writable: true,
    },
  });
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
 * - `url`, `redirected` and `type` are as `fetch` sets them, also on clones.
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
    const body = live.body && signal ? cutBy(live.body, signal) : live.body;
    return withFacts(new Response(body, { status, statusText, headers }), {
      url,
      redirected,
      type,
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
    { url, redirected, type },
  );
}
