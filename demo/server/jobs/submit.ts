import { z } from '@hono/zod-openapi';
import type { AppContext } from '../http/context.ts';
import { json } from '../http/router.ts';
import type { Job } from '../platform/jobs/job.ts';
import { jobFields, jobView } from './view.ts';

/** The answer of a route that submits a job, for its `responses`. */
export const acceptedJob = {
  ...json(jobView, 'The job, which goes on; its Location tells how'),
  headers: z.object({
    location: z.string(),
    'retry-after': z.string(),
    'preference-applied': z.string().optional(),
  }),
};

/**
 * Whether the client would rather wait elsewhere.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7240#section-4.1
 */
export const prefersAsync = (prefer: string | null | undefined): boolean =>
  /(?:^|,)\s*respond-async\s*(?:[,;]|$)/i.test(prefer ?? '');

/** The fields that go with a 202. */
export const acceptedFields = (
  c: Pick<AppContext, 'req'>,
  job: Job,
  location: string,
): Record<string, string> => ({
  ...jobFields(job),
  location,
  ...(prefersAsync(c.req.header('prefer')) ? { 'preference-applied': 'respond-async' } : {}),
});
