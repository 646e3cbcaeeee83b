import { createRoute, z } from '@hono/zod-openapi';
import { adminsOnly } from '../auth/guard.ts';
import { refuse } from '../http/problem.ts';
import { createRouter, json, problems, type Router } from '../http/router.ts';
import { kindNames, patternsOf, patternSyntax, type Kind } from '../platform/cache/kinds.ts';
import { hitRateOf, sum, type Counts } from '../platform/cache/statistics.ts';
import type { Services } from '../services.ts';

const counts = z.object({
  hits: z.object({ memory: z.int(), redis: z.int(), sqlite: z.int() }),
  misses: z.int(),
  collapsed: z.int().openapi({ description: 'Waited for another’s loading of the same' }),
  stale: z.int(),
  failures: z.int(),
  writes: z.int(),
  hitRate: z.number().openapi({ description: '0 to 1' }),
});

const size = z.object({ entries: z.int(), bytes: z.int().nullable() });
const byKind = <Schema extends z.ZodType>(schema: Schema) =>
  z.object(Object.fromEntries(kindNames.map((kind) => [kind, schema])) as Record<Kind, Schema>);

const statistics = z
  .object({
    total: counts,
    kinds: byKind(counts),
    sizes: z.object({
      memory: byKind(size),
      redis: byKind(size)
        .nullable()
        .openapi({ description: 'Null without Redis, or while it is away' }),
      sqlite: byKind(size),
    }),
    upstream: z.object({ calls: z.int(), failures: z.int(), refused: z.int() }),
  })
  .openapi('CacheStatistics');

const read = createRoute({
  method: 'get',
  path: '/api/cache/stats',
  tags: ['operations'],
  summary: 'How the cache does, by level and by kind',
  description: 'Look-ups are counted by this process since its start; sizes are what there is now.',
  middleware: [adminsOnly] as const,
  responses: { 200: json(statistics, 'The statistics'), ...problems(401, 403) },
});

const invalidate = createRoute({
  method: 'delete',
  path: '/api/cache',
  tags: ['operations'],
  summary: 'Removes from the cache what has a tag, or what a pattern describes',
  description:
    'On all levels and in all processes. Give either `tags` or `pattern`; `pattern=*` removes everything.',
  middleware: [adminsOnly] as const,
  request: {
    query: z.object({
      tags: z
        .string()
        .max(2_000)
        .optional()
        .openapi({ description: 'With commas between', example: 'quote-AAPL,news' }),
      pattern: z
        .string()
        .regex(patternSyntax, 'may have letters, digits, _ . : - and the wildcards * and ?')
        .optional()
        .openapi({ description: 'Of keys, such as `quote:A*`; give no tags then' }),
    }),
  },
  responses: {
    200: json(z.object({ removed: z.int() }), 'How many entries were removed'),
    ...problems(400, 401, 403),
  },
});

const show = (counted: Counts) => ({ ...counted, hitRate: hitRateOf(counted) });

/** The cache's statistics, and its invalidation. */
export function createCacheRoutes({ cache, market }: Services): Router {
  const router = createRouter();

  router.openapi(read, async (c) => {
    const all = kindNames.map((kind) => [kind, cache.countsOf(kind)] as const);
    const shown = {
      total: show(sum(all.map(([, counted]) => counted))),
      kinds: Object.fromEntries(all.map(([kind, counted]) => [kind, show(counted)])) as Record<
        Kind,
        ReturnType<typeof show>
      >,
      sizes: await cache.measure(),
      upstream: market.upstreamCounts(),
    };
    return c.json(shown, 200, { 'cache-control': 'no-store' });
  });

  router.openapi(invalidate, async (c) => {
    const { tags: given, pattern } = c.req.valid('query');
    if ((given === undefined) === (pattern === undefined)) {
      return refuse(400, 'Bad query', 'Give either tags or pattern, such as ?tags=quote-AAPL.');
    }
    const tags = given?.split(',').map((tag) => tag.trim()) ?? [];
    const unknown = tags.find((tag) => patternsOf(tag).length === 0);
    if (unknown !== undefined) {
      const detail = `tags must be of what is cached, such as quotes or quote-AAPL, got '${unknown}'.`;
      return refuse(400, 'Bad query', detail);
    }
    const removed = await cache.invalidate({ tags, pattern });
    return c.json({ removed }, 200, { 'cache-control': 'no-store' });
  });

  return router;
}
