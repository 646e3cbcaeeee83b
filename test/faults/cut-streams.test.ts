import { describe, expect, it } from 'vitest';
import { aBench, keyedPost, outcomesOf, pathsOf, post, type Bench } from './bench.ts';
import {
  linesOf,
  ofType,
  onlyLinesOf,
  statsLine,
  trickle,
  zippedLinesOf,
  type Exchange,
} from './faulty-server.ts';

const paths = ['/a', '/b', '/c', '/d', '/e'];
const named = (some: readonly string[]): string => some.map((path) => `GET ${path}`).join(', ');

/** Asks for all `paths`; breaks the answer off, as `how` says, when the first `count` of them are there. */
async function cutBehind(
  { ask, server }: Bench,
  count: number,
  how: (exchange: Exchange) => void,
): Promise<Promise<Response>[]> {
  const calls = paths.map((path) => ask(path));
  await server.batches.reaches(1);
  await Promise.all(calls.slice(0, count));
  how(server.batches.seen[0]!);
  return calls;
}

const ends: [string, (exchange: Exchange) => void][] = [
  ['is reset', ({ reset }) => reset()],
  ['is hung up on', ({ hangUp }) => hangUp()],
  ['ends as if that were all', ({ end }) => end()],
  ['ends within a line', ({ end }) => end('{"id":"4","status":200,"head')],
  ['goes on with a line that is not JSON', ({ end }) => end('<html>\n')],
];

describe.each(ends)('a stream that %s', (_, how) => {
  it.each([0, 1, 2, 3])(
    'behind %s of 5 parts has the others sent again, together',
    async (count) => {
      const bench = await aBench({ batches: [linesOf(count)] });

      const calls = await cutBehind(bench, count, how);

      expect(await pathsOf(calls)).toEqual(paths);
      expect(bench.server.log.seen).toEqual([
        `batch: ${named(paths)}`,
        `batch: ${named(paths.slice(count))}`,
      ]);
      await bench.batches.reaches(2);
      expect(bench.batches.seen.map(({ items, answered }) => [items, answered])).toEqual([
        [5, count],
        [5 - count, 5 - count],
      ]);
      expect(bench.server.runs()).toEqual(
        Object.fromEntries(paths.map((path, n) => [`GET ${path}`, n < count ? 1 : 2])),
      );
      expect(bench.carpool.stats().retries).toBe(5 - count);
    },
  );

  it('before the last part has that one sent again, by itself', async () => {
    const bench = await aBench({ batches: [linesOf(4)] });

    const calls = await cutBehind(bench, 4, how);

    expect(await pathsOf(calls)).toEqual(paths);
    expect(bench.server.log.seen).toEqual([`batch: ${named(paths)}`, 'native: GET /e']);
  });

  it('behind the last part does no harm', async () => {
    const bench = await aBench({ batches: [linesOf(5)] });

    const calls = await cutBehind(bench, 5, how);

    expect(await pathsOf(calls)).toEqual(paths);
    expect(bench.server.log.seen).toEqual([`batch: ${named(paths)}`]);
    expect(bench.retries.seen).toEqual([]);
  });
});

