import { hash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './context.ts';

/** What a 304 has of the answer that it stands for (RFC 9110, 15.4.5), and by what it is taken back. */
const ofUnchanged: ReadonlySet<string> = new Set([
  'cache-control',
  'cache-status',
  'cache-tag',
  'content-location',
  'date',
  'etag',
  'expires',
  'vary',
]);

/** Whether a client has what `etag` names: the weak comparison (RFC 9110, 13.1.2). */
export function isMatch(ifNoneMatch: string | undefined, etag: string | null): boolean {
  if (ifNoneMatch === undefined || etag === null) return false;
  const opaque = etag.replace(/^W\//, '');
  return (
    ifNoneMatch.trim() === '*' ||
    ifNoneMatch.match(/"[^"]*"/g)?.some((tag) => tag === opaque) === true
  );
}

/** The 304 in place of an answer with these fields. */
export function toUnchanged(fields: Iterable<readonly [string, string]>): Response {
  const kept = [...fields].filter(([name]) => ofUnchanged.has(name)).map(([...field]) => field);
  return new Response(null, { status: 304, headers: kept });
}

const isJson = (type: string | null): boolean =>
  /^application\/(?:json|[^;]+\+json)\b/.test(type ?? '');

/**
 * Gives each JSON answer to a GET a validator, the digest of its bytes, and answers 304 to who has them.
 * Anything else may be a stream without an end, and goes by as it is.
 */
export function createEtag(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    const { res } = c;
    const { headers, status } = res;
    const isGet = c.req.method === 'GET' || c.req.method === 'HEAD';
    if (!isGet || status !== 200 || !isJson(headers.get('content-type'))) return;
    let body: ArrayBuffer | null = null;
    if (!headers.has('etag')) {
      body = await res.arrayBuffer();
      // At once: a body of this size is digested sooner than another thread is asked to.
      // Weak: the same answer may go out compressed or not, which a 304 can't tell apart.
      headers.set('etag', `W/"${hash('sha1', new Uint8Array(body), 'base64url')}"`);
    }
    const isUnchanged = isMatch(c.req.header('if-none-match'), headers.get('etag'));
    if (!isUnchanged && body === null) return;
    // Hono would merge what it has into what it gets, field by field.
    c.res = undefined;
    c.res = isUnchanged ? toUnchanged(headers) : new Response(body, { status, headers });
  };
}
