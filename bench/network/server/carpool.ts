import { getRequestListener } from '@hono/node-server';
import { createBatchHandler } from 'carpool/server';
import { Hono } from 'hono';
import { findWidget } from './cost.ts';
import type { Route } from './route.ts';

const app = new Hono();
for (const path of ['/api/widgets/:id', '/app/widgets/:id'] as const) {
  app.get(path, async (c) => c.json(await findWidget(Number(c.req.param('id')))));
}

const batch = createBatchHandler({
  dispatch: (request) => app.fetch(request),
  // No peer's server limits how many of a batch run at once.
  concurrency: 100,
  // As docs/server.md recommends for an application on @hono/node-server that answers by itself.
  lightRequests: true,
});
app.post('/batch', (c) => batch(c.req.raw));

/** The same in one piece, as for a client behind a proxy that doesn't pass a stream on. */
app.post('/batch/buffered', (c) => {
  const request = new Request(c.req.raw);
  request.headers.set('accept', 'application/json');
  return batch(request);
});

/** A widget of its own is there under `/app`; elsewhere, the shortest way there is has taken it. */
export const carpoolRoute: Route = {
  takes: (path) => path.startsWith('/batch') || path.startsWith('/app/'),
  compressesItself: true,
  handle: getRequestListener((request) => app.fetch(request)),
};
