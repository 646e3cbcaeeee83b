import type { User } from '../../http/context.ts';

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** Why a job failed, as the members of problem details (RFC 9457). */
export interface Failure {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

/** A piece of long work, as it stands. Times are milliseconds since the epoch. */
export interface Job {
  readonly id: string;
  /** Which handler it is for, such as `analysis`. */
  readonly name: string;
  /** Who submitted it, and in whose name it runs. */
  readonly user: User;
  readonly state: JobState;
  /** How much is done, of `total`; both 0 until the handler has told. */
  readonly done: number;
  readonly total: number;
  /** How often it was begun. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** JSON text, as the handler wrote it; null until it succeeded, and in lists. */
  readonly result: string | null;
  readonly failure: Failure | null;
}

/** What may change about a job. */
export type Change = Partial<Omit<Job, 'id' | 'name' | 'user' | 'createdAt'>>;

/** What a handler gets: `input` is what was submitted, after JSON. */
export interface Work {
  readonly id: string;
  readonly user: User;
  readonly input: unknown;
  /** How much there is to do, if that was known. */
  readonly total: number;
  /** How often it was begun, with this time: more than once after a failure, a restart or a crash. */
  readonly attempt: number;
  /** Aborts when the job is cancelled, or the server leaves. */
  readonly signal: AbortSignal;
  /** Tells how much is done. */
  readonly report: (done: number, total: number) => void;
}

/**
 * Does the work, and gives the result as JSON text. It may run more than once: after a failure, and after
 * the process that ran it was killed.
 *
 * @throws JobError where trying again won't help; anything else is tried again
 */
export type JobHandler = (work: Work) => Promise<string>;

/** A failure that would be the same the next time. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.detail, options);
    this.failure = failure;
  }
}

/** Whether it has ended, and nothing about it changes any more. */
export const hasEnded = ({ state }: Pick<Job, 'state'>): boolean =>
  state !== 'queued' && state !== 'running';

/** How the queue behaves. */
export interface JobSettings {
  /** How often a failed job is tried again. */
  readonly retries: number;
  /** Before the first retry; twice that before the second, and so on. */
  readonly backoffMs: number;
  /** How long an ended job can be looked up. */
  readonly keptMs: number;
  /** How many run at once in this process. */
  readonly concurrency: number;
  /** Those that can be looked up, ended or not. */
  readonly maxPerUser: number;
  /** After this long without a sign of life, another process takes over a running job. */
  readonly lockMs: number;
}

/** How long to wait after an attempt that failed; `attempt` is 1 for the first. */
export const backoffAfter = ({ backoffMs }: JobSettings, attempt: number): number =>
  backoffMs * 2 ** (attempt - 1);
