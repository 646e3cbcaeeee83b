import { EventEmitter } from 'node:events';
import { hasEnded, type Change, type Job, type JobSettings, type JobState } from './job.ts';

/** Hears that a job has changed. */
export type JobListener = (id: string, state: JobState) => void;

/** Where jobs stand written down, whoever runs them. */
export interface JobRecords {
  readonly add: (job: Job) => Promise<void>;
  readonly find: (id: string) => Promise<Job | null>;
  /** A user's jobs, the latest first, without their results. */
  readonly listOf: (userId: string) => Promise<readonly Job[]>;
  /** How many that are, or a few more: some may be forgotten already. */
  readonly countOf: (userId: string) => Promise<number>;
  /** Changes a job that hasn't ended, and gives it as it stands then; null if there is none. */
  readonly change: (id: string, change: Change) => Promise<Job | null>;
  /** The result stops it. */
  readonly listen: (listener: JobListener) => () => void;
}

/** Listeners of one kind of records. */
export function createJobEvents(): {
  readonly emit: JobListener;
  readonly listen: JobRecords['listen'];
} {
  const emitter = new EventEmitter<{ change: [string, JobState] }>();
  // One for each open stream.
  emitter.setMaxListeners(0);
  return {
    emit: (id, state) => {
      emitter.emit('change', id, state);
    },
    listen: (listener) => {
      emitter.on('change', listener);
      return () => {
        emitter.off('change', listener);
      };
    },
  };
}

/** Records in this process: gone when it ends. Ended jobs are forgotten after `keptMs`. */
export function createMemoryRecords(
  { keptMs }: Pick<JobSettings, 'keptMs'>,
  now: () => number,
): JobRecords {
  const jobs = new Map<string, Job>();
  const idsOf = new Map<string, Set<string>>();
  const { emit, listen } = createJobEvents();

  const forget = ({ id, user }: Job): void => {
    jobs.delete(id);
    const ids = idsOf.get(user.id);
    ids?.delete(id);
    if (ids?.size === 0) idsOf.delete(user.id);
  };
  const find = (id: string): Job | null => {
    const job = jobs.get(id);
    if (!job) return null;
    if (job.finishedAt === null || now() < job.finishedAt + keptMs) return job;
    forget(job);
    return null;
  };

  return {
    add: async (job) => {
      // Those that nobody asks for again are forgotten when others come.
      for (const id of jobs.keys()) find(id);
      jobs.set(job.id, job);
      idsOf.set(job.user.id, (idsOf.get(job.user.id) ?? new Set()).add(job.id));
    },
    find: async (id) => find(id),
    listOf: async (userId) =>
      [...(idsOf.get(userId) ?? [])].reverse().flatMap((id) => {
        const job = find(id);
        return job ? [{ ...job, result: null }] : [];
      }),
    countOf: async (userId) => idsOf.get(userId)?.size ?? 0,
    change: async (id, change) => {
      const job = find(id);
      if (!job || hasEnded(job)) return null;
      const changed = { ...job, ...change };
      jobs.set(id, changed);
      emit(id, changed.state);
      return changed;
    },
    listen,
  };
}
