import { createLog } from '../../demo/server/platform/log.ts';
import { createMetrics, type Metrics } from '../../demo/server/platform/metrics.ts';
import { createRedisLink, type RedisLink } from '../../demo/server/platform/redis.ts';
import { createJobs, type JobsParts } from '../../demo/server/platform/jobs/create-jobs.ts';
import type { Job, JobSettings, JobState } from '../../demo/server/platform/jobs/job.ts';
import type { Jobs } from '../../demo/server/platform/jobs/jobs.ts';

export const ann = { id: 'ann', name: 'Ann', role: 'user' } as const;
export const bob = { id: 'bob', name: 'Bob', role: 'user' } as const;

/** For what comes sooner or later: a slow machine is no reason to fail. */
export const patiently = { timeout: 30_000 } as const;

export interface SomeJobs {
  readonly jobs: Jobs;
  readonly metrics: Metrics;
  readonly redis: RedisLink | null;
  /** What was logged, a line each. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly close: () => Promise<void>;
}

/** A queue of its own; with `url`, on that Redis, which it is connected to when this resolves. */
export async function someJobs({
  url,
  settings = {},
  ...parts
}: {
  readonly url?: string;
  readonly settings?: Partial<JobSettings>;
  readonly now?: () => number;
  readonly wait?: JobsParts['wait'] & {};
} = {}): Promise<SomeJobs> {
  const lines: Record<string, unknown>[] = [];
  const log = createLog('info', {
    write: (line) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  });
  const redis = url === undefined ? null : createRedisLink(url, log);
  const metrics = createMetrics();
  const jobs = createJobs({
    redis,
    log,
    metrics,
    settings: {
      retries: 3,
      backoffMs: 1,
      keptMs: 3_600_000,
      concurrency: 4,
      maxPerUser: 1000,
      lockMs: 30_000,
      ...settings,
    },
    ...parts,
  });
  if (redis && !redis.isUp()) {
    await new Promise<void>((resolve) => redis.client.once('ready', () => resolve()));
  }
  return {
    jobs,
    metrics,
    redis,
    lines,
    close: async () => {
      await jobs.close();
      await redis?.close();
    },
  };
}

/** Resolves with the job once it is in one of these states. */
export function reaches(jobs: Jobs, id: string, ...states: readonly JobState[]): Promise<Job> {
  return new Promise((resolve, reject) => {
    const look = async (): Promise<void> => {
      const job = await jobs.find(id);
      if (!job || !states.includes(job.state)) return;
      stop();
      resolve(job);
    };
    const stop = jobs.listen((changed) => {
      if (changed === id || changed === '*') look().catch(reject);
    });
    look().catch(reject);
  });
}
