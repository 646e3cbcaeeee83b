import { describe, expect, it, vi } from 'vitest';
import {
  aBench,
  batchesIn,
  nativesIn,
  outcomesOf,
  pass,
  post,
  stopTime,
  accepts,
  stepsOf,
  pair,
  pairs,
} from './bench.ts';
import {
  answering,
  good,
  hang,
  linesOf,
  ofType,
  onlyLinesOf,
  resetAtOnce,
  whole,
  type Step,
} from './faulty-server.ts';

const second = 1000;

const failures: [string, Step][] = [
  ['are reset', resetAtOnce],
  ['are cut', onlyLinesOf(1)],
  ['break off with a line that is not JSON', onlyLinesOf(0, '<html>\n')],
  ['are answered with something else', ofType('text/html', '<h1>Oops</h1>')],
  ['are answered 500', whole(500)],
  ['are answered 502', whole(502)],
  ['are answered 503', whole(503)],
  ['are answered 504', whole(504)],
];

describe.each(failures)('batches that %s', (_, fail) => {
  it('five times in a row step from streamed to buffered, ten times to unbatched', async () => {
    const bench = await aBench({ otherBatches: fail }, { retry: false });

    await pairs(bench, 4, 's');
    expect(stepsOf(bench)).toEqual([]);
    await pair(bench, 's4');
    expect(stepsOf(bench)).toEqual(['failing: buffered']);
    await pairs(bench, 4, 'b');
    expect(stepsOf(bench)).toHaveLength(1);
    await pair(bench, 'b4');
    expect(stepsOf(bench)).toEqual(['failing: buffered', 'failing: unbatched']);
    const last = await pair(bench, 'n');

    expect(last).toEqual([200, 200]);
    expect(accepts(bench)).toEqual([...Array(5).fill('streamed'), ...Array(5).fill('buffered')]);
    expect(nativesIn(bench.server)).toEqual(['GET /n/a', 'GET /n/b']);
    const step = { url: bench.server.endpoint, method: 'POST' };
    expect(bench.steps.seen).toMatchObject([step, step]);
    expect(bench.fallbacks.seen.map(({ reason }) => reason)).toEqual(['breaker', 'breaker']);
  });

  it('four times in a row, and then do not, step nowhere', async () => {
    const bench = await aBench(
      { batches: [fail, fail, fail, fail, good, fail, fail, fail, fail, good] },
      { retry: false },
    );

    await pairs(bench, 10, 'p');

    expect(bench.steps.seen).toEqual([]);
    expect(accepts(bench)).toEqual(Array(10).fill('streamed'));
    expect(bench.server.natives.seen).toEqual([]);
  });
});

describe('batches whose connection is refused', () => {
  it('step as those that fail otherwise', async () => {
    const bench = await aBench({}, { retry: false });
    await bench.server.refuse();
    await pairs(bench, 10, 'p');
    expect(stepsOf(bench)).toEqual(['failing: buffered', 'failing: unbatched']);
    await bench.server.accept();

    const calls = await pair(bench, 'n');

    expect(calls).toEqual([200, 200]);
    expect(bench.server.batches.seen).toEqual([]);
  });

  it('step nowhere without a network', async () => {
    const bench = await aBench({}, { retry: false });
    await bench.server.refuse();
    vi.stubGlobal('navigator', { onLine: false });

    await pairs(bench, 12, 'p');

    expect(bench.steps.seen).toEqual([]);
    expect(bench.batches.seen).toHaveLength(12);
  });
});

describe('retries of one call', () => {
  it('count as failures, and what is left of them goes the road that then is open', async () => {
    const bench = await aBench(
      { otherBatches: resetAtOnce },
      { retry: { limit: 12, delay: 1, maxDelay: 2 } },
    );

    const calls = await pair(bench, 'p');

    expect(calls).toEqual([200, 200]);
    expect(accepts(bench)).toEqual([...Array(5).fill('streamed'), ...Array(5).fill('buffered')]);
    expect(nativesIn(bench.server)).toEqual(['GET /p/a', 'GET /p/b']);
    expect(stepsOf(bench)).toEqual(['failing: buffered', 'failing: unbatched']);
    expect(bench.carpool.stats().retries).toBe(20);
  });

  it('have no unsafe call carried out twice on the way', async () => {
    const bench = await aBench({ otherBatches: resetAtOnce });

    const outcomes: (number | string)[] = [];
    for (let n = 0; n < 11; n++) {
      const path = `/${String(n)}`;
      outcomes.push(
        ...(await outcomesOf([bench.ask(`${path}/w`, post()), bench.ask(`${path}/x`, post())])),
      );
    }

    expect(outcomes).toEqual([...Array(20).fill('network'), 200, 200]);
    expect(Object.values(bench.server.runs())).toEqual(Array(22).fill(1));
    expect(bench.server.batches.seen).toHaveLength(10);
  });
});

