import { describe, expect, it } from 'vitest';
import { JobError } from '../../demo/server/platform/jobs/job.ts';
import { ann, bob, patiently, reaches, someJobs } from '../support/some-jobs.ts';

const hourMs = 3_600_000;

/** A handler's work that ends when the test says so. */
function aGate() {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<string>();
  return {
    begun: begun.promise,
    open: (result = 'null') => end.resolve(result),
    handler: ({ signal }: { readonly signal: AbortSignal }) => {
      begun.resolve();
      signal.addEventListener('abort', () => end.reject(signal.reason));
      return end.promise;
    },
  };
}

describe('jobs in memory', () => {
  it('a job runs with its input, in the name of its user, and has its result', async () => {
    const { jobs } = await someJobs();
    jobs.handle('echo', async ({ input, user }) => JSON.stringify({ input, user }));

    const { id } = await jobs.submit('echo', { a: 1 }, ann);

    const job = await reaches(jobs, id, 'succeeded');
    expect(JSON.parse(job.result!)).toEqual({ input: { a: 1 }, user: ann });
    expect(job).toMatchObject({ id, name: 'echo', attempts: 1, failure: null });
  });

  it('is queued, then running with progress, then succeeded', async () => {
    let time = 1000;
    const { jobs } = await someJobs({ now: () => time });
    const gate = aGate();
    jobs.handle('slow', (work) => {
      work.report(3, 12);
      return gate.handler(work);
    });

    const submitted = await jobs.submit('slow', null, ann, 12);
    await gate.begun;
    time = 2000;
    const running = await jobs.find(submitted.id);
    gate.open();
    const ended = await reaches(jobs, submitted.id, 'succeeded');

    expect(submitted).toMatchObject({ state: 'queued', done: 0, total: 12, createdAt: 1000 });
    expect(running).toMatchObject({ state: 'running', done: 3, total: 12, startedAt: 1000 });
    expect(ended).toMatchObject({ state: 'succeeded', finishedAt: 2000 });
  });

  it('runs as many at once as it may, the others in the order in which they came', async () => {
    const { jobs } = await someJobs({ settings: { concurrency: 2 } });
    const gates = [aGate(), aGate(), aGate()];
    const begun: number[] = [];
    jobs.handle('numbered', (work) => {
      const at = work.input as number;
      begun.push(at);
      return gates[at]!.handler(work);
    });

    const ids = await Promise.all([0, 1, 2].map((at) => jobs.submit('numbered', at, ann)));
    await gates[1]!.begun;
    expect(begun).toEqual([0, 1]);
    expect(await jobs.count()).toBe(3);
    gates[1]!.open();
    await gates[2]!.begun;

    expect(begun).toEqual([0, 1, 2]);
    expect(await jobs.find(ids[0]!.id)).toMatchObject({ state: 'running' });
    gates[0]!.open();
    gates[2]!.open();
    await Promise.all(ids.map(({ id }) => reaches(jobs, id, 'succeeded')));
    await expect.poll(() => jobs.count(), patiently).toBe(0);
  });

  it('a failed one is tried again three times, after twice as long each time', async () => {
    const waits: number[] = [];
    const { jobs, metrics, lines } = await someJobs({
      settings: { backoffMs: 1000 },
      wait: async (ms) => {
        waits.push(ms);
      },
    });
    jobs.handle('bad', async () => {
      throw new Error('out of order');
    });

    const { id } = await jobs.submit('bad', null, ann);

    const job = await reaches(jobs, id, 'failed');
    expect(waits).toEqual([1000, 2000, 4000]);
    expect(job).toMatchObject({ attempts: 4, result: null, failure: { status: 500 } });
    expect(job.failure!.detail).toContain(id);
    expect(job.failure!.detail).not.toContain('out of order');
    expect(lines.filter((line) => line['job'] === id)).toHaveLength(4);
    await expect
      .poll(() => metrics.registry.metrics(), patiently)
      .toContain('jobs_total{name="bad",state="failed"} 1');
  });

  it('waiting for its next attempt, it is queued and leaves its place to others', async () => {
    const again = Promise.withResolvers<void>();
    const waits = Promise.withResolvers<void>();
    const { jobs } = await someJobs({
      settings: { concurrency: 1 },
      wait: async () => {
        waits.resolve();
        await again.promise;
      },
    });
    jobs.handle('flaky', async ({ attempt }) => {
      if (attempt === 1) throw new Error('not yet');
      return '"done"';
    });
    jobs.handle('good', async () => '1');

    const flaky = await jobs.submit('flaky', null, ann);
    await waits.promise;
    const good = await jobs.submit('good', null, ann);
    await reaches(jobs, good.id, 'succeeded');
    expect(await jobs.find(flaky.id)).toMatchObject({ state: 'queued', attempts: 1 });
    expect(await jobs.count()).toBe(1);
    again.resolve();

    expect(await reaches(jobs, flaky.id, 'succeeded')).toMatchObject({ attempts: 2 });
  });

  it('a failure that trying again can’t mend isn’t tried again, and is told as it is', async () => {
    const { jobs } = await someJobs();
    const failure = { status: 409, title: 'No data', detail: 'There is nothing to analyse.' };
    jobs.handle('hopeless', async () => {
      throw new JobError(failure);
    });

    const { id } = await jobs.submit('hopeless', null, ann);

    expect(await reaches(jobs, id, 'failed')).toMatchObject({ attempts: 1, failure });
  });

  it('one that nothing handles fails', async () => {
    const { jobs } = await someJobs();

    const { id } = await jobs.submit('unheard-of', null, ann);

    expect(await reaches(jobs, id, 'failed')).toMatchObject({ failure: { status: 500 } });
  });

  it('a running one that is cancelled hears of it, and stays cancelled', async () => {
    const { jobs, metrics } = await someJobs();
    const gate = aGate();
    let reason: unknown;
    jobs.handle('endless', (work) => {
      work.signal.addEventListener('abort', () => {
        reason = work.signal.reason;
      });
      return gate.handler(work);
    });
    const { id } = await jobs.submit('endless', null, ann);
    await gate.begun;

    const cancelled = await jobs.cancel(id);

    expect(cancelled).toMatchObject({ state: 'cancelled', result: null, failure: null });
    expect(reason).toMatchObject({ name: 'AbortError', message: 'The job was cancelled.' });
    expect(await metrics.registry.metrics()).toContain(
      'jobs_total{name="endless",state="cancelled"} 1',
    );
    await expect.poll(() => jobs.count(), patiently).toBe(0);
    expect(await jobs.find(id)).toMatchObject({ state: 'cancelled' });
  });

  it('a waiting one that is cancelled never runs', async () => {
    const { jobs } = await someJobs({ settings: { concurrency: 1 } });
    const gate = aGate();
    const ran: unknown[] = [];
    jobs.handle('first', gate.handler);
    jobs.handle('note', async ({ input }) => {
      ran.push(input);
      return '1';
    });
    await jobs.submit('first', null, ann);
    const waiting = await jobs.submit('note', 'cancelled', ann);
    const last = await jobs.submit('note', 'last', ann);

    await jobs.cancel(waiting.id);
    expect(await jobs.count()).toBe(2);
    gate.open();

    await reaches(jobs, last.id, 'succeeded');
    expect(ran).toEqual(['last']);
  });

  it('one that is cancelled between two attempts isn’t tried again', async () => {
    const waits = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<unknown>();
    const { jobs } = await someJobs({
      wait: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            ended.resolve(signal.aborted);
            reject(signal.reason);
          });
          waits.resolve();
        }),
    });
    let attempts = 0;
    jobs.handle('bad', async () => {
      attempts++;
      throw new Error('out of order');
    });
    const { id } = await jobs.submit('bad', null, ann);
    await waits.promise;

    await jobs.cancel(id);

    expect(await ended.promise).toBe(true);
    expect(await jobs.find(id)).toMatchObject({ state: 'cancelled', attempts: 1 });
    await expect.poll(() => jobs.count(), patiently).toBe(0);
    expect(attempts).toBe(1);
  });

  it('one that has ended can’t be cancelled', async () => {
    const { jobs } = await someJobs();
    jobs.handle('quick', async () => '1');
    const { id } = await jobs.submit('quick', null, ann);
    await reaches(jobs, id, 'succeeded');

    expect(await jobs.cancel(id)).toMatchObject({ state: 'succeeded', result: '1' });
    expect(await jobs.cancel('none')).toBeNull();
  });

  it('a result is kept for an hour after its job has ended', async () => {
    let time = 0;
    const { jobs } = await someJobs({ now: () => time });
    const gate = aGate();
    jobs.handle('slow', gate.handler);
    const { id } = await jobs.submit('slow', null, ann);
    await gate.begun;
    // However long it took.
    time = 10 * hourMs;
    gate.open('"kept"');
    await reaches(jobs, id, 'succeeded');

    time = 11 * hourMs - 1;
    expect(await jobs.find(id)).toMatchObject({ result: '"kept"' });
    expect((await jobs.listOf('ann')).jobs).toHaveLength(1);
    time = 11 * hourMs;
    expect(await jobs.find(id)).toBeNull();
    expect((await jobs.listOf('ann')).jobs).toEqual([]);
  });

  it('a user’s jobs are listed, the latest first, without results and without others’', async () => {
    let time = 0;
    const { jobs } = await someJobs({ now: () => ++time });
    jobs.handle('quick', async () => '"result"');
    const first = await jobs.submit('quick', null, ann);
    await jobs.submit('quick', null, bob);
    const last = await jobs.submit('quick', null, ann);
    await reaches(jobs, last.id, 'succeeded');

    const { jobs: listed, isPartial } = await jobs.listOf('ann');

    expect(listed.map(({ id }) => id)).toEqual([last.id, first.id]);
    expect(listed.map(({ result }) => result)).toEqual([null, null]);
    expect(isPartial).toBe(false);
  });

  it('a user with as many jobs as one may have gets no more, until the first is forgotten', async () => {
    let time = 0;
    const { jobs } = await someJobs({ settings: { maxPerUser: 2 }, now: () => time });
    jobs.handle('quick', async () => '1');
    for (let i = 0; i < 2; i++) {
      const { id } = await jobs.submit('quick', null, ann);
      await reaches(jobs, id, 'succeeded');
    }
    time = 600_000;

    await expect(jobs.submit('quick', null, ann)).rejects.toMatchObject({
      name: 'TooManyJobs',
      retryMs: hourMs - 600_000,
    });
    await jobs.submit('quick', null, bob);
    time = hourMs;
    await jobs.submit('quick', null, ann);
  });

  it('closing aborts what runs', async () => {
    const { jobs, close } = await someJobs();
    const gate = aGate();
    let reason: unknown;
    jobs.handle('endless', (work) => {
      work.signal.addEventListener('abort', () => {
        reason = work.signal.reason;
      });
      return gate.handler(work);
    });
    await jobs.submit('endless', null, ann);
    await gate.begun;

    await close();

    expect(reason).toMatchObject({ message: 'The server is leaving.' });
  });

  it('counts what waits or runs, for the metrics', async () => {
    const { jobs, metrics } = await someJobs();
    const gate = aGate();
    jobs.handle('slow', gate.handler);
    const { id } = await jobs.submit('slow', null, ann);

    expect(await metrics.registry.metrics()).toContain('jobs_waiting 1');
    gate.open();
    await reaches(jobs, id, 'succeeded');
    await expect.poll(() => metrics.registry.metrics(), patiently).toContain('jobs_waiting 0');
  });
});
