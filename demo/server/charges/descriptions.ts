import { createRoute, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../http/context.ts';
import { fieldQuery } from '../http/fields.ts';
import { body, json, problems } from '../http/router.ts';
import { acceptedJob } from '../jobs/submit.ts';
import { chargeSchema } from './charge.ts';
import { processedSchema, processSchema } from './process-schema.ts';
import { chargeQuery } from './query.ts';

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

export const list = createRoute({
  method: 'get',
  path: '/api/charges',
  tags: ['charges'],
  summary: 'Production lots, the latest first',
  description: 'Those that you answer for; all of them for administrators.',
  request: { query: chargeQuery },
  responses: {
    200: json(
      z.object({
        charges: z.array(chargeSchema.partial()),
        total: z.int().openapi({ description: 'On all pages' }),
        nextCursor: z.string().nullable(),
      }),
      'A page of them',
    ),
    ...problems(400, 401, 403),
  },
});

export const read = createRoute({
  method: 'get',
  path: '/api/charges/{id}',
  tags: ['charges'],
  summary: 'One lot, and what was measured of it',
  request: { params, query: z.object({ fields: fieldQuery(detail) }) },
  responses: { 200: json(detail.partial(), 'The lot'), ...problems(400, 401, 403, 404) },
});

export const batch = createRoute({
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

export const analysis = createRoute({
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
  responses: { 202: acceptedJob, ...problems(400, 401, 403, 404, 415, 422) },
});
