import { createRoute, z } from '@hono/zod-openapi';
import { createRouter, json, problems, type Router } from '../http/router.ts';
import type { WireCounter } from './wire-counter.ts';

const counts = z
  .object({
    since: z.iso.datetime(),
    requests: z.int(),
    batches: z.int(),
    open: z.int(),
    bytesUp: z.int(),
    bytesDown: z.int(),
  })
  .openapi('WireCounts');

const read = createRoute({
  method: 'get',
  path: '/api/stats',
  tags: ['operations'],
  summary: 'What has crossed the wire for widgets',
  responses: { 200: json(counts, 'The counts'), ...problems(401) },
});

const reset = createRoute({
  method: 'delete',
  path: '/api/stats',
  tags: ['operations'],
  summary: 'Starts again from zero',
  responses: { 204: { description: 'Done' }, ...problems(401) },
});

/** What has crossed the wire, for the page that compares. */
export function createWireStats(counter: WireCounter): Router {
  const router = createRouter();
  router.openapi(read, (c) => c.json(counter.read(), 200, { 'cache-control': 'no-store' }));
  router.openapi(reset, (c) => {
    counter.reset();
    return c.body(null, 204);
  });
  return router;
}
