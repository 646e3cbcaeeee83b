import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import {
  aBench,
  keyedPost,
  outcomesOf,
  pass,
  pathsOf,
  post,
  stopTime,
  watchBytes,
} from './bench.ts';
import { beginningOf, hang, linesOf, trickle } from './faulty-server.ts';

describe('an answer whose head does not come', () => {
  const attemptTimeout = 1000;

  it('is given up after `attemptTimeout`, and its calls are sent again, together', async () => {
    const { ask, carpool, retries, server } = await aBench(
      { batches: [hang] },
      { retry: { delay: 1, attemptTimeout } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b'), ask('/v', keyedPost())];
    await server.batches.reaches(1);
    await pass(999);
    expect(retries.seen).toEqual([]);
    await pass(1);
    await server.batches.seen[0]?.closed;
    await retries.reaches(3);
    await pass(1);

    expect(await pathsOf(calls)).toEqual(['/a', '/b', '/v']);
    expect(server.log.seen).toEqual(Array(2).fill('batch: GET /a, GET /b, POST /v'));
    expect(server.runs()).toEqual({ 'GET /a': 2, 'GET /b': 2, 'POST /v': 1 });
    expect(retries.seen.map(({ error }) => (error as { code: string }).code)).toEqual(
      Array(3).fill('timeout'),
    );
    expect(carpool.stats().retries).toBe(3);
  });

  it('fails an unsafe call, which has been carried out once, after `attemptTimeout`', async () => {
    const { ask, retries, server } = await aBench(
      { batches: [hang] },
      { retry: { delay: 1, attemptTimeout } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/w', post()), ask('/b')];
    await server.batches.reaches(1);
    await pass(1000);
    expect(await outcomesOf([calls[1]!])).toEqual(['timeout']);
    await retries.reaches(2);
    await pass(1);

    expect(await outcomesOf(calls)).toEqual([200, 'timeout', 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w, GET /b', 'batch: GET /a, GET /b']);
    expect(server.runs()['POST /w']).toBe(1);
  });

  it('fails its calls when the limit is reached', async () => {
    const { ask, retries, server } = await aBench(
      { otherBatches: hang },
      { retry: { delay: 1, attemptTimeout } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    for (const n of [1, 2]) {
      await server.batches.reaches(n);
      await pass(1000);
      await retries.reaches(2 * n);
      await pass(2);
    }
    await server.batches.reaches(3);
    await pass(1000);

    expect(await outcomesOf(calls)).toEqual(['timeout', 'timeout']);
    expect(server.log.seen).toEqual(Array(3).fill('batch: GET /a, GET /b'));
  });

  it('of a lone call is given up after `attemptTimeout` too', async () => {
    const { ask, retries, server } = await aBench(
      { natives: [hang] },
      { retry: { delay: 1, attemptTimeout } },
    );
    stopTime();

    const call = ask('/a');
    await server.natives.reaches(1);
    await pass(1000);
    await server.natives.seen[0]?.closed;
    await retries.reaches(1);
    await pass(1);

    expect(await pathsOf([call])).toEqual(['/a']);
    expect(server.log.seen).toEqual(['native: GET /a', 'native: GET /a']);
  });

  it('fails its calls after `timeout`, for good', async () => {
    const { ask, begun, carpool, retries, server } = await aBench(
      { batches: [hang] },
      { timeout: 1000, retry: { delay: 1 } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/w', post()), ask('/v', keyedPost())];
    await server.batches.reaches(1);
    await pass(1000);

    expect(await outcomesOf(calls)).toEqual(['timeout', 'timeout', 'timeout']);
    await server.batches.seen[0]?.closed;
    await pass(60_000);
    expect([begun(), retries.seen, carpool.stats().retries]).toEqual([1, [], 0]);
  });

  it('fails its calls after `timeout`, whatever is left of the attempt', async () => {
    const { ask, begun, retries, server } = await aBench(
      { otherBatches: hang },
      { timeout: 1500, retry: { delay: 1, attemptTimeout } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    await server.batches.reaches(1);
    await pass(1000);
    await retries.reaches(2);
    await pass(1);
    await server.batches.reaches(2);
    await pass(499);

    expect(await outcomesOf(calls)).toEqual(['timeout', 'timeout']);
    await server.batches.seen[1]?.closed;
    await pass(60_000);
    expect(begun()).toBe(2);
  });

  it('has no retry begun after `timeout`', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    const { ask, begun } = await aBench(
      { batches: [({ reset }) => reset()] },
      { timeout: 1000, retry: { delay: '10s' } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    await pass(60_000);

    for (const outcome of await outcomesOf(calls)) expect(outcome).toMatch(/^(?:network|timeout)$/);
    expect(begun()).toBe(1);
  });
});

describe('a stream that falls silent', () => {
  const idleTimeout = 1000;

  it.each([0, 2])(
    'behind %s parts is cut, and the others are sent again, together',
    async (count) => {
      const bytes = watchBytes();
      const { ask, retries, server } = await aBench(
        { batches: [linesOf(count, '\n')] },
        { idleTimeout },
      );
      stopTime();

      const calls = ['/a', '/b', '/c', '/d'].map((path) => ask(path));
      await Promise.all(calls.slice(0, count));
      await bytes.reaches(1);
      await nextTurn();
      await pass(999);
      expect(retries.seen).toEqual([]);
      await pass(1);
      await server.batches.seen[0]?.closed;
      await retries.reaches(4 - count);
      await pass(1);

      expect(await pathsOf(calls)).toEqual(['/a', '/b', '/c', '/d']);
      const rest = ['GET /a', 'GET /b', 'GET /c', 'GET /d'].slice(count).join(', ');
      expect(server.log.seen).toEqual(['batch: GET /a, GET /b, GET /c, GET /d', `batch: ${rest}`]);
    },
  );

  it('fails an unsafe call, which has been carried out once', async () => {
    const { ask, retries, server } = await aBench({ batches: [linesOf(1)] }, { idleTimeout });
    stopTime();

    const calls = [ask('/a'), ask('/w', post()), ask('/b'), ask('/v', keyedPost())];
    await calls[0];
    await pass(1000);
    expect(await outcomesOf([calls[1]!])).toEqual(['timeout']);
    await retries.reaches(2);
    await pass(1);

    expect(await outcomesOf(calls)).toEqual([200, 'timeout', 200, 200]);
    expect(server.log.seen).toEqual([
      'batch: GET /a, POST /w, GET /b, POST /v',
      'batch: GET /b, POST /v',
    ]);
    expect(server.runs()).toEqual({ 'GET /a': 1, 'POST /w': 1, 'GET /b': 2, 'POST /v': 1 });
  });

  it('fails its calls when the limit is reached', async () => {
    const bytes = watchBytes();
    const { ask, retries, server } = await aBench(
      { otherBatches: linesOf(0, '\n') },
      { idleTimeout },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    for (const n of [1, 2, 3]) {
      await bytes.reaches(n);
      await nextTurn();
      await pass(1000);
      await retries.reaches(Math.min(2 * n, 4));
      await pass(2);
    }

    expect(await outcomesOf(calls)).toEqual(['timeout', 'timeout']);
    expect(server.log.seen).toEqual(Array(3).fill('batch: GET /a, GET /b'));
  });

  it('fails its calls at once without retry', async () => {
    const { ask, begun } = await aBench({ batches: [linesOf(1)] }, { idleTimeout, retry: false });
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    await calls[0];
    await pass(1000);

    expect(await outcomesOf(calls)).toEqual([200, 'timeout']);
    expect(begun()).toBe(1);
  });

  it('is not cut where there is no limit', async () => {
    const { ask, begun, server } = await aBench(
      { batches: [linesOf(1)] },
      { idleTimeout: false, timeout: false },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    await calls[0];
    await pass(120_000);
    server.batches.seen[0]?.end('{"id":"1","status":204}\n{"stats":{"total":2}}\n');

    expect(await outcomesOf(calls)).toEqual([200, 204]);
    expect(begun()).toBe(1);
  });

  it('is kept alive by heartbeats, and cut when they end', async () => {
    const bytes = watchBytes();
    const { ask, begun, retries, server } = await aBench(
      { batches: [linesOf(0, '\n')] },
      { idleTimeout },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    for (const n of [1, 2, 3, 4]) {
      await bytes.reaches(n);
      await nextTurn();
      await pass(900);
      server.batches.seen[0]?.write('\n');
    }
    await bytes.reaches(5);
    await nextTurn();
    await pass(999);
    expect([begun(), retries.seen]).toEqual([1, []]);
    await pass(1);
    await retries.reaches(2);
    await pass(1);

    expect(await pathsOf(calls)).toEqual(['/a', '/b']);
    expect(server.log.seen).toEqual(Array(2).fill('batch: GET /a, GET /b'));
  });

  it('is cut by `timeout` however often it gives a sign of life', async () => {
    const bytes = watchBytes();
    const { ask, begun, server } = await aBench(
      { batches: [linesOf(0, '\n')] },
      { idleTimeout, timeout: 3000 },
    );
    stopTime();

    const calls = [ask('/a'), ask('/v', keyedPost())];
    for (const n of [1, 2, 3, 4]) {
      await bytes.reaches(n);
      await nextTurn();
      await pass(750);
      server.batches.seen[0]?.write('\n');
    }

    expect(await outcomesOf(calls)).toEqual(['timeout', 'timeout']);
    await server.batches.seen[0]?.closed;
    expect(begun()).toBe(1);
  });

  it('in the answer to the whole is cut as well', async () => {
    const bytes = watchBytes();
    const { ask, retries, server } = await aBench({ batches: [beginningOf(500)] }, { idleTimeout });
    stopTime();

    const calls = [ask('/a'), ask('/w', post()), ask('/b')];
    await bytes.reaches(1);
    await nextTurn();
    await pass(1000);
    await server.batches.seen[0]?.closed;
    await retries.reaches(2);
    await pass(1);

    expect(await outcomesOf(calls)).toEqual([200, 'timeout', 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w, GET /b', 'batch: GET /a, GET /b']);
  });

  it('behind its last part keeps no slot, and is no failure', async () => {
    const { ask, server, steps } = await aBench({ otherBatches: linesOf(2) }, { maxInFlight: 1 });
    stopTime();

    for (let n = 0; n < 7; n++) {
      const calls = [ask(`/${String(n)}/a`), ask(`/${String(n)}/b`)];
      await server.batches.reaches(n + 1);
      expect(await outcomesOf(calls)).toEqual([200, 200]);
      await pass(1000);
      await server.batches.seen[n]?.closed;
    }

    expect(server.batches.seen).toHaveLength(7);
    expect([server.natives.seen, steps.seen]).toEqual([[], []]);
  });

  it('that speaks in time is one request', async () => {
    const bytes = watchBytes();
    const { ask, batches, server } = await aBench(
      { batches: [linesOf(0, '\n')] },
      { idleTimeout, timeout: false },
    );
    stopTime();

    const calls = [ask('/a'), ask('/w', post())];
    const text = '{"id":"1","status":201}\n{"id":"0","status":200}\n';
    await bytes.reaches(1);
    // Slower than the limit as a whole, and each byte within it.
    for (let n = 0; n < text.length; n++) {
      await nextTurn();
      await pass(500);
      server.batches.seen[0]?.write(text[n]!);
      await bytes.reaches(n + 2);
    }
    server.batches.seen[0]?.end('{"stats":{"total":2}}\n');

    expect(await outcomesOf(calls)).toEqual([200, 201]);
    await batches.reaches(1);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w']);
  });
});

describe('a slow stream', () => {
  it('keeps neither its time limits nor its timers when it has ended', async () => {
    const { ask, batches, begun } = await aBench(
      { batches: [trickle] },
      { idleTimeout: 1000, timeout: 5000, retry: { delay: 1, attemptTimeout: 2000 } },
    );
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    await outcomesOf(calls);
    await batches.reaches(1);
    await nextTurn();

    // Node's own `fetch` has one.
    expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
    await pass(60_000);

    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(begun()).toBe(1);
  });
});
