import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../support/a-redis.ts';
import { ann, patiently, reaches, someJobs, type SomeJobs } from '../support/some-jobs.ts';

let redis: TestRedis;
const opened: SomeJobs[] = [];

beforeAll(async () => {
  redis = await startRedis();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ close }) => close()));
});

afterAll(async () => {
  await redis.stop();
});

/** A process's queue on the Redis of this file. */
async function aProcess(settings: Parameters<typeof someJobs>[0] = {}): Promise<SomeJobs> {
  const some = await someJobs({ url: redis.url, ...settings });
  opened.push(some);
  return some;
}

describe('jobs on Redis', () => {
  it('a job submitted to one process is looked up, with its result, at another', async () => {
    const one = await aProcess();
    const other = await aProcess();
    one.jobs.handle('echo', async ({ input, user }) => JSON.stringify({ input, user: user.id }));
    one.jobs.start();

    const { id } = await one.jobs.submit('echo', { a: [1] }, ann);

    const job = await reaches(other.jobs, id, 'succeeded');
    expect(job).toMatchObject({ name: 'echo', user: ann, attempts: 1, failure: null });
    expect(JSON.parse(job.result!)).toEqual({ input: { a: [1] }, user: 'ann' });
  });

  it('progress is seen at another process', async () => {
    const [one, other] = [await aProcess(), await aProcess()];
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    one.jobs.handle('slow', async ({ report }) => {
      report(3, 12);
      await gate;
      return '1';
    });
    one.jobs.start();
    const { promise: seen, resolve: see } = Promise.withResolvers<unknown>();
    other.jobs.listen((changed) => {
      void other.jobs.find(changed).then((job) => {
        if (job?.total === 12) see(job);
      });
    });

    const { id } = await one.jobs.submit('slow', null, ann);

    expect(await seen).toMatchObject({ id, state: 'running', done: 3, total: 12 });
    open();
    await reaches(other.jobs, id, 'succeeded');
  });

  it('is tried again three times, and then has failed', async () => {
    const { jobs, metrics } = await aProcess();
    const attempts: number[] = [];
    jobs.handle('bad', async ({ attempt }) => {
      attempts.push(attempt);
      throw new Error('out of order');
    });
    jobs.start();

    const { id } = await jobs.submit('bad', null, ann);

    const job = await reaches(jobs, id, 'failed');
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(job.attempts).toBe(4);
    expect(job.failure).toMatchObject({ status: 500, detail: expect.stringContaining(id) });
    expect(job.failure!.detail).not.toContain('out of order');
    await expect
      .poll(() => metrics.registry.metrics(), patiently)
      .toContain('jobs_total{name="bad",state="failed"} 1');
  });

  it('waits for its next attempt as long as in memory', async () => {
    const { jobs, redis: link } = await aProcess({ settings: { backoffMs: 600_000 } });
    jobs.handle('bad', async () => {
      throw new Error('out of order');
    });
    jobs.start();

    const { id } = await jobs.submit('bad', null, ann);

    await expect
      .poll(() => link!.client.hget(`bull:carpool-jobs:${id}`, 'delay'), patiently)
      .toBe('600000');
    expect(await jobs.find(id)).toMatchObject({ state: 'queued', attempts: 1 });
    await jobs.cancel(id);
    expect(await link!.client.exists(`bull:carpool-jobs:${id}`)).toBe(0);
  });

  it('one that succeeds at the second attempt has succeeded', async () => {
    const { jobs } = await aProcess();
    jobs.handle('flaky', async ({ attempt }) => {
      if (attempt === 1) throw new Error('not yet');
      return '"done"';
    });
    jobs.start();

    const { id } = await jobs.submit('flaky', null, ann);

    expect(await reaches(jobs, id, 'succeeded')).toMatchObject({ attempts: 2, result: '"done"' });
  });

  it('a running job that another process cancels is aborted where it runs', async () => {
    const [one, other] = [await aProcess(), await aProcess()];
    const { promise: aborted, resolve: abort } = Promise.withResolvers<unknown>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    one.jobs.handle('endless', ({ signal }) => {
      begin();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          abort(signal.reason);
          reject(signal.reason);
        });
      });
    });
    one.jobs.start();
    const { id } = await one.jobs.submit('endless', null, ann);
    await begun;

    const cancelled = await other.jobs.cancel(id);

    expect(cancelled?.state).toBe('cancelled');
    expect(await aborted).toMatchObject({ message: 'The job was cancelled.' });
    expect(await one.jobs.find(id)).toMatchObject({ state: 'cancelled', result: null });
  });

  it('a waiting job that is cancelled never runs', async () => {
    const { jobs } = await aProcess();
    const ran: unknown[] = [];
    jobs.handle('note', async ({ input }) => {
      ran.push(input);
      return '1';
    });
    const first = await jobs.submit('note', 'first', ann);
    await jobs.cancel(first.id);

    jobs.start();

    const second = await jobs.submit('note', 'second', ann);
    await reaches(jobs, second.id, 'succeeded');
    expect(ran).toEqual(['second']);
  });

  it('what waits and what runs survives a restart', async () => {
    const before = await aProcess({ settings: { concurrency: 1 } });
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    before.jobs.handle('long', ({ signal }) => {
      begin();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    before.jobs.start();
    const running = await before.jobs.submit('long', 1, ann);
    const waiting = await before.jobs.submit('long', 2, ann);
    await begun;
    await before.close();

    const after = await aProcess();
    expect(await after.jobs.find(running.id)).toMatchObject({ state: 'queued' });
    after.jobs.handle('long', async ({ input }) => JSON.stringify(input));
    after.jobs.start();

    expect(await reaches(after.jobs, running.id, 'succeeded')).toMatchObject({ result: '1' });
    expect(await reaches(after.jobs, waiting.id, 'succeeded')).toMatchObject({ result: '2' });
  });

  it('what a killed process ran is run by another', async () => {
    const killed = await aProcess({ settings: { lockMs: 200 } });
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    killed.jobs.handle('long', () => {
      begin();
      return new Promise(() => {});
    });
    killed.jobs.start();
    const { id } = await killed.jobs.submit('long', 7, ann);
    await begun;
    // BullMQ looks for such jobs once in `lockMs`, and the other tests' processes have 30 s.
    await killed.redis?.client.del('bull:carpool-jobs:stalled-check');
    // Nobody hears of it again: what a process that is killed leaves behind.
    await killed.redis?.close();

    const other = await aProcess({ settings: { lockMs: 200 } });
    other.jobs.handle('long', async ({ input }) => JSON.stringify(input));
    other.jobs.start();

    expect(await reaches(other.jobs, id, 'succeeded')).toMatchObject({ result: '7' });
  });

  it('is kept for an hour, then forgotten by Redis itself', async () => {
    const { jobs, redis: link } = await aProcess();
    const short = await aProcess({ settings: { keptMs: 1 } });
    const { id } = await jobs.submit('quick', null, ann);

    await jobs.cancel(id);
    const left = await link!.client.pttl(`carpool:job:${id}`);
    const gone = await short.jobs.submit('quick', null, ann);
    await short.jobs.cancel(gone.id);

    expect(left).toBeGreaterThan(3_500_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
    await expect.poll(() => jobs.find(gone.id), patiently).toBeNull();
    const { jobs: listed } = await jobs.listOf('ann');
    expect(listed.map((job) => job.id)).toContain(id);
    expect(listed.map((job) => job.id)).not.toContain(gone.id);
  });

  it('counts what waits, for the metrics of each process', async () => {
    const [one, other] = [await aProcess(), await aProcess()];
    const before = await one.jobs.count();

    const { id } = await one.jobs.submit('unstarted', null, ann);

    expect(await other.jobs.count()).toBe(before + 1);
    expect(await other.metrics.registry.metrics()).toContain(`jobs_waiting ${before + 1}`);
    await one.jobs.cancel(id);
  });

  it('keeps nothing of the input once the job has ended', async () => {
    const { jobs, redis: link } = await aProcess();
    jobs.handle('quick', async () => '1');
    jobs.start();

    const { id } = await jobs.submit('quick', 'a secret of the input', ann);
    await reaches(jobs, id, 'succeeded');

    await expect.poll(() => link!.client.exists(`bull:carpool-jobs:${id}`), patiently).toBe(0);
    expect(JSON.stringify(await link!.client.hgetall(`carpool:job:${id}`))).not.toContain(
      'a secret',
    );
  });
});

describe('Redis going away', () => {
  let own: TestRedis;
  beforeAll(async () => {
    own = await startRedis();
  });
  afterAll(async () => {
    await own.stop();
  });

  it('jobs go on in memory, with one warning, and on Redis again when it is back', async () => {
    const { jobs, redis: link, lines } = await aProcess({ url: own.url });
    jobs.handle('echo', async ({ input }) => JSON.stringify(input));
    jobs.start();
    const before = await jobs.submit('echo', 'before', ann);
    await reaches(jobs, before.id, 'succeeded');

    const left = new Promise((resolve) => link!.client.once('close', resolve));
    await own.stop();
    await left;
    const meanwhile = await jobs.submit('echo', 'meanwhile', ann);
    expect(await reaches(jobs, meanwhile.id, 'succeeded')).toMatchObject({
      result: '"meanwhile"',
    });
    await expect(jobs.find(before.id)).rejects.toMatchObject({ name: 'JobsAway' });
    await expect(jobs.cancel(before.id)).rejects.toMatchObject({ name: 'JobsAway' });
    expect(await jobs.listOf('ann')).toMatchObject({
      isPartial: true,
      jobs: [{ id: meanwhile.id }],
    });
    expect(lines.filter(({ level }) => level === 40)).toHaveLength(1);

    const back = new Promise((resolve) => link!.client.once('ready', resolve));
    await own.restart();
    await back;
    const after = await jobs.submit('echo', 'after', ann);
    await reaches(jobs, after.id, 'succeeded');
    const other = await aProcess({ url: own.url });
    expect(await other.jobs.find(after.id)).toMatchObject({ result: '"after"' });
    expect(await other.jobs.find(meanwhile.id)).toBeNull();
    expect(await jobs.find(meanwhile.id)).toMatchObject({ state: 'succeeded' });
    expect((await jobs.listOf('ann')).isPartial).toBe(false);
  });

  it('a server that starts without Redis finds it later', async () => {
    await own.stop();
    const link = aProcess({ url: own.url });

    await own.restart();

    const { jobs } = await link;
    jobs.handle('echo', async ({ input }) => JSON.stringify(input));
    jobs.start();
    const { id } = await jobs.submit('echo', 1, ann);
    expect(await reaches(jobs, id, 'succeeded')).toMatchObject({ result: '1' });
  });

  it('a server closes though Redis is away', async () => {
    const { jobs, redis: link, close } = await someJobs({ url: own.url });
    jobs.start();
    const left = new Promise((resolve) => link!.client.once('close', resolve));
    await own.stop();
    await left;

    await close();
    await own.restart();
  });
});
