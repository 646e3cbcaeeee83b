import { describe, expect, it } from 'vitest';
import { createCarpool } from '../../src/index.ts';
import { aBench, keyedPost, outcomesOf, pathsOf, post } from './bench.ts';
import { answering, whole } from './faulty-server.ts';

const retriable = [408, 429, 500, 502, 503, 504];
const final = [400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 424, 501, 505];

describe.each(retriable)('an item that is answered %s', (status) => {
  it('is sent again, together with those that fared the same', async () => {
    const { ask, carpool, retries, server } = await aBench({
      batches: [answering({ '/a': status, '/c': status })],
    });

    const calls = [ask('/a'), ask('/b'), ask('/c')];

    expect(await outcomesOf(calls)).toEqual([200, 200, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, GET /c', 'batch: GET /a, GET /c']);
    expect(retries.seen.map((event) => [event.attempt, event.status])).toEqual([
      [1, status],
      [1, status],
    ]);
    expect(carpool.stats().retries).toBe(2);
  });

  it('goes by itself where it is alone', async () => {
    const { ask, server } = await aBench({ batches: [answering({ '/b': status })] });

    const calls = [ask('/a'), ask('/b'), ask('/c')];

    expect(await pathsOf(calls)).toEqual(['/a', '/b', '/c']);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, GET /c', 'native: GET /b']);
  });

  it('is answered with that when the limit is reached', async () => {
    const { ask, carpool, server } = await aBench(
      { otherBatches: answering({ '/a': status }) },
      { batchSingle: true },
    );

    const calls = [ask('/a'), ask('/b')];

    expect(await outcomesOf(calls)).toEqual([status, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b', 'batch: GET /a', 'batch: GET /a']);
    expect(carpool.stats()).toMatchObject({ retries: 2, failed: 0 });
  });

  it('is answered with that where it is unsafe, and is sent again where it has a key', async () => {
    const { ask, server } = await aBench({
      batches: [answering({ '/a': status, '/w': status, '/v': status })],
    });

    const calls = [ask('/a'), ask('/w', post()), ask('/v', keyedPost())];

    expect(await outcomesOf(calls)).toEqual([200, status, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w, POST /v', 'batch: GET /a, POST /v']);
    expect(server.runs()).toEqual({ 'GET /a': 2, 'POST /w': 1, 'POST /v': 1 });
  });

  it('is sent again under a key that is made for it', async () => {
    const { ask, server } = await aBench(
      { batches: [answering({ '/w': status, '/v': status })] },
      { retry: { delay: 1, idempotencyKey: true } },
    );

    const calls = [ask('/w', post()), ask('/v', post())];

    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(server.log.seen).toEqual(Array(2).fill('batch: POST /w, POST /v'));
    expect(server.runs()).toEqual({ 'POST /w': 1, 'POST /v': 1 });
  });

  it('is answered with that where it is not among `statuses`', async () => {
    const { ask, server } = await aBench(
      { batches: [answering({ '/a': status })] },
      { retry: { statuses: retriable.filter((other) => other !== status), delay: 1 } },
    );

    const calls = [ask('/a'), ask('/b')];

    expect(await outcomesOf(calls)).toEqual([status, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b']);
  });

  it('is answered with that without retry', async () => {
    const { ask, server } = await aBench(
      { batches: [answering({ '/a': status })] },
      { retry: false },
    );

    const calls = [ask('/a'), ask('/b')];

    expect(await outcomesOf(calls)).toEqual([status, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b']);
  });
});

describe.each(final)('an item that is answered %s', (status) => {
  it('is answered with that, and never sent again', async () => {
    const { ask, retries, server, steps } = await aBench({
      batches: [answering({ '/a': status, '/w': status, '/v': status })],
    });

    const calls = [ask('/a'), ask('/b'), ask('/w', post()), ask('/v', keyedPost())];

    expect(await outcomesOf(calls)).toEqual([status, 200, status, status]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, POST /w, POST /v']);
    expect([retries.seen, steps.seen]).toEqual([[], []]);
  });
});

describe.each([429, 500, 502, 503, 504])('a batch that is answered %s', (status) => {
  it('is sent again, whole but for unsafe calls, whose answer that is', async () => {
    const { ask, retries, server } = await aBench({ batches: [whole(status)] });

    const calls = [ask('/a'), ask('/w', post()), ask('/b'), ask('/v', keyedPost())];

    expect(await outcomesOf(calls)).toEqual([200, status, 200, 200]);
    expect(server.log.seen).toEqual([
      'batch: GET /a, POST /w, GET /b, POST /v',
      'batch: GET /a, GET /b, POST /v',
    ]);
    expect(retries.seen.map((event) => [event.status, event.refused])).toEqual([
      [status, undefined],
      [status, 'unsafe'],
      [status, undefined],
      [status, undefined],
    ]);
  });

  it('is the answer to each of its calls when the limit is reached', async () => {
    const { ask, carpool, server } = await aBench({ otherBatches: whole(status) });

    const calls = [ask('/a'), ask('/b')];

    expect(await outcomesOf(calls)).toEqual([status, status]);
    expect(server.log.seen).toEqual(Array(3).fill('batch: GET /a, GET /b'));
    expect(carpool.stats()).toMatchObject({ retries: 4, failed: 0 });
  });

  it('is the answer to each of its calls without retry', async () => {
    const { ask, server } = await aBench({ batches: [whole(status)] }, { retry: false });

    const calls = [ask('/a'), ask('/w', keyedPost())];

    expect(await outcomesOf(calls)).toEqual([status, status]);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w']);
  });
});

describe.each([401, 403])('a batch that is answered %s', (status) => {
  it('is the answer to each of its calls, and never sent again', async () => {
    const { ask, retries, server, steps } = await aBench({ batches: [whole(status)] });

    const calls = [ask('/a'), ask('/w', post()), ask('/v', keyedPost())];

    expect(await outcomesOf(calls)).toEqual([status, status, status]);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w, POST /v']);
    expect(server.runs()).toEqual({});
    expect([retries.seen, steps.seen]).toEqual([[], []]);
  });

  it('can’t be made retriable', () => {
    const endpoint = 'http://127.0.0.1:1/batch';

    expect(() => createCarpool({ endpoint, retry: { statuses: [503, status] } })).toThrow(
      RangeError,
    );
  });
});

describe.each([400, 409, 422])('a batch that is answered %s', (status) => {
  it('fails its calls, and is not sent again', async () => {
    const { ask, retries, server } = await aBench({ batches: [whole(status)] });

    const calls = [ask('/a'), ask('/w', post()), ask('/v', keyedPost())];

    expect(await outcomesOf(calls)).toEqual(['status', 'status', 'status']);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w, POST /v']);
    expect(retries.seen).toEqual([]);
  });
});

describe('a lone call', () => {
  it('that is answered 503 is sent again, by itself', async () => {
    const { ask, server } = await aBench({ natives: [whole(503)] });

    const call = ask('/a');

    expect(await pathsOf([call])).toEqual(['/a']);
    expect(server.log.seen).toEqual(['native: GET /a', 'native: GET /a']);
  });

  it('that is answered 500 and is unsafe is answered with that', async () => {
    const { ask, server } = await aBench({ natives: [whole(500)] });

    const call = ask('/w', post());

    expect(await outcomesOf([call])).toEqual([500]);
    expect(server.log.seen).toEqual(['native: POST /w']);
    expect(server.runs()).toEqual({ 'POST /w': 1 });
  });

  it.each([401, 403, 404, 413])('that is answered %s is answered with that', async (status) => {
    const { ask, server, steps } = await aBench({ natives: [whole(status)] });

    const call = ask('/a');

    expect(await outcomesOf([call])).toEqual([status]);
    expect(server.log.seen).toEqual(['native: GET /a']);
    expect(steps.seen).toEqual([]);
  });
});

describe('a call that is redirected', () => {
  it('has its last step sent again, and not the first', async () => {
    const seeOther = { status: 303, headers: { location: '/a' } };
    const { ask, server } = await aBench({
      batches: [answering({ '/w': seeOther })],
      natives: [({ reset }) => reset()],
    });

    const calls = [ask('/w', post()), ask('/b')];

    expect(await pathsOf(calls)).toEqual(['/a', '/b']);
    expect(server.log.seen).toEqual(['batch: POST /w, GET /b', 'native: GET /a', 'native: GET /a']);
    expect(server.runs()).toEqual({ 'POST /w': 1, 'GET /b': 1, 'GET /a': 1 });
  });
});

describe('a method', () => {
  it('that is not among `methods` is not sent again, with a key or without', async () => {
    const { ask, server } = await aBench(
      { batches: [whole(503)] },
      { retry: { methods: ['HEAD', 'GET'], delay: 1 } },
    );

    const calls = [ask('/a'), ask('/b'), ask('/w', keyedPost())];

    expect(await outcomesOf(calls)).toEqual([200, 200, 503]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, POST /w', 'batch: GET /a, GET /b']);
  });
});
