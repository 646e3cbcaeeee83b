import { createAdaptorServer } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { createBatchHandler } from 'carpool/server';
import { Hono } from 'hono';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface Outcome {
  check: string;
  error?: string;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The page, a few endpoints, their batch endpoint, and a memory of what came over the wire. */
export async function serve(): Promise<{
  url: string;
  report: Promise<Outcome[]>;
  close: () => void;
}> {
  const report = Promise.withResolvers<Outcome[]>();
  let wire: string[] = [];

  const api = new Hono()
    .basePath('/api')
    .get('/echo/:word', (c) => c.json({ word: c.req.param('word') }))
    .post('/echo', async (c) => c.text(await c.req.text()))
    .get('/slow/:ms', async (c) => {
      const ms = Number(c.req.param('ms'));
      // An abort ends the wait; nobody reads the answer then.
      await sleep(ms, undefined, { signal: c.req.raw.signal }).catch(() => undefined);
      return c.json({ ms });
    });
  const batch = createBatchHandler({ dispatch: (request) => api.fetch(request) });

  const app = new Hono()
    .get('/', serveStatic({ path: path('page/index.html') }))
    .get('/checks.js', serveStatic({ path: path('page/checks.js') }))
    .get('/carpool.min.js', serveStatic({ path: path('../../dist/carpool.min.js') }))
    .post('/report', async (c) => {
      report.resolve(await c.req.json<Outcome[]>());
      return c.body(null, 204);
    })
    // What has come since the last time it was asked for.
    .get('/wire', (c) => {
      const seen = wire;
      wire = [];
      return c.json(seen);
    })
    .use(async (c, next) => {
      wire.push(`${c.req.method} ${c.req.path}`);
      await next();
    })
    .post('/batch', (c) => batch(c.req.raw))
    .route('/', api);

  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    report: report.promise,
    close() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    },
  };
}
