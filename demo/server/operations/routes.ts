import { createRoute, z } from '@hono/zod-openapi';
import { adminsOnly } from '../auth/guard.ts';
import { createRouter, json, problems, type Router } from '../http/router.ts';
import type { Services } from '../services.ts';

const health = z
  .object({ status: z.literal('ok') })
  .openapi('Health', { example: { status: 'ok' } });

const readiness = z
  .object({
    status: z.enum(['ready', 'leaving']),
    database: z.enum(['up', 'down']),
    redis: z.enum(['up', 'down', 'not used']),
  })
  .openapi('Readiness', { example: { status: 'ready', database: 'up', redis: 'not used' } });

const write = z
  .object({
    at: z.iso.datetime(),
    user: z.string(),
    method: z.string(),
    path: z.string(),
    status: z.int(),
    requestId: z.string(),
    correlationId: z.string(),
  })
  .openapi('Write');

const healthRoute = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['operations'],
  security: [],
  summary: 'Whether the process lives',
  responses: { 200: json(health, 'It does') },
});

const readyRoute = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['operations'],
  security: [],
  summary: 'Whether it should get requests',
  description: 'Redis being away makes no difference: everything goes on without it.',
  responses: { 200: json(readiness, 'It should'), 503: json(readiness, 'It should not') },
});

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  tags: ['operations'],
  security: [],
  summary: 'Prometheus metrics',
  responses: {
    200: { description: 'The metrics', content: { 'text/plain': { schema: z.string() } } },
  },
});

const auditRoute = createRoute({
  method: 'get',
  path: '/api/audit',
  tags: ['operations'],
  summary: 'Who has written what, the latest first',
  middleware: [adminsOnly] as const,
  request: {
    query: z.object({
      user: z.string().min(1).max(100).optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
  },
  responses: {
    200: json(z.object({ writes: z.array(write) }), 'The writes'),
    ...problems(400, 401, 403),
  },
});

/** Health, readiness, metrics and the audit trail. */
export function createOperationsRoutes({ database, redis, metrics, leaving }: Services): Router {
  const router = createRouter();
  const isDatabaseUp = (): boolean => {
    try {
      return database.prepare('SELECT 1').get() !== undefined;
    } catch {
      return false;
    }
  };

  router.openapi(healthRoute, (c) => c.json({ status: 'ok' as const }, 200));

  router.openapi(readyRoute, (c) => {
    const isUp = isDatabaseUp();
    const answer = {
      status: leaving.aborted ? ('leaving' as const) : ('ready' as const),
      database: isUp ? ('up' as const) : ('down' as const),
      redis: redis ? (redis.isUp() ? ('up' as const) : ('down' as const)) : ('not used' as const),
    };
    return c.json(answer, isUp && !leaving.aborted ? 200 : 503);
  });

  router.openapi(metricsRoute, async (c) =>
    c.text(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
  );

  router.openapi(auditRoute, (c) => {
    const { user, limit } = c.req.valid('query');
    const rows = database
      .prepare(
        `SELECT at, user, method, path, status, request_id AS requestId, correlation_id AS correlationId
         FROM audit WHERE user = coalesce(?, user) ORDER BY rowid DESC LIMIT ?`,
      )
      .all(user ?? null, limit) as unknown as z.infer<typeof write>[];
    return c.json({ writes: rows }, 200, { 'cache-control': 'no-store' });
  });

  return router;
}
