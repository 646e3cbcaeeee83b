import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { aBench, graceMs, keyedPost, outcomesOf, pass, post, stopTime } from './bench.ts';
import { answering, hang, resetAtOnce, whole } from './faulty-server.ts';

const later = { 'retry-after': '10' };

describe('a caller who leaves during the pause before a retry', () => {
  it('is settled at once with the reason, and the others are sent again without it', async () => {
    const { ask, begun, retries, server } = await aBench({ batches: [whole(503, later)] });
    stopTime();
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const gone = ask('/a', { signal: controller.signal });
    const calls = [ask('/b'), ask('/c')];
    await retries.reaches(3);

    controller.abort(reason);

    await expect(gone).rejects.toBe(reason);
    expect(begun()).toBe(1);
    await pass(10_000 + graceMs);
    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, GET /c', 'batch: GET /b, GET /c']);
  });

  it('as the last one leaves no further request', async () => {
    const { ask, begun, retries, server } = await aBench(
      { batches: [resetAtOnce] },
      { retry: { delay: '10s' } },
    );
    stopTime();
    const controller = new AbortController();
    const init = { signal: controller.signal };
    const calls = [ask('/a', init), ask('/b', init), ask('/v', { ...keyedPost(), ...init })];
    await retries.reaches(3);

    controller.abort();

    expect(await outcomesOf(calls)).toEqual(Array(3).fill('AbortError'));
    await pass(60_000);
    expect(begun()).toBe(1);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, POST /v']);
  });

  it('after a failed item leaves no further request', async () => {
    const { ask, begun, retries } = await aBench({
      batches: [answering({ '/a': { status: 503, headers: later } })],
    });
    stopTime();
    const controller = new AbortController();
    const calls = [ask('/a', { signal: controller.signal }), ask('/b')];
    await retries.reaches(1);

    controller.abort();

    expect(await outcomesOf(calls)).toEqual(['AbortError', 200]);
    await pass(60_000);
    expect(begun()).toBe(1);
  });

  it('leaves its duplicates alone', async () => {
    const { ask, retries, server } = await aBench({ batches: [whole(503, later)] });
    stopTime();
    const controller = new AbortController();
    const gone = ask('/a', { signal: controller.signal });
    const calls = [ask('/a'), ask('/b')];
    await retries.reaches(2);

    controller.abort();

    expect(await outcomesOf([gone])).toEqual(['AbortError']);
    await pass(10_000 + graceMs);
    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(server.log.seen).toEqual(Array(2).fill('batch: GET /a, GET /b'));
  });

  it('along with all its duplicates leaves no further request', async () => {
    const { ask, begun, retries } = await aBench({ natives: [whole(503, later)] });
    stopTime();
    const controller = new AbortController();
    const init = { signal: controller.signal };
    const calls = [ask('/a', init), ask('/a', init)];
    await retries.reaches(1);

    controller.abort();

    expect(await outcomesOf(calls)).toEqual(['AbortError', 'AbortError']);
    await pass(60_000);
    expect(begun()).toBe(1);
  });

  it('frees the place of an unsafe call, too', async () => {
    const { ask, begun, retries } = await aBench({ natives: [whole(503, later)] });
    stopTime();
    const controller = new AbortController();
    const call = ask('/v', { ...keyedPost(), signal: controller.signal });
    await retries.reaches(1);

    controller.abort();

    expect(await outcomesOf([call])).toEqual(['AbortError']);
    await pass(60_000);
    expect(begun()).toBe(1);
  });
});

describe('a signal that lives long', () => {
  it('has no listeners left when calls that were made again have settled', async () => {
    const { ask } = await aBench({
      batches: [resetAtOnce, whole(503), answering({ '/1': 503, '/2': 503 })],
      natives: [resetAtOnce],
    });
    const { signal } = new AbortController();

    const calls = Array.from({ length: 20 }, (_, n) => ask(`/${String(n)}`, { signal }));
    expect(await outcomesOf(calls)).toContain(200);
    await outcomesOf([ask('/lone', { signal })]);

    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a caller who leaves during an attempt', () => {
  it('is not taken for a failure', async () => {
    const { ask, begun, retries, server } = await aBench({ otherBatches: () => {} });
    stopTime();
    const controller = new AbortController();
    const init = { signal: controller.signal };
    const calls = [ask('/a', init), ask('/w', { ...post(), ...init })];
    await server.batches.reaches(1);

    controller.abort();

    expect(await outcomesOf(calls)).toEqual(['AbortError', 'AbortError']);
    await server.batches.seen[0]?.closed;
    await pass(60_000);
    expect([begun(), retries.seen]).toEqual([1, []]);
  });
});

describe('a client that is disposed of during the pause before a retry', () => {
  it.each([
    ['a failed batch', { batches: [resetAtOnce] }, 'network'],
    ['a refused batch', { batches: [whole(503, later)] }, 503],
  ])('settles its calls at once with what they came to: %s', async (_, script, outcome) => {
    const { ask, begun, carpool, retries, server } = await aBench(script, {
      retry: { delay: '10s' },
    });
    stopTime();
    const calls = [ask('/a'), ask('/b'), ask('/v', keyedPost())];
    await retries.reaches(3);

    await carpool.dispose();

    expect(await outcomesOf(calls)).toEqual([outcome, outcome, outcome]);
    await pass(60_000);
    expect(begun()).toBe(1);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, POST /v']);
    await expect(carpool.fetch(`${server.origin}/c`)).rejects.toMatchObject({ code: 'closed' });
  });

  it('has no unsafe call carried out twice', async () => {
    const { ask, carpool, retries, server } = await aBench(
      { batches: [resetAtOnce] },
      { retry: { delay: '10s' } },
    );
    stopTime();
    const calls = [ask('/a'), ask('/w', post())];
    await retries.reaches(1);

    await carpool.dispose();

    expect((await outcomesOf(calls))[1]).toBe('network');
    expect(server.runs()['POST /w']).toBe(1);
  });
});

describe('a client that is disposed of during an attempt', () => {
  it('waits for it, and makes none after it', async () => {
    const { ask, begun, carpool, retries, server } = await aBench({ batches: [hang] });
    const calls = [ask('/a'), ask('/w', post()), ask('/v', keyedPost())];
    await server.batches.reaches(1);

    const disposed = carpool.dispose();
    server.batches.seen[0]?.reset();
    await disposed;

    expect(await outcomesOf(calls)).toEqual(['network', 'network', 'network']);
    expect([begun(), retries.seen]).toEqual([1, []]);
    expect(server.runs()).toEqual({ 'GET /a': 1, 'POST /w': 1, 'POST /v': 1 });
  });
});

describe('a flush during the pause before a retry', () => {
  it('resolves when the retried calls have settled', async () => {
    const { ask, carpool, retries, server } = await aBench(
      { batches: [resetAtOnce] },
      { retry: { delay: 100 } },
    );
    stopTime();
    const calls = [ask('/a'), ask('/b')];
    await retries.reaches(2);

    const flushed = carpool.flush();
    await pass(100);
    await flushed;

    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(server.log.seen).toHaveLength(2);
  });
});
