import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  aBench,
  batchesIn,
  keyedPost,
  nativesIn,
  outcomesOf,
  pass,
  pathsOf,
  post,
  stopTime,
  watchBytes,
} from './bench.ts';
import {
  beginningOf,
  createFaultyServer,
  good,
  hang,
  resetAtOnce,
  whole,
} from './faulty-server.ts';

const statuses = [404, 405, 415, 501];
const second = 1000;

describe.each(statuses)('an endpoint that answers %s', (status) => {
  it('has the calls of that batch go by themselves at once, each once', async () => {
    const { ask, retries, server, steps } = await aBench({ otherBatches: whole(status) });

    const calls = [ask('/a'), ask('/w', post()), ask('/b'), ask('/v', keyedPost())];

    expect(await pathsOf(calls)).toEqual(['/a', '/w', '/b', '/v']);
    expect(batchesIn(server)).toEqual(['GET /a, POST /w, GET /b, POST /v']);
    expect(nativesIn(server)).toEqual(['GET /a', 'GET /b', 'POST /v', 'POST /w']);
    expect(server.runs()).toEqual({ 'GET /a': 1, 'POST /w': 1, 'GET /b': 1, 'POST /v': 1 });
    expect(retries.seen).toEqual([]);
    expect(steps.seen).toEqual([
      { url: server.endpoint, method: 'POST', reason: 'missing', level: 'unbatched' },
    ]);
  });

  it('has later calls go by themselves, too', async () => {
    const { ask, fallbacks, server, steps } = await aBench({ otherBatches: whole(status) });
    await outcomesOf([ask('/a'), ask('/b')]);
    const before = fallbacks.seen.length;

    const calls = [ask('/c'), ask('/w', post()), ask('/d')];

    expect(await pathsOf(calls)).toEqual(['/c', '/w', '/d']);
    expect(batchesIn(server)).toEqual(['GET /a, GET /b']);
    expect(nativesIn(server)).toEqual(['GET /a', 'GET /b', 'GET /c', 'GET /d', 'POST /w']);
    expect(fallbacks.seen.slice(before)).toEqual([
      { url: `${server.origin}/c`, method: 'GET', reason: 'breaker' },
      { url: `${server.origin}/w`, method: 'POST', reason: 'breaker' },
      { url: `${server.origin}/d`, method: 'GET', reason: 'breaker' },
    ]);
    expect(steps.seen).toHaveLength(1);
  });

  it('does so without retry', async () => {
    const { ask, server } = await aBench({ otherBatches: whole(status) }, { retry: false });

    const calls = [ask('/a'), ask('/w', post())];

    expect(await pathsOf(calls)).toEqual(['/a', '/w']);
    expect(await pathsOf([ask('/b'), ask('/c')])).toEqual(['/b', '/c']);
    expect(batchesIn(server)).toEqual(['GET /a, POST /w']);
    expect(nativesIn(server)).toEqual(['GET /a', 'GET /b', 'GET /c', 'POST /w']);
  });

  it('is asked again after 10 s, and batching is back if it has come', async () => {
    const { ask, server, steps } = await aBench({ batches: [whole(status)] });
    stopTime();
    await outcomesOf([ask('/a'), ask('/b')]);
    await pass(10 * second - 1);
    await outcomesOf([ask('/c'), ask('/d')]);
    expect(server.batches.seen).toHaveLength(1);
    await pass(1);

    const probes = [ask('/e'), ask('/w', post()), ask('/f')];
    expect(await pathsOf(probes)).toEqual(['/e', '/w', '/f']);
    await steps.reaches(2);
    const calls = [ask('/g'), ask('/x', post()), ask('/h')];

    expect(await pathsOf(calls)).toEqual(['/g', '/x', '/h']);
    expect(server.batches.seen).toHaveLength(3);
    expect(batchesIn(server).at(-1)).toBe('GET /g, POST /x, GET /h');
    expect(server.runs()).toEqual(
      Object.fromEntries(
        ['/a', '/b', '/c', '/d', '/e', '/f', '/g', '/h']
          .map((path) => [`GET ${path}`, 1])
          .concat([
            ['POST /w', 1],
            ['POST /x', 1],
          ]),
      ),
    );
    expect(steps.seen.map(({ reason }) => reason)).toEqual(['missing', 'recovered']);
  });
});

