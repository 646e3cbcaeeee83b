import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { etag, RETAINED_304_HEADERS } from 'hono/etag';
import { createIdempotency } from './idempotency/middleware.ts';
import { createNoteRoutes } from './notes/routes.ts';
import { problem } from './problem.ts';
import { createWidgetRoutes } from './widgets/routes.ts';

/** Ample for a note of 500 characters, however it is escaped. */
const maxBodyBytes = 16_384;

/**
 * The application's own endpoints, which know nothing of batches: an item of a batch passes through
 * the same middleware as a request of its own.
 */
export function createApi(): Hono {
  const api = new Hono();

  api.use(
    '/api/*',
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () =>
        problem(413, 'Too large', `A body has at most ${maxBodyBytes} bytes on this server.`),
    }),
    createIdempotency(),
    etag({ retainedHeaders: [...RETAINED_304_HEADERS, 'cache-tag'] }),
  );
  api.route('/', createWidgetRoutes());
  api.route('/', createNoteRoutes());

  api.notFound((c) => problem(404, 'Not found', `Nothing is served at ${c.req.path}.`));
  api.onError((error) => {
    console.error(error);
    return problem(500, 'Something went wrong', 'The server failed; its log has the reason.');
  });

  return api;
}
