import { z } from '@hono/zod-openapi';
import { hasEnded, type Job, type JobSettings } from '../platform/jobs/job.ts';

export const states = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

const time = z.iso.datetime().nullable();

/** A job as its user sees it. */
export const jobView = z
  .object({
    id: z.uuid(),
    name: z.string().openapi({ description: 'What kind of work it is' }),
    state: z.enum(states),
    progress: z.int().min(0).max(100).openapi({ description: 'In percent' }),
    done: z.int().openapi({ description: 'How much is done, of `total`' }),
    total: z.int().openapi({ description: '0 until that is known' }),
    attempts: z.int().openapi({ description: 'How often it was begun' }),
    createdAt: z.iso.datetime(),
    startedAt: time,
    finishedAt: time,
    expiresAt: time.openapi({ description: 'When it is forgotten' }),
    result: z.unknown().optional().openapi({ description: 'Once it has succeeded' }),
    problem: z
      .object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() })
      .optional()
      .openapi({ description: 'Once it has failed: problem details (RFC 9457)' }),
  })
  .openapi('Job', {
    example: {
      id: '5e0f63c1-7d5c-4c55-9f1c-0c1f4c1a7a10',
      name: 'analysis',
      state: 'running',
      progress: 42,
      done: 6,
      total: 14,
      attempts: 1,
      createdAt: '2026-11-26T08:00:00.000Z',
      startedAt: '2026-11-26T08:00:00.100Z',
      finishedAt: null,
      expiresAt: null,
    },
  });

export type JobView = z.infer<typeof jobView>;

const toTime = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString();

/** 0 to 100; 100 only for what has succeeded. */
export function progressOf({ state, done, total }: Job): number {
  if (state === 'succeeded') return 100;
  return total === 0 ? 0 : Math.min(99, Math.floor((100 * done) / total));
}

/** Shows a job, with its result if it was read along. */
export function toView(job: Job, { keptMs }: Pick<JobSettings, 'keptMs'>): JobView {
  const { id, name, state, done, total, attempts, finishedAt, result, failure } = job;
  return {
    id,
    name,
    state,
    progress: progressOf(job),
    done,
    total,
    attempts,
    createdAt: new Date(job.createdAt).toISOString(),
    startedAt: toTime(job.startedAt),
    finishedAt: toTime(finishedAt),
    expiresAt: toTime(finishedAt === null ? null : finishedAt + keptMs),
    ...(result === null ? {} : { result: JSON.parse(result) as unknown }),
    ...(failure ? { problem: { type: 'about:blank', ...failure } } : {}),
  };
}

/** The fields that go with a job's answer: when to ask again, while it hasn't ended. */
export const jobFields = (job: Job): Record<string, string> => ({
  'cache-control': 'no-store',
  ...(hasEnded(job) ? {} : { 'retry-after': '1' }),
});
