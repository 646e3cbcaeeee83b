import { Hono } from 'hono';
import { createGuard } from '../auth/guard.ts';
import type { AppEnv } from '../http/context.ts';
import { createLimit } from '../http/limits.ts';
import { problem } from '../http/problem.ts';
import { createTracing } from '../http/tracing.ts';
import { asking, cancelJob, jobOf } from '../jobs/access.ts';
import { eventsResponse, lastEventId, streamJob } from '../jobs/events.ts';
import { acceptedFields, prefersAsync } from '../jobs/submit.ts';
import { jobFields } from '../jobs/view.ts';
import { createAudit } from '../operations/audit.ts';
import type { Job } from '../platform/jobs/job.ts';
import type { Services } from '../services.ts';
import { createRehearsal, readAsyncBatch } from './async-input.ts';
import { batchName, createBatchJob } from './async-job.ts';

const locationOf = (id: string): string => `/batch/jobs/${id}`;

/** How far it is, as the protocol has it. */
const toState = ({ state, done, total }: Job) => ({ state, done, total });

const hears = (accept: string | undefined): boolean =>
  /(?:^|,)\s*text\/event-stream\s*(?:[,;]|$)/i.test(accept ?? '');

/** What a batch that has ended is answered with. */
function toAnswer(job: Job): Response {
  const { result, failure, id } = job;
  if (failure) return problem(failure.status, failure.title, failure.detail);
  if (result === null) return problem(410, 'Cancelled', `The batch '${id}' was cancelled.`);
  return new Response(result, {
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

/**
 * Batches that are answered later: `Prefer: respond-async` on `POST /batch` is 202 with the `Location` of a
 * job, whose result is the batch's buffered answer. Mount it before the route that answers at once.
 *
 * @param batch the endpoint's own handler
 * @see https://www.rfc-editor.org/rfc/rfc7240#section-4.1
 */
export function createAsyncBatches(
  { config, database, jobs, leaving, limiters, log, metrics, tokens }: Services,
  batch: (request: Request) => Promise<Response>,
): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const rehearse = createRehearsal(config.CORS_ORIGINS);
  jobs.handle(batchName, createBatchJob(tokens, batch));

  routes.use(
    '/batch/jobs/*',
    createTracing(log, metrics),
    createGuard(tokens),
    createLimit(limiters.items, metrics),
    createAudit(database),
  );

  routes.post('/batch', async (c, next) => {
    if (!prefersAsync(c.req.header('prefer'))) return next();
    const read = await readAsyncBatch(c, rehearse);
    if (read instanceof Response) return read;
    const job = await asking(jobs.submit(batchName, read.input, c.get('user'), read.total));
    return c.json({ id: job.id, ...toState(job) }, 202, acceptedFields(c, job, locationOf(job.id)));
  });

  routes.get('/batch/jobs/:id', async (c) => {
    const job = await jobOf(jobs, c.req.param('id'), c.get('user'), batchName);
    if (hears(c.req.header('accept'))) {
      if (c.req.header('last-event-id') === lastEventId) return c.body(null, 204);
      const toData = (each: Job) => each.result ?? JSON.stringify(toState(each));
      const signal = AbortSignal.any([c.req.raw.signal, leaving]);
      return eventsResponse(streamJob(jobs, job.id, toData, signal));
    }
    if (job.finishedAt !== null) return toAnswer(job);
    return c.json(toState(job), 202, jobFields(job));
  });

  routes.delete('/batch/jobs/:id', async (c) => {
    const job = await cancelJob(jobs, c.req.param('id'), c.get('user'), batchName);
    return c.json(toState(job), 200, jobFields(job));
  });

  return routes;
}
