import { describe, expect, it } from 'vitest';
import {
  aBench,
  batchesIn,
  graceMs,
  keyedPost,
  nativesIn,
  outcomesOf,
  pass,
  pathsOf,
  post,
  stopTime,
} from './bench.ts';
import { answering, good, tooLarge, whole } from './faulty-server.ts';

describe('an item that is answered 413', () => {
  it('with `Retry-After` is sent again when that is over', async () => {
    const { ask, begun, retries, server } = await aBench({
      batches: [answering({ '/a': { status: 413, headers: { 'retry-after': '2' } } })],
    });
    stopTime();

    const calls = [ask('/a'), ask('/b')];
    await retries.reaches(1);
    await pass(1999);
    expect(begun()).toBe(1);
    await pass(1 + graceMs);

    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b', 'native: GET /a']);
    expect(retries.seen).toMatchObject([{ status: 413 }]);
  });

  it('with `Retry-After` is answered with that where it is unsafe', async () => {
    const { ask, server } = await aBench({
      batches: [answering({ '/w': { status: 413, headers: { 'retry-after': '0' } } })],
    });

    const calls = [ask('/w', post()), ask('/b')];

    expect(await outcomesOf(calls)).toEqual([413, 200]);
    expect(server.log.seen).toEqual(['batch: POST /w, GET /b']);
  });
});

describe('a batch that is answered 413', () => {
  it('is halved until its parts are small enough', async () => {
    const { ask, retries, server } = await aBench({ otherBatches: tooLarge(2) });

    const calls = [ask('/a'), ask('/w', post()), ask('/b'), ask('/c')];

    expect(await pathsOf(calls)).toEqual(['/a', '/w', '/b', '/c']);
    expect(server.log.seen).toEqual([
      'batch: GET /a, POST /w, GET /b, GET /c',
      'batch: GET /a, POST /w',
      'batch: GET /b, GET /c',
    ]);
    expect(server.runs()).toEqual({ 'GET /a': 1, 'POST /w': 1, 'GET /b': 1, 'GET /c': 1 });
    expect(retries.seen).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    ['/a', 'GET', ['GET /a, POST /w', 'GET /a', 'POST /w', 'GET /b, GET /c']],
    ['/w', 'POST', ['GET /a, POST /w', 'GET /a', 'POST /w', 'GET /b, GET /c']],
    ['/c', 'GET', ['GET /a, POST /w', 'GET /b, GET /c', 'GET /b', 'GET /c']],
  ])('leaves %s, too large even alone, to go by itself', async (path, method, halves) => {
    const { ask, server, steps } = await aBench({ otherBatches: tooLarge(50, path) });

    const calls = [ask('/a'), ask('/w', post()), ask('/b'), ask('/c')];

    expect(await pathsOf(calls)).toEqual(['/a', '/w', '/b', '/c']);
    expect(batchesIn(server)).toEqual(['GET /a, POST /w, GET /b, GET /c', ...halves]);
    expect(nativesIn(server)).toEqual([`${method} ${path}`]);
    expect(server.runs()).toEqual({ 'GET /a': 1, 'POST /w': 1, 'GET /b': 1, 'GET /c': 1 });
    expect(steps.seen).toEqual([]);
  });

  it('however small has each of its calls go by itself, once', async () => {
    const { ask, server } = await aBench({ otherBatches: whole(413) });

    const calls = [ask('/a'), ask('/w', post()), ask('/b'), ask('/v', keyedPost())];

    expect(await pathsOf(calls)).toEqual(['/a', '/w', '/b', '/v']);
    expect(server.batches.seen.map(({ items }) => items.length)).toEqual([4, 2, 1, 1, 2, 1, 1]);
    expect(nativesIn(server)).toEqual(['GET /a', 'GET /b', 'POST /v', 'POST /w']);
    expect(server.runs()).toEqual({ 'GET /a': 1, 'POST /w': 1, 'GET /b': 1, 'POST /v': 1 });
  });

  it('is halved, and its calls go by themselves, without retry too', async () => {
    const { ask, server } = await aBench({ otherBatches: whole(413) }, { retry: false });

    const calls = [ask('/a'), ask('/w', post())];

    expect(await pathsOf(calls)).toEqual(['/a', '/w']);
    expect(server.batches.seen.map(({ items }) => items.length)).toEqual([2, 1, 1]);
    expect(server.natives.seen).toHaveLength(2);
  });

  it('has a half that fails sent again, and not the other', async () => {
    const { ask, server } = await aBench({
      batches: [whole(413), whole(503), good],
    });

    const calls = [ask('/a'), ask('/b'), ask('/c'), ask('/d')];

    expect(await pathsOf(calls)).toEqual(['/a', '/b', '/c', '/d']);
    expect([...server.log.seen].sort()).toEqual([
      'batch: GET /a, GET /b',
      'batch: GET /a, GET /b',
      'batch: GET /a, GET /b, GET /c, GET /d',
      'batch: GET /c, GET /d',
    ]);
  });
});
