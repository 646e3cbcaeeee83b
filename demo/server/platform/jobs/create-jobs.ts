import { randomUUID } from 'node:crypto';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisLink } from '../redis.ts';
import { hasEnded, type Job, type JobHandler, type JobSettings } from './job.ts';
import { JobsAway, TooManyJobs, type Jobs } from './jobs.ts';
import { createMemoryDelivery, type Wait } from './memory-delivery.ts';
import { createMemoryRecords } from './records.ts';
import { createRedisEngine, type Engine } from './redis-engine.ts';
import { createRunner } from './runner.ts';

export interface JobsParts {
  readonly redis: RedisLink | null;
  readonly settings: JobSettings;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'jobs' | 'jobsWaiting'>;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** How the time between two attempts passes, in memory. @default a timer */
  readonly wait?: Wait;
}

/** Jobs in this process, or, where there is Redis and while it is up, in BullMQ. */
export function createJobs({
  redis,
  settings,
  log,
  metrics,
  now = Date.now,
  wait,
}: JobsParts): Jobs {
  const handlers = new Map<string, JobHandler>();
  const parts = { handlers, settings, now, log, metrics };
  const memoryRecords = createMemoryRecords(settings, now);
  const memory: Engine = {
    records: memoryRecords,
    delivery: createMemoryDelivery(
      createRunner({ ...parts, records: memoryRecords }),
      settings,
      wait,
    ),
  };
  const shared =
    redis && createRedisEngine(redis, parts, async (id) => (await memoryRecords.find(id)) !== null);

  /** From Redis; where that fails, `fallback`. */
  const fromShared = async <T>(
    ask: (engine: Engine) => Promise<T>,
    fallback: () => T,
  ): Promise<T> => {
    if (!shared || !redis.isUp()) return fallback();
    try {
      return await ask(shared);
    } catch (error) {
      redis.failed(error);
      // What Redis refuses is a fault; that it has just gone, the link to it tells.
      const isRefused = error instanceof Error && error.name === 'ReplyError';
      log[isRefused ? 'error' : 'debug']({ error }, 'Redis failed: going on without');
      return fallback();
    }
  };
  const away = (): never => {
    throw new JobsAway('The jobs in Redis can’t be looked up while it is away.');
  };

  const find: Jobs['find'] = async (id) => {
    const own = await memory.records.find(id);
    if (own || !shared) return own;
    return fromShared(({ records }) => records.find(id), away);
  };

  const listOf: Jobs['listOf'] = async (userId) => {
    const own = await memory.records.listOf(userId);
    if (!shared) return { jobs: own, isPartial: false };
    const others = await fromShared(
      ({ records }) => records.listOf(userId),
      () => null,
    );
    const ids = new Set(own.map(({ id }) => id));
    const jobs = [...own, ...(others ?? []).filter(({ id }) => !ids.has(id))];
    jobs.sort((a, b) => b.createdAt - a.createdAt);
    return { jobs, isPartial: others === null };
  };

  const checkRoom = async (userId: string): Promise<void> => {
    const counts = await Promise.all([
      memory.records.countOf(userId),
      fromShared(
        ({ records }) => records.countOf(userId),
        () => 0,
      ),
    ]);
    if (counts[0] + counts[1] < settings.maxPerUser) return;
    const { jobs } = await listOf(userId);
    if (jobs.length < settings.maxPerUser) return;
    const ends = jobs.flatMap(({ finishedAt }) => finishedAt ?? []);
    // None has ended: it takes at least until one does.
    const next = ends.length === 0 ? 1000 : Math.min(...ends) + settings.keptMs - now();
    throw new TooManyJobs(settings.maxPerUser, Math.max(1000, next));
  };

  const count = async (): Promise<number> =>
    (await memory.delivery.count()) +
    (await fromShared(
      ({ delivery }) => delivery.count(),
      () => 0,
    ));

  const update = async (): Promise<void> => {
    metrics.jobsWaiting.set(await count());
  };
  // As it is when the metrics are read: other processes work on the same queue.
  Object.assign(metrics.jobsWaiting, { collect: update });

  return {
    settings,
    handle: (name, handler) => {
      handlers.set(name, handler);
    },
    start: () => {
      shared?.start();
    },
    submit: async (name, input, user, total = 0) => {
      await checkRoom(user.id);
      const job: Job = {
        id: randomUUID(),
        name,
        user: { id: user.id, name: user.name, role: user.role },
        state: 'queued',
        done: 0,
        total,
        attempts: 0,
        createdAt: now(),
        startedAt: null,
        finishedAt: null,
        result: null,
        failure: null,
      };
      const put = async ({ records, delivery }: Engine): Promise<true> => {
        await records.add(job);
        await delivery.deliver(job.id, name, input);
        return true;
      };
      if (!(await fromShared(put, () => false))) await put(memory);
      return job;
    },
    find,
    listOf,
    cancel: async (id) => {
      const job = await find(id);
      if (!job || hasEnded(job)) return job;
      const change = { state: 'cancelled', finishedAt: now() } as const;
      const cancelled =
        (await memory.records.change(id, change)) ??
        (shared && (await fromShared(({ records }) => records.change(id, change), away)));
      if (!cancelled) return find(id);
      await memory.delivery.withdraw(id);
      await fromShared(
        ({ delivery }) => delivery.withdraw(id),
        () => {},
      );
      metrics.jobs.inc({ name: job.name, state: 'cancelled' });
      return cancelled;
    },
    listen: (listener) => {
      const stops = [memory, shared].flatMap((engine) => engine?.records.listen(listener) ?? []);
      return () => {
        for (const stop of stops) stop();
      };
    },
    count,
    close: async () => {
      await memory.delivery.close();
      await shared?.delivery.close();
    },
  };
}
