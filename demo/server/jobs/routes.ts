import { createRoute, z } from '@hono/zod-openapi';
import { problem } from '../http/problem.ts';
import { createRouter, json, problems, type Router } from '../http/router.ts';
import { isItem } from '../http/tracing.ts';
import type { Services } from '../services.ts';
import { asking, cancelJob, jobOf } from './access.ts';
import { eventsResponse, lastEventId, streamJob } from './events.ts';
import { jobFields, jobView, states, toView } from './view.ts';

const params = z.object({
  id: z.string().openapi({ example: '5e0f63c1-7d5c-4c55-9f1c-0c1f4c1a7a10' }),
});

const jobHeaders = z.object({
  'retry-after': z.string().optional().openapi({ description: 'Seconds, while it hasn’t ended' }),
});

const list = createRoute({
  method: 'get',
  path: '/api/jobs',
  tags: ['jobs'],
  summary: 'Your jobs, the latest first',
  description: 'Without their results; those that ended are listed for an hour.',
  request: {
    query: z.object({
      state: z.enum(states).optional().openapi({ example: 'succeeded' }),
      name: z.string().min(1).max(100).optional().openapi({ example: 'analysis' }),
      limit: z.coerce.number().int().min(1).max(1000).default(100).openapi({ example: 20 }),
    }),
  },
  responses: {
    200: json(
      z.object({
        jobs: z.array(jobView),
        isPartial: z.boolean().openapi({ description: 'Those in Redis are missing: it is away' }),
      }),
      'The jobs',
    ),
    ...problems(400, 401),
  },
});

const read = createRoute({
  method: 'get',
  path: '/api/jobs/{id}',
  tags: ['jobs'],
  summary: 'How a job gets on, and what it gave',
  request: { params },
  responses: {
    200: { ...json(jobView, 'The job'), headers: jobHeaders },
    ...problems(401, 403, 404, 503),
  },
});

const events = createRoute({
  method: 'get',
  path: '/api/jobs/{id}/events',
  tags: ['jobs'],
  summary: 'How a job gets on, as server-sent events',
  description:
    'Events `progress` with the job, then one named for the state it ended in, with the result. It can’t be an item of a batch.',
  request: { params },
  responses: {
    200: { description: 'The events', content: { 'text/event-stream': { schema: z.string() } } },
    204: { description: 'You have heard all: Last-Event-ID is the last one' },
    ...problems(400, 401, 403, 404, 503),
  },
});

const cancel = createRoute({
  method: 'delete',
  path: '/api/jobs/{id}',
  tags: ['jobs'],
  summary: 'Cancels a job',
  request: { params },
  responses: { 200: json(jobView, 'It is cancelled'), ...problems(401, 403, 404, 409, 503) },
});

/** Looking after long work. */
export function createJobRoutes({ jobs, leaving }: Pick<Services, 'jobs' | 'leaving'>): Router {
  const router = createRouter();
  const { settings } = jobs;

  router.openapi(list, async (c) => {
    const { state, name, limit } = c.req.valid('query');
    const { jobs: all, isPartial } = await asking(jobs.listOf(c.get('user').id));
    const wanted = all.filter(
      (job) => (state ?? job.state) === job.state && (name ?? job.name) === job.name,
    );
    const views = wanted.slice(0, limit).map((job) => toView(job, settings));
    return c.json({ jobs: views, isPartial }, 200, { 'cache-control': 'no-store' });
  });

  router.openapi(read, async (c) => {
    const job = await jobOf(jobs, c.req.valid('param').id, c.get('user'));
    return c.json(toView(job, settings), 200, jobFields(job));
  });

  router.openapi(events, async (c) => {
    if (isItem(c)) {
      const detail =
        'A stream of events can’t be an item of a batch: ask for it by itself, or poll GET /api/jobs/{id}.';
      return problem(400, 'Not in a batch', detail);
    }
    const { id } = c.req.valid('param');
    await jobOf(jobs, id, c.get('user'));
    if (c.req.header('last-event-id') === lastEventId) return c.body(null, 204);
    const toData = (job: Parameters<typeof toView>[0]) => JSON.stringify(toView(job, settings));
    const signal = AbortSignal.any([c.req.raw.signal, leaving]);
    return eventsResponse(streamJob(jobs, id, toData, signal));
  });

  router.openapi(cancel, async (c) => {
    const job = await cancelJob(jobs, c.req.valid('param').id, c.get('user'));
    return c.json(toView(job, settings), 200, jobFields(job));
  });

  return router;
}
