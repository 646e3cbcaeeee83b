import type { MiddlewareHandler } from 'hono';
import { etag, RETAINED_304_HEADERS } from 'hono/etag';
import type { AppEnv } from './context.ts';

/**
 * Gives answers a strong validator, and 304 to who has them. Streams of events have none: to work one
 * out, the whole answer would have to be there.
 */
export function createValidators(): MiddlewareHandler<AppEnv> {
  const validate = etag({
    retainedHeaders: [...RETAINED_304_HEADERS, 'cache-tag', 'cache-status'],
  });
  return async (c, next) => {
    await next();
    if (c.res.headers.get('content-type')?.startsWith('text/event-stream')) return undefined;
    // It does all of its work on an answer that is there.
    return validate(c, async () => {});
  };
}
