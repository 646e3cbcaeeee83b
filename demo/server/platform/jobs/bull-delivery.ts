import { Queue, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { backoffAfter, type JobSettings } from './job.ts';
import type { Delivery } from './memory-delivery.ts';
import type { Runner } from './runner.ts';

/** BullMQ's key in Redis. */
const queueName = 'carpool-jobs';

interface BullParts {
  /** Fails at once while Redis is away: nobody who submits waits for it. */
  readonly hasty: Redis;
  /** Waits for as long as Redis is away: what runs goes on afterwards. */
  readonly patient: Redis;
  readonly runner: Runner;
  readonly settings: JobSettings;
  /** Jobs that this process runs otherwise, since Redis failed as they were handed over. */
  readonly isTaken: (id: string) => Promise<boolean>;
}

/** BullMQ hands a job out again once its worker has been silent for `lockMs`. */
const manyStalls = 3;

/**
 * Hands jobs to BullMQ: any process on the same Redis may run one, after a restart too. What becomes of a
 * job stands in our own records, so BullMQ keeps nothing of those that have ended.
 */
export function createBullDelivery({
  hasty,
  patient,
  runner,
  settings,
  isTaken,
}: BullParts): Delivery & { readonly start: () => void } {
  const queue = new Queue(queueName, {
    connection: hasty,
    // Asking for it would fail once if Redis went just then, and leave a queue that never works.
    skipVersionCheck: true,
    defaultJobOptions: {
      attempts: settings.retries + 1,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: true,
    },
  });
  const worker = new Worker<{ readonly input: unknown }>(
    queueName,
    async (job, token) => {
      const id = job.id!;
      if (await isTaken(id)) return;
      const outcome = await runner.attempt(id, job.data.input, job.attemptsMade);
      if (outcome === 'again') throw new Error('to be tried again');
      if (outcome === 'back') {
        await job.moveToWait(token);
        throw new WaitingError();
      }
    },
    {
      connection: patient,
      autorun: false,
      concurrency: settings.concurrency,
      lockDuration: settings.lockMs,
      stalledInterval: settings.lockMs,
      // What is taken over doesn't wake a worker that waits for new jobs.
      drainDelay: Math.min(5, Math.ceil(settings.lockMs / 1000)),
      maxStalledCount: manyStalls,
      settings: { backoffStrategy: (attempt) => backoffAfter(settings, attempt) },
    },
  );
  // The link to Redis tells once that it is away.
  queue.on('error', () => {});
  worker.on('error', () => {});
  // One that killed each process that ran it ends here, without having been to the runner.
  worker.on('failed', (job, error) => {
    if (job?.finishedOn !== undefined) runner.giveUp(job.id!, error);
  });
  let isStarted = false;

  return {
    start: () => {
      if (isStarted) return;
      isStarted = true;
      worker.run().catch(() => {});
    },
    deliver: async (id, name, input) => {
      await queue.add(name, { input }, { jobId: id });
    },
    withdraw: async (id) => {
      // Fails for one that runs. What is left here is dropped when its turn comes.
      await queue.remove(id).catch(() => {});
    },
    count: async () => {
      const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    close: async () => {
      const isUp = hasty.status === 'ready';
      // First: what runs is handed back, and nothing new is taken.
      const closed = worker.close(!isUp);
      runner.leave();
      await closed.catch(() => {});
      await queue.close().catch(() => {});
    },
  };
}
