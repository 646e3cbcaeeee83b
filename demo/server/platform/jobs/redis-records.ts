import type { Redis } from 'ioredis';
import type { User } from '../../http/context.ts';
import type { Failure, Job, JobSettings, JobState } from './job.ts';
import type { JobRecords } from './records.ts';

/** Where changes are announced, as `id state`. */
export const jobChannel = 'carpool:jobs:changes';

/** A job that never ends is forgotten after a day without change. */
const longestMs = 24 * 3_600_000;

/** What lists show: all but the result, which may be large. */
const listed = [
  'id',
  'name',
  'user',
  'state',
  'done',
  'total',
  'attempts',
  'createdAt',
  'startedAt',
  'finishedAt',
  'failure',
] as const;

const recordKey = (id: string): string => `carpool:job:${id}`;
const listKey = (userId: string): string => `carpool:jobs:of:${userId}`;

/** Changes a record unless it is absent or has ended: what was cancelled can't succeed any more. */
const changeScript = `
  local state = redis.call('HGET', KEYS[1], 'state')
  if state ~= 'queued' and state ~= 'running' then return {} end
  redis.call('HSET', KEYS[1], unpack(ARGV, 2))
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  state = redis.call('HGET', KEYS[1], 'state')
  redis.call('PUBLISH', '${jobChannel}', redis.call('HGET', KEYS[1], 'id') .. ' ' .. state)
  return redis.call('HGETALL', KEYS[1])
`;

type Fields = Readonly<Record<string, string | null | undefined>>;

/** Values as JSON, but for the result, which is JSON already. */
const toFields = (job: Partial<Job>): string[] =>
  Object.entries(job).flatMap(([name, value]) => {
    const isText = typeof value === 'string';
    return value === undefined ? [] : [name, isText ? value : JSON.stringify(value)];
  });

const toTime = (text: string | null | undefined): number | null =>
  !text || text === 'null' ? null : Number(text);

function toJob(fields: Fields): Job | null {
  if (!fields['id'] || !fields['user']) return null;
  const { result } = fields;
  return {
    id: fields['id'],
    name: fields['name'] ?? '',
    user: JSON.parse(fields['user']) as User,
    state: fields['state'] as JobState,
    done: Number(fields['done']),
    total: Number(fields['total']),
    attempts: Number(fields['attempts']),
    createdAt: Number(fields['createdAt']),
    startedAt: toTime(fields['startedAt']),
    finishedAt: toTime(fields['finishedAt']),
    // A job that has no result yet has 'null' here, which as a result is written the same.
    result: fields['state'] === 'succeeded' ? (result ?? null) : null,
    failure: JSON.parse(fields['failure'] ?? 'null') as Failure | null,
  };
}

const pairs = (flat: readonly string[]): Fields =>
  Object.fromEntries(
    Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!]),
  );

/**
 * Records in Redis, which all processes share. Redis itself forgets an ended job after `keptMs`.
 *
 * @param connection decides what happens while Redis is away: the link's own fails at once.
 */
export function createRedisRecords(
  connection: Redis,
  { keptMs }: Pick<JobSettings, 'keptMs'>,
  listen: JobRecords['listen'],
): JobRecords {
  return {
    add: async (job) => {
      const key = recordKey(job.id);
      const list = listKey(job.user.id);
      await connection
        .multi()
        .hset(key, ...toFields(job))
        .pexpire(key, longestMs)
        .zadd(list, job.createdAt, job.id)
        .pexpire(list, longestMs)
        .exec();
    },
    find: async (id) => toJob(await connection.hgetall(recordKey(id))),
    listOf: async (userId) => {
      const ids = await connection.zrevrange(listKey(userId), 0, -1);
      if (ids.length === 0) return [];
      const pipeline = connection.pipeline();
      for (const id of ids) pipeline.hmget(recordKey(id), ...listed);
      const rows = (await pipeline.exec()) ?? [];
      const jobs = rows.map(([error, values]) => {
        if (error) throw error;
        return toJob(
          Object.fromEntries(listed.map((name, i) => [name, (values as (string | null)[])[i]])),
        );
      });
      const gone = ids.filter((_, i) => jobs[i] === null);
      if (gone.length > 0) await connection.zrem(listKey(userId), ...gone);
      return jobs.flatMap((job) => (job ? [{ ...job, result: null }] : []));
    },
    countOf: (userId) => connection.zcard(listKey(userId)),
    change: async (id, change) => {
      const isEnd = typeof change.finishedAt === 'number';
      const fields = toFields(change);
      const ttl = isEnd ? keptMs : longestMs;
      const flat = await connection.eval(changeScript, 1, recordKey(id), ttl, ...fields);
      return toJob(pairs(flat as string[]));
    },
    listen,
  };
}