describe.each(ends)('an unsafe call in a stream that %s', (_, how) => {
  it('keeps its answer where that has arrived', async () => {
    const bench = await aBench({ batches: [linesOf(1)] });
    const { ask, server } = bench;

    const calls = [ask('/w', post()), ask('/a'), ask('/b')];
    await calls[0];
    how(server.batches.seen[0]!);

    expect(await outcomesOf(calls)).toEqual([200, 200, 200]);
    expect(server.log.seen).toEqual(['batch: POST /w, GET /a, GET /b', 'batch: GET /a, GET /b']);
    expect(server.runs()['POST /w']).toBe(1);
  });

  it('fails where it has not', async () => {
    const { ask, server } = await aBench({ batches: [linesOf(1)] });

    const calls = [ask('/a'), ask('/w', post()), ask('/b'), ask('/c')];
    await calls[0];
    how(server.batches.seen[0]!);

    expect(await outcomesOf(calls)).toEqual([200, expect.any(String), 200, 200]);
    await expect(calls[1]).rejects.toMatchObject({ name: 'BatchError' });
    expect(server.log.seen).toEqual([
      'batch: GET /a, POST /w, GET /b, GET /c',
      'batch: GET /b, GET /c',
    ]);
    expect(server.runs()['POST /w']).toBe(1);
  });

  it('is sent again where it has a key', async () => {
    const { ask, server } = await aBench({ batches: [linesOf(1)] });

    const calls = [ask('/a'), ask('/w', keyedPost()), ask('/b')];
    await calls[0];
    how(server.batches.seen[0]!);

    expect(await outcomesOf(calls)).toEqual([200, 200, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w, GET /b', 'batch: POST /w, GET /b']);
    expect(server.runs()['POST /w']).toBe(1);
  });
});

describe('a stream that is cut again and again', () => {
  it('has ever fewer calls sent again', async () => {
    const { ask, server } = await aBench({ batches: [onlyLinesOf(2), onlyLinesOf(1)] });

    const calls = paths.map((path) => ask(path));

    expect(await pathsOf(calls)).toEqual(paths);
    expect(server.log.seen).toEqual([
      `batch: ${named(paths)}`,
      `batch: ${named(paths.slice(2))}`,
      `batch: ${named(paths.slice(3))}`,
    ]);
  });

  it('fails what is still missing when the limit is reached, and nothing else', async () => {
    const { ask, carpool, server } = await aBench({ otherBatches: onlyLinesOf(1) });

    const calls = paths.map((path) => ask(path));

    expect(await outcomesOf(calls)).toEqual([200, 200, 200, 'missing-part', 'missing-part']);
    expect(server.log.seen).toEqual([
      `batch: ${named(paths)}`,
      `batch: ${named(paths.slice(1))}`,
      `batch: ${named(paths.slice(2))}`,
    ]);
    expect(carpool.stats().retries).toBe(4 + 3);
  });
});

describe('a stream with lines that do not belong to it', () => {
  it('has the calls without an answer sent again', async () => {
    const strays =
      '{"id":"77","status":200}\n{"id":"0","status":500}\n{"id":"1","status":700}\n"ping"\n';
    const { ask, batches, server } = await aBench({
      batches: [onlyLinesOf(1, strays + statsLine(3))],
    });

    const calls = [ask('/a'), ask('/b'), ask('/c')];

    expect(await pathsOf(calls)).toEqual(['/a', '/b', '/c']);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, GET /c', 'batch: GET /b, GET /c']);
    expect(batches.seen[0]).toMatchObject({ answered: 1, strays: 4 });
  });
});

describe('a line that is not JSON', () => {
  it('gives up the connection', async () => {
    const { ask, server } = await aBench({ batches: [linesOf(1, '<html>\n')] });

    const calls = [ask('/a'), ask('/b'), ask('/c')];

    expect(await pathsOf(calls)).toEqual(['/a', '/b', '/c']);
    await server.batches.seen[0]?.closed;
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, GET /c', 'batch: GET /b, GET /c']);
  });

  it('fails the calls behind it when the limit is reached', async () => {
    const { ask, server } = await aBench({ otherBatches: onlyLinesOf(0, '<html>\n') });

    const calls = [ask('/a'), ask('/b')];

    expect(await outcomesOf(calls)).toEqual(['protocol', 'protocol']);
    expect(server.log.seen).toEqual(Array(3).fill('batch: GET /a, GET /b'));
  });
});

describe.each([
  ['text/html', '<h1>Maintenance</h1>'],
  ['text/plain', ''],
  ['application/json', '{"error":"no responses here"}'],
  ['application/json', '{"responses":['],
  ['application/json', ''],
])('an answer that is none, %s: %s', (type, text) => {
  it('has the calls sent again, together; an unsafe one fails', async () => {
    const { ask, batches, server } = await aBench({ batches: [ofType(type, text)] });

    const calls = [ask('/a'), ask('/w', post()), ask('/b'), ask('/v', keyedPost())];

    expect(await outcomesOf(calls)).toEqual([200, 'protocol', 200, 200]);
    expect(server.log.seen).toEqual([
      'batch: GET /a, POST /w, GET /b, POST /v',
      'batch: GET /a, GET /b, POST /v',
    ]);
    expect(server.runs()).toEqual({ 'GET /a': 2, 'POST /w': 1, 'GET /b': 2, 'POST /v': 1 });
    expect(batches.seen[0]).toMatchObject({
      status: 200,
      answered: 0,
      error: { code: 'protocol' },
    });
  });

  it('fails the calls when the limit is reached', async () => {
    const { ask, server } = await aBench({ otherBatches: ofType(type, text) });

    const calls = [ask('/a'), ask('/b')];

    expect(await outcomesOf(calls)).toEqual(['protocol', 'protocol']);
    expect(server.log.seen).toEqual(Array(3).fill('batch: GET /a, GET /b'));
  });
});

describe.each([
  ['is reset', ({ reset }: Exchange): void => reset()],
  ['is hung up on', ({ hangUp }: Exchange): void => hangUp()],
  ['ends too early', ({ end }: Exchange): void => end()],
])('a buffered answer that %s', (_, how) => {
  it('has all calls sent again, together; an unsafe one fails', async () => {
    const { ask, server } = await aBench({
      batches: [
        ({ head, run, write }) => {
          head(200, { 'content-type': 'application/json' });
          write(`{"responses":[${run()[0]!},`);
        },
      ],
    });

    const calls = [ask('/a'), ask('/w', post()), ask('/b'), ask('/v', keyedPost())];
    await server.batches.reaches(1);
    how(server.batches.seen[0]!);

    expect(await outcomesOf(calls)).toEqual([200, expect.any(String), 200, 200]);
    expect(server.log.seen).toEqual([
      'batch: GET /a, POST /w, GET /b, POST /v',
      'batch: GET /a, GET /b, POST /v',
    ]);
    expect(server.runs()).toEqual({ 'GET /a': 2, 'POST /w': 1, 'GET /b': 2, 'POST /v': 1 });
  });
});

describe('a compressed stream', () => {
  const zipEnds: [string, (exchange: Exchange) => void, string?][] = [
    ['is cut short', ({ end }) => end()],
    ['is cut short within a line', ({ end }) => end(), '{"id":"3","status":200,"he'],
    ['is reset', ({ reset }) => reset()],
    ['is hung up on', ({ hangUp }) => hangUp()],
    ['goes on with bytes that are none of its kind', ({ end }) => end(Buffer.alloc(64, 0xff))],
  ];

  it.each(zipEnds)('that %s has the calls without an answer sent again', async (_, how, more) => {
    const bench = await aBench({ batches: [zippedLinesOf(2, more)] });

    const calls = await cutBehind(bench, 2, how);

    expect(await pathsOf(calls)).toEqual(paths);
    expect(bench.server.log.seen).toEqual([
      `batch: ${named(paths)}`,
      `batch: ${named(paths.slice(2))}`,
    ]);
  });

  it.each(zipEnds)('that %s before its first line has all sent again', async (_, how, more) => {
    const bench = await aBench({ batches: [zippedLinesOf(0, more)] });

    const calls = await cutBehind(bench, 0, how);

    expect(await pathsOf(calls)).toEqual(paths);
    expect(bench.server.log.seen).toEqual(Array(2).fill(`batch: ${named(paths)}`));
  });

  it('that is whole is one request', async () => {
    const bench = await aBench({ batches: [zippedLinesOf(5, statsLine(5))] });

    const calls = await cutBehind(bench, 5, ({ end }) => end());

    expect(await pathsOf(calls)).toEqual(paths);
    expect(bench.server.log.seen).toEqual([`batch: ${named(paths)}`]);
  });
});

describe('a stream that comes byte by byte', () => {
  it('is one request, and fails nobody', async () => {
    const { ask, batches, carpool, server } = await aBench({ batches: [trickle] });

    const calls = [ask('/a'), ask('/w', post()), ask('/b')];

    expect(await pathsOf(calls)).toEqual(['/a', '/w', '/b']);
    await carpool.flush();
    await batches.reaches(1);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w, GET /b']);
    expect(server.runs()).toEqual({ 'GET /a': 1, 'POST /w': 1, 'GET /b': 1 });
    expect(batches.seen).toMatchObject([{ items: 3, answered: 3, strays: 0 }]);
    expect(batches.seen[0]?.error).toBeUndefined();
  });
});
