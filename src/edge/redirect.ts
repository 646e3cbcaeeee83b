import { BatchError } from '../core/errors.ts';
import type { Call, Handler, HeaderList, Layer, Reply } from '../core/types.ts';
import { fieldOf } from '../http/fields.ts';
import { isSafe } from '../http/methods.ts';
import { isSuspect } from './route.ts';

const redirects: ReadonlySet<number> = /* @__PURE__ */ new Set([301, 302, 303, 307, 308]);
const maxRedirects = 20;
// The headers that describe a body go when it goes.
const aboutBody = /^content-(?:encoding|language|location|type|length)$/;

function broken(call: Call, what: string, cause?: unknown): BatchError {
  return new BatchError('protocol', `${call.method} ${call.url} was redirected ${what}`, { cause });
}

function targetOf(call: Call, reply: Reply): URL | null {
  const location = fieldOf(reply.headers, 'location');
  if (location === undefined) return null;
  let url: URL;
  try {
    url = new URL(location, call.url);
  } catch (cause) {
    throw broken(call, `to '${location}', which is not a URL`, cause);
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw broken(call, `to '${location}': only http and https can be followed`);
}

function nextCall(call: Call, status: number, url: string, isSameOrigin: boolean): Call {
  const { method } = call;
  const becomesGet =
    (status === 303 && !isSafe(method)) ||
    ((status === 301 || status === 302) && method === 'POST');
  let headers: HeaderList = call.headers;
  if (becomesGet) headers = headers.filter(([name]) => !aboutBody.test(name));
  // Whom the credentials were meant for, a new origin is not.
  if (!isSameOrigin) {
    headers = headers.filter(([name]) => name !== 'authorization');
  }
  return {
    ...call,
    url,
    headers,
    ...(becomesGet && { method: 'GET', body: null }),
  };
}

/**
 * Follows items that answer with a redirect, as `fetch` does: up to 20, POST becomes GET on 301 and
 * 302, everything but HEAD on 303. What stays on its origin rides again; another origin is for
 * `native`.
 *
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export const redirect =
  (native: Handler): Layer =>
  (next) =>
  async (first) => {
    let call = first;
    let reply = await next(call);
    for (let n = 0; redirects.has(reply.status); n++) {
      const url = targetOf(call, reply);
      if (!url) return reply;
      if (n === maxRedirects) throw broken(first, `more than ${String(maxRedirects)} times`);
      url.hash = '';
      const isSameOrigin = url.origin === new URL(call.url).origin;
      call = nextCall(call, reply.status, url.href, isSameOrigin);
      // As it must be with the mode that goes with it.
      if (!isSameOrigin && call.cache?.mode === 'only-if-cached') {
        throw broken(first, 'to another origin, where only-if-cached may not look');
      }
      if (!isSameOrigin || isSuspect(url)) {
        return { ...(await native(call)), redirected: true };
      }
      reply = { ...(await next(call)), redirected: true };
    }
    return reply;
  };
