import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { JobError, type Change, type Failure, type JobHandler, type JobSettings } from './job.ts';
import type { JobRecords } from './records.ts';

/** What to do with a job after an attempt: nothing, the same again later, or hand it back. */
export type Outcome = 'over' | 'again' | 'back';

/** Runs jobs' handlers, one attempt at a time, and writes down what becomes of them. */
export interface Runner {
  /** @param failures how many attempts have failed before */
  readonly attempt: (id: string, input: unknown, failures: number) => Promise<Outcome>;
  /** Writes down that a job has failed without an attempt having told so. */
  readonly giveUp: (id: string, error: unknown) => void;
  /** Aborts what runs, for another process or another time. */
  readonly leave: () => void;
}

export interface RunnerParts {
  readonly records: JobRecords;
  readonly handlers: ReadonlyMap<string, JobHandler>;
  readonly settings: JobSettings;
  readonly now: () => number;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'jobs'>;
}

const unknownFailure = (id: string, attempts: number): Failure => ({
  status: 500,
  title: 'The job failed',
  detail: `It failed ${attempts} times; the server's log has the reasons, under ${id}.`,
});

export function createRunner({
  records,
  handlers,
  settings,
  now,
  log,
  metrics,
}: RunnerParts): Runner {
  const running = new Map<string, AbortController>();
  let isLeaving = false;

  records.listen((id, state) => {
    if (state === 'cancelled') {
      running.get(id)?.abort(new DOMException('The job was cancelled.', 'AbortError'));
    }
  });

  const end = async (id: string, name: string, change: Change): Promise<Outcome> => {
    const ended = await records.change(id, { ...change, finishedAt: now() });
    if (ended) metrics.jobs.inc({ name, state: ended.state });
    return 'over';
  };

  return {
    attempt: async (id, input, failures) => {
      // It came as the server was about to go.
      if (isLeaving) return 'back';
      const controller = new AbortController();
      const { signal } = controller;
      running.set(id, controller);
      try {
        const attempt = ((await records.find(id))?.attempts ?? 0) + 1;
        const job = await records.change(id, {
          state: 'running',
          attempts: attempt,
          startedAt: now(),
          done: 0,
        });
        // Cancelled while it waited, or by now forgotten.
        if (!job) return 'over';
        try {
          const handler = handlers.get(job.name);
          if (!handler) throw new Error(`there is no handler of jobs named '${job.name}'`);
          const report = (done: number, total: number): void => {
            // One that gets lost is made good by the next.
            records.change(id, { done, total }).catch(() => {});
          };
          const { user, total } = job;
          const result = await handler({ id, user, input, total, attempt, signal, report });
          return await end(id, job.name, { state: 'succeeded', result });
        } catch (error) {
          if (isLeaving) {
            await records.change(id, { state: 'queued', startedAt: null, done: 0 });
            return 'back';
          }
          if (signal.aborted) return 'over';
          const isLast = failures >= settings.retries;
          log.warn({ job: id, name: job.name, attempt, error }, 'an attempt at a job failed');
          if (error instanceof JobError || isLast) {
            const failure = error instanceof JobError ? error.failure : unknownFailure(id, attempt);
            return await end(id, job.name, { state: 'failed', failure });
          }
          return (await records.change(id, { state: 'queued' })) ? 'again' : 'over';
        }
      } finally {
        running.delete(id);
      }
    },
    giveUp: (id, error) => {
      log.error({ job: id, error }, 'a job was given up');
      const giveUp = async (): Promise<void> => {
        const job = await records.find(id);
        if (job) {
          await end(id, job.name, { state: 'failed', failure: unknownFailure(id, job.attempts) });
        }
      };
      giveUp().catch(() => {});
    },
    leave: () => {
      isLeaving = true;
      const reason = new DOMException('The server is leaving.', 'AbortError');
      for (const controller of running.values()) controller.abort(reason);
    },
  };
}
