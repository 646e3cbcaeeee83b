import { z } from '@hono/zod-openapi';
import { body, json, problems, type Router } from '../http/router.ts';
import { olderAnswer } from './older/answer.ts';
import { olderEnvelope } from './older/envelope.ts';

const fields = z.record(z.string(), z.string());
const value = z.unknown().optional();

const envelope = z
  .object({
    requests: z
      .array(
        z
          .object({
            id: z.string(),
            method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
            url: z.string().openapi({ description: 'An absolute path with its query' }),
            headers: fields.optional(),
            body: value,
            dependsOn: z.array(z.string()).optional(),
            atomicityGroup: z.string().optional(),
          })
          .openapi('BatchItem'),
      )
      .max(100),
  })
  .openapi('Batch', {
    example: {
      requests: [
        { id: '0', method: 'GET', url: '/api/widgets/1', headers: { priority: 'u=1' } },
        {
          id: '1',
          method: 'POST',
          url: '/api/notes',
          headers: { 'content-type': 'application/json' },
          body: { text: 'Milk' },
          dependsOn: ['0'],
        },
      ],
    },
  });

const part = z
  .object({ id: z.string(), status: z.int(), headers: fields.optional(), body: value })
  .openapi('BatchPart');

const answer = z
  .object({
    responses: z.array(part),
    stats: z
      .object({
        total: z.int(),
        succeeded: z.int(),
        failed: z.int(),
        deduplicated: z.int(),
        cacheHits: z.int(),
        durationMs: z.number(),
        averageMs: z.number(),
        processedAt: z.iso.datetime(),
      })
      .openapi('BatchStats'),
  })
  .openapi('BatchAnswer');

const lines = z.string().openapi({
  description: 'A BatchPart a line as each is ready, then {"stats":{…}}',
});

/** Describes what stands before the application and is no part of it. */
export function describeBatches({ openAPIRegistry }: Router): void {
  const whole = json(answer, 'However the items fared');
  openAPIRegistry.registerPath({
    method: 'post',
    path: '/batch',
    tags: ['batch'],
    summary: 'Many requests in one, answered as they are ready',
    description: 'NDJSON, where Accept names application/x-ndjson; otherwise one JSON object.',
    request: { body: body(envelope) },
    responses: {
      200: {
        ...whole,
        content: { ...whole.content, 'application/x-ndjson': { schema: lines } },
      },
      ...problems(400, 401, 403, 415),
    },
  });
  openAPIRegistry.registerPath({
    method: 'post',
    path: '/api/batch',
    tags: ['batch'],
    summary: 'The same in the shape that older front ends speak',
    request: { body: body(olderEnvelope) },
    responses: {
      200: json(olderAnswer, 'However the items fared'),
      ...problems(400, 401, 403, 415, 422),
    },
  });
}
