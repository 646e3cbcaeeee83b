import { describe, expect, it } from 'vitest';
import type { JobHandler } from '../../demo/server/platform/jobs/job.ts';
import { createMemoryRecords } from '../../demo/server/platform/jobs/records.ts';
import { createRunner } from '../../demo/server/platform/jobs/runner.ts';
import { createLog } from '../../demo/server/platform/log.ts';
import { createMetrics } from '../../demo/server/platform/metrics.ts';
import { ann } from '../support/some-jobs.ts';

/** A runner with one job, `j`, that waits. */
async function aRunner(handler: JobHandler = async () => '1') {
  const now = () => 5000;
  const records = createMemoryRecords({ keptMs: 1000 }, now);
  await records.add({
    id: 'j',
    name: 'work',
    user: ann,
    state: 'queued',
    done: 0,
    total: 0,
    attempts: 0,
    createdAt: 0,
    startedAt: null,
    finishedAt: null,
    result: null,
    failure: null,
  });
  const runner = createRunner({
    records,
    handlers: new Map([['work', handler]]),
    settings: {
      retries: 1,
      backoffMs: 1,
      keptMs: 1000,
      concurrency: 1,
      maxPerUser: 10,
      lockMs: 1000,
    },
    now,
    log: createLog('silent'),
    metrics: createMetrics(),
  });
  return { runner, records };
}

describe('an attempt', () => {
  it('that succeeds is over', async () => {
    const { runner, records } = await aRunner();

    expect(await runner.attempt('j', null, 0)).toBe('over');
    expect(await records.find('j')).toMatchObject({ state: 'succeeded', finishedAt: 5000 });
  });

  it('that fails is made again while there are retries, then it is over', async () => {
    const { runner, records } = await aRunner(async () => {
      throw new Error('no');
    });

    expect(await runner.attempt('j', null, 0)).toBe('again');
    expect(await records.find('j')).toMatchObject({ state: 'queued', attempts: 1 });
    expect(await runner.attempt('j', null, 1)).toBe('over');
    expect(await records.find('j')).toMatchObject({ state: 'failed', attempts: 2 });
  });

  it('that the server breaks off is handed back', async () => {
    const begun = Promise.withResolvers<void>();
    const { runner, records } = await aRunner(({ signal }) => {
      begun.resolve();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    const outcome = runner.attempt('j', null, 0);
    await begun.promise;

    runner.leave();

    expect(await outcome).toBe('back');
    expect(await records.find('j')).toMatchObject({ state: 'queued', startedAt: null });
  });

  it('is handed back unbegun once the server leaves', async () => {
    const { runner, records } = await aRunner();
    runner.leave();

    expect(await runner.attempt('j', null, 0)).toBe('back');
    expect(await records.find('j')).toMatchObject({ state: 'queued', attempts: 0 });
  });

  it('at a job that has ended, or that there isn’t, is over at once', async () => {
    let runs = 0;
    const { runner, records } = await aRunner(async () => {
      runs++;
      return '1';
    });
    await records.change('j', { state: 'cancelled', finishedAt: 5000 });

    expect(await runner.attempt('j', null, 0)).toBe('over');
    expect(await runner.attempt('none', null, 0)).toBe('over');
    expect(runs).toBe(0);
  });
});

describe('a job that is given up', () => {
  it('has failed, unless it ended otherwise', async () => {
    const { runner, records } = await aRunner();
    const changed = Promise.withResolvers<void>();
    records.listen(() => changed.resolve());

    runner.giveUp('j', new Error('stalled too often'));
    await changed.promise;

    expect(await records.find('j')).toMatchObject({
      state: 'failed',
      failure: { status: 500, detail: expect.stringContaining('j') },
    });
    expect(await records.change('j', { state: 'succeeded' })).toBeNull();
  });
});
