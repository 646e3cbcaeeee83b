import type { MiddlewareHandler } from 'hono';

/** Ends the body of an answer to HEAD, which nobody reads: a stream without an end would wait for ever. */
export const endBodyOfHead: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.req.method === 'HEAD') await c.res.body?.cancel();
};
