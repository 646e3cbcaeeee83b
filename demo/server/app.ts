import { createBatchHandler } from 'carpool/server';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { createApi } from './api.ts';
import { createAssets } from './assets.ts';
import { problem } from './problem.ts';
import { createSecurity } from './security.ts';
import { createStats } from './stats.ts';
import { createWireCounter } from './wire-counter.ts';
import type { WireCounter } from './wire-counter.ts';

/** The whole demo as one web-standard handler: `app.fetch(request)` needs no port. */
export function createApp(counter: WireCounter = createWireCounter()): Hono {
  const app = new Hono();
  const api = createApi();

  // The widgets wait more than they compute, so a whole batch may wait at once.
  const batch = createBatchHandler({ dispatch: (request) => api.fetch(request), concurrency: 100 });

  app.use(createSecurity());
  app.post('/batch', (c) => batch(c.req.raw));

  // Plain answers are compressed too: a comparison of bytes should be between equals.
  app.use(compress());
  app.route('/', createStats(counter));
  app.route('/', api);
  app.route('/', createAssets());

  app.notFound((c) => problem(404, 'Not found', `Nothing is served at ${c.req.path}.`));
  return app;
}