describe('what is no failure of the endpoint', () => {
  it.each<[string, Step]>([
    ['401', whole(401)],
    ['403', whole(403)],
    ['429', whole(429)],
    ['400', whole(400)],
    ['items that fail', answering({ '/0/a': 500, '/1/a': 503, '/2/a': 502, '/3/a': 504 })],
  ])('steps nowhere: %s', async (_, step) => {
    const bench = await aBench({ otherBatches: step }, { retry: false });

    for (let n = 0; n < 11; n++) await pair(bench, n);

    expect(bench.steps.seen).toEqual([]);
    expect(accepts(bench)).toEqual(Array(11).fill('streamed'));
    expect(bench.server.natives.seen).toEqual([]);
  });

  it('steps nowhere: calls that take longer than they may, while others are answered', async () => {
    const bench = await aBench({ otherBatches: linesOf(1) }, { retry: false, timeout: 1000 });
    stopTime();

    for (let n = 0; n < 11; n++) {
      const calls = [bench.ask(`/${String(n)}/a`), bench.ask(`/${String(n)}/b`)];
      await calls[0];
      await pass(1000);
      expect(await outcomesOf(calls)).toEqual([200, 'timeout']);
      await bench.batches.reaches(n + 1);
      expect(bench.steps.seen, `after ${String(n + 1)} batches`).toEqual([]);
    }

    expect(accepts(bench)).toEqual(Array(11).fill('streamed'));
  });

  it('steps nowhere: callers who leave', async () => {
    const bench = await aBench({ otherBatches: hang }, { retry: false });

    for (let n = 0; n < 11; n++) {
      const controller = new AbortController();
      const init = { signal: controller.signal };
      const calls = [bench.ask(`/${String(n)}/a`, init), bench.ask(`/${String(n)}/b`, init)];
      await bench.server.batches.reaches(n + 1);
      controller.abort();
      expect(await outcomesOf(calls)).toEqual(['AbortError', 'AbortError']);
      await bench.server.batches.seen[n]?.closed;
    }

    expect(bench.steps.seen).toEqual([]);
    expect(accepts(bench)).toEqual(Array(11).fill('streamed'));
  });
});

describe('an endpoint that has failed', () => {
  it('is asked again after 10 s, and batching is back if it has recovered', async () => {
    const bench = await aBench(
      { batches: Array(10).fill(resetAtOnce) as Step[] },
      { retry: false },
    );
    stopTime();
    await pairs(bench, 10, 'p');
    await pass(10 * second - 1);
    await pair(bench, 'early');
    expect(bench.server.batches.seen).toHaveLength(10);
    await pass(1);

    expect(await pair(bench, 'probe')).toEqual([200, 200]);
    await bench.steps.reaches(3);
    expect(await pair(bench, 'after')).toEqual([200, 200]);

    expect(bench.server.batches.seen).toHaveLength(12);
    expect(batchesIn(bench.server).at(-1)).toBe('GET /after/a, GET /after/b');
    expect(stepsOf(bench)).toEqual([
      'failing: buffered',
      'failing: unbatched',
      'recovered: streamed',
    ]);
    expect(accepts(bench).at(-1)).toBe('streamed');
    expect(bench.server.runs()['GET /probe/a']).toBe(1);
  });

  it('is asked with safe calls only, and they go by themselves when it fails', async () => {
    const bench = await aBench(
      { batches: Array(11).fill(resetAtOnce) as Step[] },
      { retry: false },
    );
    stopTime();
    await pairs(bench, 10, 'p');
    await pass(10 * second);

    const probe = [bench.ask('/a'), bench.ask('/w', post()), bench.ask('/b')];

    expect(await outcomesOf(probe)).toEqual([200, 200, 200]);
    expect(batchesIn(bench.server).at(-1)).toBe('GET /a, GET /b');
    expect(nativesIn(bench.server).sort()).toEqual(['GET /a', 'GET /b', 'POST /w']);
  });

  it('costs its calls no retry', async () => {
    const bench = await aBench({ otherBatches: resetAtOnce }, { retry: { limit: 1, delay: 0 } });
    stopTime();
    const settled = pairs(bench, 5, 'p');
    while (bench.steps.seen.length < 2) await pass(0);
    await settled;
    await pass(10 * second);

    const before = bench.retries.seen.length;
    const probe = [bench.ask('/a'), bench.ask('/b')];

    expect(await outcomesOf(probe)).toEqual([200, 200]);
    expect(bench.retries.seen).toHaveLength(before);
    expect(bench.server.batches.seen).toHaveLength(11);
    expect(nativesIn(bench.server)).toEqual(['GET /a', 'GET /b']);
  });

  it('is asked after 20 s when it still fails, and no unsafe call is carried out twice', async () => {
    const bench = await aBench(
      { batches: Array(11).fill(resetAtOnce) as Step[] },
      { retry: false },
    );
    stopTime();
    await pairs(bench, 10, 'p');
    await pass(10 * second);
    const probe = [bench.ask('/probe/a'), bench.ask('/probe/w', post()), bench.ask('/probe/b')];
    await outcomesOf(probe);
    expect(bench.server.batches.seen).toHaveLength(11);
    await pass(20 * second - 1);
    await pair(bench, 'early');
    expect(bench.server.batches.seen).toHaveLength(11);
    await pass(1);

    expect(await pair(bench, 'late')).toEqual([200, 200]);
    expect(bench.server.batches.seen).toHaveLength(12);
    expect(bench.server.runs()['POST /probe/w']).toBe(1);
  });
});