describe('an endpoint that takes no compressed bodies after all', () => {
  it('is sent them as they are, and counts as there', async () => {
    const { ask, server, steps } = await aBench({
      batches: [
        ({ head, end, run }) => {
          head(200, { 'content-type': 'application/x-ndjson', 'accept-encoding': 'gzip' });
          end(`${run().join('')}{"stats":{}}\n`);
        },
        whole(415),
      ],
    });
    await outcomesOf([ask('/a'), ask('/b')]);
    const long = `/${'c'.repeat(2000)}`;

    const calls = [ask(long), ask('/w', post())];

    expect(await pathsOf(calls)).toEqual([long, '/w']);
    expect(server.batches.seen.map(({ headers }) => headers['content-encoding'])).toEqual([
      undefined,
      'gzip',
      undefined,
    ]);
    expect(server.runs()['POST /w']).toBe(1);
    expect([server.natives.seen, steps.seen]).toEqual([[], []]);
  });
});

describe('a missing endpoint', () => {
  it('whose answer does not end has its calls go by themselves when it has been silent for long', async () => {
    const bytes = watchBytes();
    const { ask, begun, server } = await aBench(
      { batches: [beginningOf(404)] },
      { idleTimeout: 1000 },
    );
    stopTime();

    const calls = [ask('/a'), ask('/w', post())];
    await bytes.reaches(1);
    await nextTurn();
    await pass(1000);
    expect(begun()).toBe(3);

    expect(await pathsOf(calls)).toEqual(['/a', '/w']);
    expect(batchesIn(server)).toEqual(['GET /a, POST /w']);
    expect(nativesIn(server)).toEqual(['GET /a', 'POST /w']);
  });

  it('that a lone call finds has that call go by itself', async () => {
    const { ask, server } = await aBench({ otherBatches: whole(404) }, { batchSingle: true });

    const calls = [await outcomesOf([ask('/w', post())]), await outcomesOf([ask('/a')])];

    expect(calls).toEqual([[200], [200]]);
    expect(server.log.seen).toEqual(['batch: POST /w', 'native: POST /w', 'native: GET /a']);
  });

  it('that several batches find at once is one step', async () => {
    const { ask, server, steps } = await aBench({ otherBatches: whole(404) }, { maxItems: 2 });

    const calls = ['/a', '/b', '/c', '/d', '/e', '/f'].map((path) => ask(path));

    expect(await outcomesOf(calls)).toEqual(Array(6).fill(200));
    expect(server.batches.seen).toHaveLength(3);
    expect(nativesIn(server)).toEqual(['GET /a', 'GET /b', 'GET /c', 'GET /d', 'GET /e', 'GET /f']);
    expect(steps.seen.map(({ reason }) => reason)).toEqual(['missing']);
  });

  it('has calls that fail by themselves sent again, by themselves', async () => {
    const { ask, server } = await aBench({
      otherBatches: whole(404),
      natives: [resetAtOnce, resetAtOnce],
    });

    const calls = [ask('/a'), ask('/b')];

    expect(await pathsOf(calls)).toEqual(['/a', '/b']);
    expect(batchesIn(server)).toEqual(['GET /a, GET /b']);
    expect(nativesIn(server)).toEqual(['GET /a', 'GET /a', 'GET /b', 'GET /b']);
  });

  it('has an unsafe call that fails by itself fail', async () => {
    const { ask, server } = await aBench({ otherBatches: whole(404), otherNatives: resetAtOnce });

    const calls = [ask('/w', post()), ask('/x', post())];

    expect(await outcomesOf(calls)).toEqual(['TypeError', 'TypeError']);
    expect(nativesIn(server)).toEqual(['POST /w', 'POST /x']);
    expect(server.runs()).toEqual({ 'POST /w': 1, 'POST /x': 1 });
  });

  it('has native answers handed on as they are', async () => {
    const { ask, server } = await aBench({ otherBatches: whole(404), natives: [whole(404), good] });

    const outcomes = await outcomesOf([ask('/a'), ask('/b')]);

    expect(outcomes.map(String).sort()).toEqual(['200', '404']);
    expect(nativesIn(server)).toEqual(['GET /a', 'GET /b']);
  });

  it('is asked by one batch at a time; others go by themselves until that is answered', async () => {
    const { ask, server } = await aBench({ batches: [whole(404), hang] });
    stopTime();
    await outcomesOf([ask('/a'), ask('/b')]);
    await pass(10 * second);

    const probes = [ask('/c'), ask('/d')];
    await server.batches.reaches(2);
    const others = [ask('/e'), ask('/f')];
    expect(await pathsOf(others)).toEqual(['/e', '/f']);
    const { items, head, end } = server.batches.seen[1]!;
    head(200, { 'content-type': 'application/x-ndjson' });
    end(`${items.map(({ id }) => `{"id":"${id}","status":204}\n`).join('')}{"stats":{}}\n`);

    expect((await outcomesOf(probes)).every((status) => status === 204 || status === 200)).toBe(
      true,
    );
    expect(server.batches.seen).toHaveLength(2);
  });

  it('is asked ever less often, up to every 5 minutes', async () => {
    const { ask, server, steps } = await aBench({ otherBatches: whole(404) });
    stopTime();
    await outcomesOf([ask('/0/a'), ask('/0/b')]);

    const pauses = [10, 20, 40, 80, 160, 300, 300];
    for (const [n, pause] of pauses.entries()) {
      const path = `/${String(n + 1)}`;
      await pass(pause * second - 1);
      await outcomesOf([ask(`${path}/a`), ask(`${path}/b`)]);
      expect(server.batches.seen, `before ${String(pause)} s`).toHaveLength(n + 1);
      await pass(1);
      await outcomesOf([ask(`${path}/c`), ask(`${path}/w`, post()), ask(`${path}/d`)]);
      expect(server.batches.seen, `after ${String(pause)} s`).toHaveLength(n + 2);
    }

    expect(Object.values(server.runs())).toEqual(Array(2 + 5 * pauses.length).fill(1));
    expect(steps.seen.every(({ level }) => level === 'unbatched')).toBe(true);
  });

  it('that came and went again is asked after 10 s again', async () => {
    const { ask, server, steps } = await aBench({
      batches: [whole(404), whole(404), good, whole(404), good],
    });
    stopTime();
    await outcomesOf([ask('/a'), ask('/b')]);
    await pass(10 * second);
    await outcomesOf([ask('/c'), ask('/d')]);
    await pass(20 * second);
    await outcomesOf([ask('/e'), ask('/f')]);
    await steps.reaches(2);
    await outcomesOf([ask('/g'), ask('/h')]);
    expect(server.batches.seen).toHaveLength(4);
    await pass(10 * second);

    await outcomesOf([ask('/i'), ask('/j')]);

    await steps.reaches(4);
    expect(server.batches.seen).toHaveLength(5);
    expect(steps.seen.map(({ reason }) => reason)).toEqual([
      'missing',
      'recovered',
      'missing',
      'recovered',
    ]);
  });

  it('of one origin says nothing of another’s', async () => {
    const other = await createFaultyServer({});
    onTestFinished(other.close);
    const { ask, server } = await aBench({ otherBatches: whole(404) }, { origins: [other.origin] });
    await outcomesOf([ask('/a'), ask('/b')]);

    const calls = ['/c', '/d'].map((path) => ask(other.origin + path));

    expect(await pathsOf(calls)).toEqual(['/c', '/d']);
    expect(other.log.seen).toEqual(['batch: GET /c, GET /d']);
    expect(server.batches.seen).toHaveLength(1);
  });

  it('that fails when it is asked stays missing, and nothing is lost', async () => {
    const { ask, retries, server } = await aBench({ batches: [whole(404), resetAtOnce] });
    stopTime();
    await outcomesOf([ask('/a'), ask('/b')]);
    await pass(10 * second);

    const calls = [ask('/c'), ask('/d')];

    expect(await pathsOf(calls)).toEqual(['/c', '/d']);
    expect(server.batches.seen).toHaveLength(2);
    expect(retries.seen).toEqual([]);
  });
});
