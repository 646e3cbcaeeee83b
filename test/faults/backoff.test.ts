import { describe, expect, it, vi } from 'vitest';
import { aBench, keyedPost, outcomesOf, pass, stopTime } from './bench.ts';
import { resetAtOnce } from './faulty-server.ts';

describe('the pause before a retry', () => {
  it('is anything up to a delay that doubles, and not beyond `maxDelay`', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const { ask, retries } = await aBench(
      { otherBatches: resetAtOnce },
      { retry: { limit: 4, delay: 4, maxDelay: 12 } },
    );

    stopTime();

    const calls = [ask('/a'), ask('/b')];
    for (const n of [1, 2, 3, 4]) {
      await retries.reaches(2 * n);
      await pass(12);
    }
    await outcomesOf(calls);

    expect(retries.seen.map(({ attempt, delayMs }) => [attempt, delayMs])).toEqual([
      [1, 2],
      [1, 2],
      [2, 4],
      [2, 4],
      [3, 6],
      [3, 6],
      [4, 6],
      [4, 6],
    ]);
  });

  it('is one and the same for calls that failed together, so that they ride together', async () => {
    const { ask, retries, server } = await aBench(
      { batches: [resetAtOnce] },
      { retry: { delay: 16 } },
    );
    let n = 0;
    vi.spyOn(Math, 'random').mockImplementation(() => [0.9, 0.1, 0.5][n++ % 3]!);

    stopTime();

    const calls = [ask('/a'), ask('/b'), ask('/c')];
    await retries.reaches(3);
    await pass(16);
    await outcomesOf(calls);

    expect(new Set(retries.seen.map(({ delayMs }) => delayMs)).size).toBe(1);
    expect(server.log.seen).toEqual(Array(2).fill('batch: GET /a, GET /b, GET /c'));
  });

  it('is told of with what went wrong', async () => {
    const { ask, retries, server } = await aBench({ batches: [resetAtOnce] });

    await outcomesOf([ask('/a'), ask('/b')]);

    expect(retries.seen[0]).toMatchObject({
      url: `${server.origin}/a`,
      method: 'GET',
      attempt: 1,
      error: { code: 'network' },
    });
    expect(retries.seen[0]?.status).toBeUndefined();
  });
});

describe('without a network', () => {
  it('nothing is tried again', async () => {
    const { ask, begun, retries } = await aBench({ otherBatches: resetAtOnce });
    vi.stubGlobal('navigator', { onLine: false });

    const calls = [ask('/a'), ask('/w', keyedPost())];

    expect(await outcomesOf(calls)).toEqual(['network', 'network']);
    expect(begun()).toBe(1);
    expect(retries.seen.map(({ refused }) => refused)).toEqual(['offline', 'offline']);
  });
});
