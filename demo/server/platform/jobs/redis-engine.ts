import type { RedisLink } from '../redis.ts';
import { createBullDelivery } from './bull-delivery.ts';
import type { JobState } from './job.ts';
import type { Delivery } from './memory-delivery.ts';
import { createJobEvents, type JobRecords } from './records.ts';
import { createRedisRecords, jobChannel } from './redis-records.ts';
import { createRunner, type RunnerParts } from './runner.ts';

/** One way to keep and run jobs. */
export interface Engine {
  readonly records: JobRecords;
  readonly delivery: Delivery;
}

/**
 * Keeps and runs jobs in Redis, together with all other processes on it. Who asks hears at once that
 * Redis is away; who works waits until it is back.
 *
 * @param isTaken tells the jobs that this process runs without Redis
 */
export function createRedisEngine(
  link: RedisLink,
  parts: Omit<RunnerParts, 'records'>,
  isTaken: (id: string) => Promise<boolean>,
): Engine & { readonly start: () => void } {
  const { settings } = parts;
  const { emit, listen } = createJobEvents();
  const subscriber = link.connect({ maxRetriesPerRequest: null });
  subscriber.subscribe(jobChannel).catch(() => {});
  subscriber.on('message', (_, text) => {
    const [id, state] = text.split(' ');
    emit(id!, state as JobState);
  });
  // What was said meanwhile is lost: those who listen look again.
  subscriber.on('ready', () => {
    emit('*', 'running');
  });

  const patient = link.connect({ maxRetriesPerRequest: null });
  const runner = createRunner({ ...parts, records: createRedisRecords(patient, settings, listen) });
  const delivery = createBullDelivery({ hasty: link.client, patient, runner, settings, isTaken });
  return {
    records: createRedisRecords(link.client, settings, listen),
    delivery,
    start: delivery.start,
  };
}
