import { HTTPException } from 'hono/http-exception';
import type { User } from '../http/context.ts';
import { problem, refuse } from '../http/problem.ts';
import type { Job } from '../platform/jobs/job.ts';
import { JobsAway, TooManyJobs, type Jobs } from '../platform/jobs/jobs.ts';

function later(status: 429 | 503, title: string, detail: string, seconds: number): never {
  const res = problem(status, title, detail);
  res.headers.set('retry-after', String(seconds));
  throw new HTTPException(status, { res });
}

/**
 * Asks the queue, and turns what it can't do now into a problem.
 *
 * @throws HTTPException 429 for too many jobs, 503 while Redis is away
 */
export async function asking<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof JobsAway) {
      later(503, 'Not now', `${error.message} Try again in 2 s.`, 2);
    }
    if (error instanceof TooManyJobs) {
      const seconds = Math.ceil(error.retryMs / 1000);
      later(429, 'Too many jobs', `${error.message} Try again in ${seconds} s.`, seconds);
    }
    throw error;
  }
}

const mayUse = (user: User, job: Job): boolean => user.role === 'admin' || job.user.id === user.id;

/**
 * A user's own job, or for an administrator anybody's.
 *
 * @param name only jobs of this name
 * @throws HTTPException 403 for another's, 404 for none
 */
export async function jobOf(jobs: Jobs, id: string, user: User, name?: string): Promise<Job> {
  const job = await asking(jobs.find(id));
  if (!job || (name !== undefined && job.name !== name)) {
    const kept = `Jobs can be looked up for ${jobs.settings.keptMs / 1000} s after they have ended`;
    return refuse(404, 'No such job', `There is no job '${id}'. ${kept}; GET /api/jobs has yours.`);
  }
  if (mayUse(user, job)) return job;
  return refuse(403, 'Not yours', `The job '${id}' is another user's.`);
}

/**
 * Cancels a job; one that is cancelled already stays so.
 *
 * @throws HTTPException 403, 404; 409 if it ended otherwise
 */
export async function cancelJob(jobs: Jobs, id: string, user: User, name?: string): Promise<Job> {
  await jobOf(jobs, id, user, name);
  const job = await asking(jobs.cancel(id));
  if (job?.state === 'cancelled') return job;
  const state = job?.state ?? 'been forgotten';
  return refuse(409, 'It has ended', `The job '${id}' can't be cancelled: it has ${state}.`);
}
