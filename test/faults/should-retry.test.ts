import { describe, expect, it, vi } from 'vitest';
import type { CarpoolOptions } from '../../src/index.ts';
import { aBench, keyedPost, outcomesOf, post } from './bench.ts';
import { answering, whole } from './faulty-server.ts';

type ShouldRetry = NonNullable<Exclude<CarpoolOptions['retry'], false | undefined>['shouldRetry']>;

describe('`shouldRetry`', () => {
  it('is asked about each attempt that failed', async () => {
    const shouldRetry = vi.fn<ShouldRetry>(() => undefined);
    const { ask, server } = await aBench(
      { batches: [answering({ '/a': 503, '/b': 404 }), answering({ '/a': 503 })] },
      { batchSingle: true, retry: { delay: 1, shouldRetry } },
    );

    await outcomesOf([ask('/a'), ask('/b'), ask('/c')]);

    const asked = shouldRetry.mock.calls.map(([attempt]) => attempt);
    expect(asked.filter((of) => of.url.endsWith('/a'))).toMatchObject([
      { method: 'GET', url: `${server.origin}/a`, attempt: 1, status: 503 },
      { method: 'GET', url: `${server.origin}/a`, attempt: 2, status: 503 },
    ]);
    expect(asked.filter((of) => of.url.endsWith('/c'))).toEqual([]);
  });

  it('hears of the error where there is no answer', async () => {
    const shouldRetry = vi.fn<ShouldRetry>(() => undefined);
    const { ask } = await aBench(
      { batches: [({ reset }) => reset()] },
      { retry: { delay: 1, shouldRetry } },
    );

    await outcomesOf([ask('/a'), ask('/b')]);

    expect(shouldRetry.mock.calls[0]?.[0]).toMatchObject({
      attempt: 1,
      error: { code: 'network' },
    });
  });

  it('says no to what would be sent again', async () => {
    const { ask, retries, server } = await aBench(
      { batches: [whole(503)] },
      { retry: { delay: 1, shouldRetry: () => false } },
    );

    const calls = [ask('/a'), ask('/w', keyedPost())];

    expect(await outcomesOf(calls)).toEqual([503, 503]);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w']);
    expect(retries.seen).toEqual([]);
  });

  it('says yes to what would not', async () => {
    const { ask, server } = await aBench(
      { batches: [answering({ '/a': 404, '/b': 404 })] },
      { retry: { delay: 1, shouldRetry: ({ status }) => status === 404 || undefined } },
    );

    const calls = [ask('/a'), ask('/b'), ask('/c')];

    expect(await outcomesOf(calls)).toEqual([200, 200, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, GET /c', 'batch: GET /a, GET /b']);
  });

  it('says nothing, and the usual rule holds', async () => {
    const { ask, server } = await aBench(
      { batches: [answering({ '/a': 503, '/b': 503, '/c': 404 })] },
      { retry: { delay: 1, shouldRetry: () => undefined } },
    );

    const calls = [ask('/a'), ask('/b'), ask('/c')];

    expect(await outcomesOf(calls)).toEqual([200, 200, 404]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, GET /c', 'batch: GET /a, GET /b']);
  });

  it('has no say beyond the limit', async () => {
    const { ask, server } = await aBench(
      { otherBatches: whole(503) },
      { retry: { delay: 1, shouldRetry: () => true } },
    );

    const calls = [ask('/a'), ask('/b')];

    expect(await outcomesOf(calls)).toEqual([503, 503]);
    expect(server.log.seen).toHaveLength(3);
  });

  it.each([401, 403])('has no say about %s', async (status) => {
    const { ask, server } = await aBench(
      { batches: [answering({ '/a': status }), whole(status)] },
      { retry: { delay: 1, shouldRetry: () => true } },
    );

    const outcomes = [
      await outcomesOf([ask('/a'), ask('/b')]),
      await outcomesOf([ask('/c'), ask('/d')]),
    ];

    expect(outcomes).toEqual([
      [status, 200],
      [status, status],
    ]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b', 'batch: GET /c, GET /d']);
  });

  it('has no unsafe call without a key carried out twice', async () => {
    const { ask, server } = await aBench(
      { batches: [whole(500)] },
      { retry: { delay: 1, shouldRetry: () => true } },
    );

    const calls = [ask('/a'), ask('/b'), ask('/w', post())];

    expect(await outcomesOf(calls)).toEqual([200, 200, 500]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, POST /w', 'batch: GET /a, GET /b']);
    expect(server.runs()['POST /w']).toBe(1);
  });

  it('that throws settles its call, and nobody else’s', async () => {
    const { ask, server } = await aBench(
      { batches: [answering({ '/a': 503, '/b': 503, '/c': 503 })] },
      {
        retry: {
          delay: 1,
          shouldRetry: ({ url }) => {
            if (url.endsWith('/a')) throw new Error('a mistake');
            return undefined;
          },
        },
      },
    );

    const calls = [ask('/a'), ask('/b'), ask('/c')];

    expect((await outcomesOf(calls)).slice(1)).toEqual([200, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, GET /c', 'batch: GET /b, GET /c']);
  });
});
