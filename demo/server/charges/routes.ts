import { createRoute, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv, User } from '../http/context.ts';
import { refuse } from '../http/problem.ts';
import { body, createRouter, json, problems, type Router } from '../http/router.ts';
import { asking } from '../jobs/access.ts';
import { acceptedFields, acceptedJob } from '../jobs/submit.ts';
import { toView } from '../jobs/view.ts';
import type { Services } from '../services.ts';
import { analysisName, createAnalysis, stepCount } from './analysis.ts';
import { chargeSchema, chargeTags, type Charge } from './charge.ts';
import { processCharges, processedSchema, processSchema } from './process.ts';
import { chargeQuery, toCursor } from './query.ts';
import { createChargeStore } from './store.ts';

const params = z.object({ id: z.string().openapi({ example: 'C-101199' }) });

const detail = chargeSchema
  .extend({
    characteristics: z.array(
      z.object({
        name: z.string(),
        unit: z.string(),
        lower: z.number(),
        upper: z.number(),
        count: z.int(),
      }),
    ),
  })
  .openapi('ChargeDetail', { description: 'A production lot, with what was measured' });

const list = createRoute({
  method: 'get',
  path: '/api/charges',
  tags: ['charges'],
  summary: 'Production lots, the latest first',
  description: 'Those that you answer for; all of them for administrators.',
  request: { query: chargeQuery },
  responses: {
    200: json(
      z.object({
        charges: z.array(chargeSchema),
        total: z.int().openapi({ description: 'On all pages' }),
        nextCursor: z.string().nullable(),
      }),
      'A page of them',
    ),
    ...problems(400, 401, 403),
  },
});

const read = createRoute({
  method: 'get',
  path: '/api/charges/{id}',
  tags: ['charges'],
  summary: 'One lot, and what was measured of it',
  request: { params },
  responses: { 200: json(detail, 'The lot'), ...problems(401, 403, 404) },
});

const batch = createRoute({
  method: 'post',
  path: '/api/charges/batch',
  tags: ['charges'],
  summary: 'Releases, holds, rejects or reopens many lots',
  description:
    'Each item has a result of its own. Only who answers for a lot, and administrators, may process it; only administrators reopen one.',
  request: { body: body(processSchema) },
  responses: {
    200: json(processedSchema, 'What became of each'),
    ...problems(400, 401, 415, 422),
  },
});

/** Clients that always send a Content-Type send it without a body, too. */
const emptyIsObject: MiddlewareHandler<AppEnv> = async (c, next) => {
  const text = await c.req.text();
  // Hono reads JSON from the text that it has read before.
  if (text === '') Object.assign(c.req.bodyCache, { text: Promise.resolve('{}') });
  return next();
};

const analysis = createRoute({
  method: 'post',
  path: '/api/charges/{id}/analysis',
  tags: ['charges'],
  summary: 'Analyses what was measured of a lot',
  middleware: [emptyIsObject] as const,
  description:
    'Takes long: the answer is a job. Its result has capability, control charts and trends of each characteristic, and a recommendation.',
  request: {
    params,
    body: {
      required: false,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              characteristics: z
                .array(z.string())
                .min(1)
                .max(20)
                .optional()
                .openapi({ description: 'Only these; all without' }),
            })
            .openapi('Analysis', { example: {} }),
        },
      },
    },
  },
  responses: { 202: acceptedJob, ...problems(400, 401, 403, 404, 415, 422, 429) },
});

const noSuchCharacteristic = (name: string, index: number, names: readonly string[]): never =>
  refuse(422, 'No such characteristic', `'${name}' was not measured: ${names.join(', ')} were.`, [
    { pointer: `#/characteristics/${index}`, detail: 'was not measured' },
  ]);

/** Production lots: lists, decisions on many at once, and their analysis. */
export function createChargeRoutes({ database, jobs, bus, config }: Services): Router {
  const router = createRouter();
  const store = createChargeStore(database);
  jobs.handle(analysisName, createAnalysis(store, config.ANALYSIS_STEP_MS));

  const chargeOf = (id: string, user: User): Charge => {
    const charge = store.find(id);
    if (!charge) {
      return refuse(
        404,
        'No such charge',
        `There is no charge '${id}'. GET /api/charges has yours.`,
      );
    }
    if (charge.owner === user.id || user.role === 'admin') return charge;
    return refuse(403, 'Not yours', `Another user answers for the charge '${id}'.`);
  };
  const fields = (...ids: readonly string[]) => ({
    'cache-control': 'private, no-cache',
    'cache-tag': chargeTags(...ids).join(', '),
  });

  router.openapi(list, (c) => {
    const { limit, cursor, owner, ...filter } = c.req.valid('query');
    const user = c.get('user');
    const isAdmin = user.role === 'admin';
    if (!isAdmin && owner !== undefined && owner !== user.id) {
      const reason = `You see the charges of '${user.id}', not of '${owner}': leave owner out.`;
      return refuse(403, 'Not yours', reason);
    }
    const wanted = { ...filter, owner: isAdmin ? owner : user.id };
    const { charges, total, next } = store.page(wanted, limit, cursor ?? null);
    return c.json({ charges, total, nextCursor: next && toCursor(next) }, 200, fields());
  });

  router.openapi(read, (c) => {
    const { id } = c.req.valid('param');
    const charge = chargeOf(id, c.get('user'));
    const characteristics = store
      .seriesOf(id)
      .map(({ readings, ...series }) => ({ ...series, count: readings.length }));
    return c.json({ ...charge, characteristics }, 200, fields(id));
  });

  router.openapi(batch, (c) => {
    const { items, all_or_nothing: isAtomic } = c.req.valid('json');
    const now = new Date();
    const user = c.get('user');
    const { results, changed } = processCharges(store, items, { user, isAtomic, now });
    if (changed.length > 0) {
      bus.announce({ tags: chargeTags(...changed.map(({ id }) => id)) });
    }
    const succeeded = results.filter(({ status }) => status === 'success').length;
    const figures = {
      total_requested: items.length,
      total_succeeded: succeeded,
      total_failed: items.length - succeeded,
      processed_at: now.toISOString(),
    };
    return c.json({ results, ...figures }, 200, { 'cache-control': 'no-store' });
  });

  router.openapi(analysis, async (c) => {
    const { id } = c.req.valid('param');
    const { characteristics } = c.req.valid('json');
    const user = c.get('user');
    chargeOf(id, user);
    const names = store.seriesOf(id).map(({ name }) => name);
    for (const [index, name] of (characteristics ?? []).entries()) {
      if (!names.includes(name)) noSuchCharacteristic(name, index, names);
    }
    const input = { chargeId: id, characteristics };
    const total = stepCount(new Set(characteristics ?? names).size);
    const job = await asking(jobs.submit(analysisName, input, user, total));
    const view = toView(job, jobs.settings);
    return c.json(view, 202, acceptedFields(c, job, `/api/jobs/${job.id}`));
  });

  return router;
}
