import type { User } from '../../http/context.ts';
import type { Job, JobHandler, JobSettings } from './job.ts';

/** The job may be in Redis, which is away. */
export class JobsAway extends Error {
  override readonly name = 'JobsAway';
}

/** A user has as many jobs as one may have; there is room again in `retryMs`, or sooner. */
export class TooManyJobs extends Error {
  override readonly name = 'TooManyJobs';
  readonly retryMs: number;
  constructor(max: number, retryMs: number) {
    super(`A user may have ${max} jobs at a time, with those that ended within the hour.`);
    this.retryMs = retryMs;
  }
}

/** Long work: submitted, run when its turn comes, looked up meanwhile and for a while afterwards. */
export interface Jobs {
  readonly settings: JobSettings;
  /** Names what does jobs of a name; before `start`. */
  readonly handle: (name: string, handler: JobHandler) => void;
  /** Lets jobs from Redis come: from here on all handlers must be there. */
  readonly start: () => void;
  /**
   * @param input whatever JSON can hold
   * @param total how much there is to do, if that is known
   * @throws TooManyJobs
   */
  readonly submit: (name: string, input: unknown, user: User, total?: number) => Promise<Job>;
  /** @throws JobsAway if it may be where it can't be looked up now */
  readonly find: (id: string) => Promise<Job | null>;
  /** A user's jobs, the latest first; `isPartial` while those in Redis are missing. */
  readonly listOf: (userId: string) => Promise<{ jobs: readonly Job[]; isPartial: boolean }>;
  /**
   * Cancels a job that hasn't ended; null if there is none.
   *
   * @throws JobsAway
   */
  readonly cancel: (id: string) => Promise<Job | null>;
  /** Hears of changes to any job, and of the return of Redis (id `*`), which may have kept some back. */
  readonly listen: (listener: (id: string) => void) => () => void;
  /** The jobs that wait or run. */
  readonly count: () => Promise<number>;
  readonly close: () => Promise<void>;
}
