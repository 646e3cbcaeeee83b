import { describe, expect, it, vi } from 'vitest';
import { aBench, graceMs, keyedPost, outcomesOf, pass, pathsOf, post, stopTime } from './bench.ts';
import { answering, whole } from './faulty-server.ts';

/** `Retry-After`, in both of its forms, for a moment so many seconds from now. */
const forms: [string, (seconds: number) => string][] = [
  ['seconds', (seconds) => String(seconds)],
  ['a date', (seconds) => new Date(Date.now() + seconds * 1000).toUTCString()],
];

describe.each(forms)('a `Retry-After` in %s', (_, after) => {
  it.each([429, 500, 502, 503, 504])(
    'of a batch that is answered %s has all wait once, and ride together',
    async (status) => {
      const { ask, begun, carpool, retries, server } = await aBench({
        batches: [(exchange) => whole(status, { 'retry-after': after(3) })(exchange)],
      });
      stopTime();

      const calls = [ask('/a'), ask('/b'), ask('/v', keyedPost())];
      await retries.reaches(3);
      await pass(2999);
      expect(begun()).toBe(1);
      await pass(1 + graceMs);

      expect(await pathsOf(calls)).toEqual(['/a', '/b', '/v']);
      expect(server.log.seen).toEqual(Array(2).fill('batch: GET /a, GET /b, POST /v'));
      expect(new Set(retries.seen.map(({ delayMs }) => delayMs)).size).toBe(1);
      expect(retries.seen[0]?.delayMs).toBeGreaterThanOrEqual(3000);
      expect(carpool.stats().retries).toBe(3);
    },
  );

  it.each([429, 503])('of items answered %s has them wait, and nobody else', async (status) => {
    const { ask, begun, retries, server } = await aBench({
      batches: [
        (exchange) => {
          const answer = { status, headers: { 'retry-after': after(3) } };
          answering({ '/a': answer, '/c': answer })(exchange);
        },
      ],
    });
    stopTime();

    const calls = [ask('/a'), ask('/b'), ask('/c')];
    await retries.reaches(2);
    expect(await outcomesOf([calls[1]!])).toEqual([200]);
    await pass(2999);
    expect(begun()).toBe(1);
    await pass(1 + graceMs);

    expect(await pathsOf(calls)).toEqual(['/a', '/b', '/c']);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, GET /c', 'batch: GET /a, GET /c']);
  });

  it('wins over a longer backoff', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    const { ask, retries, server } = await aBench(
      { batches: [(exchange) => whole(503, { 'retry-after': after(1) })(exchange)] },
      { retry: { delay: '20s' } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    await retries.reaches(2);
    await pass(1000 + graceMs);

    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(server.log.seen).toHaveLength(2);
  });

  it('wins over `maxDelay`', async () => {
    const { ask, begun, retries } = await aBench(
      { batches: [(exchange) => whole(503, { 'retry-after': after(20) })(exchange)] },
      { retry: { delay: 1, maxDelay: 5 } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    await retries.reaches(2);
    await pass(19_999);
    expect(begun()).toBe(1);
    await pass(1 + graceMs);

    expect(await outcomesOf(calls)).toEqual([200, 200]);
  });

  it('is obeyed each time', async () => {
    const { ask, begun, retries, server } = await aBench({
      batches: [
        (exchange) => whole(503, { 'retry-after': after(2) })(exchange),
        (exchange) => whole(503, { 'retry-after': after(4) })(exchange),
      ],
    });
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    await retries.reaches(2);
    await pass(2000 + graceMs);
    await retries.reaches(4);
    // A date has no fractions of seconds.
    await pass(3999 - graceMs);
    expect(begun()).toBe(2);
    await pass(1 + 2 * graceMs);

    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(server.log.seen).toHaveLength(3);
  });

  it('beyond the time that is left returns the answer at once', async () => {
    const { ask, begun, carpool, retries, server } = await aBench(
      { batches: [(exchange) => whole(503, { 'retry-after': after(6) })(exchange)] },
      { timeout: '5s', retry: { delay: 1 } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/v', keyedPost())];

    expect(await outcomesOf(calls)).toEqual([503, 503]);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /v']);
    expect(retries.seen.map(({ refused }) => refused)).toEqual(['deadline', 'deadline']);
    expect([begun(), carpool.stats().retries]).toEqual([1, 0]);
  });

  it('of an item beyond the time that is left returns its answer at once', async () => {
    const { ask, begun, retries } = await aBench(
      {
        batches: [
          (exchange) =>
            answering({ '/a': { status: 503, headers: { 'retry-after': after(31) } } })(exchange),
        ],
      },
      { retry: { delay: 1 } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];

    expect(await outcomesOf(calls)).toEqual([503, 200]);
    expect(retries.seen).toMatchObject([{ refused: 'deadline', status: 503 }]);
    expect(begun()).toBe(1);
  });

  it('is not beyond the time that is left where there is no limit', async () => {
    const { ask, begun, retries } = await aBench(
      { batches: [(exchange) => whole(503, { 'retry-after': after(3600) })(exchange)] },
      { timeout: false, retry: { delay: 1 } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    await retries.reaches(2);
    expect(begun()).toBe(1);
    await pass(3_600_000 + graceMs);

    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(begun()).toBe(2);
  });

  it('counts the time from the call on, not from the attempt', async () => {
    const { ask, begun, retries } = await aBench(
      {
        batches: [
          (exchange) => whole(503, { 'retry-after': after(3) })(exchange),
          (exchange) => whole(503, { 'retry-after': after(3) })(exchange),
        ],
      },
      { timeout: '5s', retry: { delay: 1 } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    await retries.reaches(2);
    await pass(3000 + graceMs);

    expect(await outcomesOf(calls)).toEqual([503, 503]);
    expect(retries.seen.map(({ refused }) => refused)).toEqual([
      undefined,
      undefined,
      'deadline',
      'deadline',
    ]);
    expect(begun()).toBe(2);
  });

  it('sends no unsafe call without a key again', async () => {
    const { ask, begun, retries, server } = await aBench({
      batches: [(exchange) => whole(503, { 'retry-after': after(1) })(exchange)],
    });
    stopTime();

    const calls = [ask('/w', post()), ask('/x', post())];

    expect(await outcomesOf(calls)).toEqual([503, 503]);
    expect(server.log.seen).toEqual(['batch: POST /w, POST /x']);
    expect(begun()).toBe(1);
    expect(retries.seen.map(({ refused }) => refused)).toEqual(['unsafe', 'unsafe']);
  });

  it('of a lone call is obeyed too', async () => {
    const { ask, begun, retries, server } = await aBench({
      natives: [(exchange) => whole(503, { 'retry-after': after(2) })(exchange)],
    });
    stopTime();

    const call = ask('/a');
    await retries.reaches(1);
    await pass(1999);
    expect(begun()).toBe(1);
    await pass(1 + graceMs);

    expect(await pathsOf([call])).toEqual(['/a']);
    expect(server.log.seen).toEqual(['native: GET /a', 'native: GET /a']);
  });
});

describe('calls that wait for their retry', () => {
  it('take no slot from others', async () => {
    const { ask, carpool, retries, server } = await aBench(
      { batches: [whole(503, { 'retry-after': '10' })] },
      { maxInFlight: 1, retry: { delay: 1 } },
    );
    stopTime();
    const calls = [ask('/a'), ask('/b')];
    await retries.reaches(2);

    const others = [ask('/c'), ask('/d')];

    expect(await pathsOf(others)).toEqual(['/c', '/d']);
    expect(carpool.stats().waiting).toBe(0);
    await pass(10_000 + graceMs);
    expect(await pathsOf(calls)).toEqual(['/a', '/b']);
    expect(server.log.seen).toEqual([
      'batch: GET /a, GET /b',
      'batch: GET /c, GET /d',
      'batch: GET /a, GET /b',
    ]);
  });
});

describe('a `Retry-After` that', () => {
  it.each([
    ['is zero', '0'],
    ['lies in the past', 'Fri, 30 Jan 2026 09:30:00 GMT'],
  ])('%s means at once', async (_, value) => {
    const { ask, retries, server } = await aBench(
      { batches: [whole(503, { 'retry-after': value })] },
      { retry: { delay: '20s' } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    await retries.reaches(2);
    await pass(graceMs);

    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(server.log.seen).toEqual(Array(2).fill('batch: GET /a, GET /b'));
  });

  it.each(['soon', '-5', '1.5s', ''])(
    'makes no sense leaves it to the backoff: %s',
    async (value) => {
      vi.spyOn(Math, 'random').mockReturnValue(0.5);
      const { ask, retries, server } = await aBench(
        { batches: [whole(503, { 'retry-after': value })] },
        { retry: { delay: 8 } },
      );
      stopTime();

      const calls = [ask('/a'), ask('/b')];
      await retries.reaches(2);
      await pass(4);

      expect(await outcomesOf(calls)).toEqual([200, 200]);
      expect(retries.seen.map(({ delayMs }) => delayMs)).toEqual([4, 4]);
      expect(server.log.seen).toHaveLength(2);
    },
  );
});
