import { describe, expect, it } from 'vitest';
import {
  aBench,
  batchesIn,
  keyedPost,
  outcomesOf,
  pass,
  pathsOf,
  post,
  stopTime,
} from './bench.ts';
import { resetAtOnce } from './faulty-server.ts';

describe('a connection that is refused', () => {
  it('sends the calls again, together, when there is a server', async () => {
    const { ask, batches, carpool, retries, server } = await aBench({}, { retry: { delay: 100 } });
    stopTime();
    await server.refuse();

    const calls = [ask('/a'), ask('/b'), ask('/c')];
    await retries.reaches(3);
    await server.accept();
    await pass(100);

    expect(await pathsOf(calls)).toEqual(['/a', '/b', '/c']);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, GET /c']);
    await batches.reaches(2);
    expect(batches.seen).toMatchObject([{ items: 3, error: { code: 'network' } }, { answered: 3 }]);
    expect(retries.seen.map(({ attempt, refused }) => [attempt, refused])).toEqual([
      [1, undefined],
      [1, undefined],
      [1, undefined],
    ]);
    expect(carpool.stats().retries).toBe(3);
  });

  it('fails an unsafe call at once, and sends the others again', async () => {
    const { ask, begun, retries, server } = await aBench({}, { retry: { delay: 100 } });
    stopTime();
    await server.refuse();

    const calls = [ask('/a'), ask('/w', post()), ask('/b')];
    await retries.reaches(3);
    expect(await outcomesOf([calls[1]!])).toEqual(['network']);
    await server.accept();
    await pass(100);

    expect(await outcomesOf(calls)).toEqual([200, 'network', 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b']);
    expect(begun()).toBe(2);
  });

  it('sends an unsafe call with a key again', async () => {
    const { ask, retries, server } = await aBench({}, { retry: { delay: 100 } });
    stopTime();
    await server.refuse();

    const calls = [ask('/a'), ask('/w', keyedPost())];
    await retries.reaches(2);
    await server.accept();
    await pass(100);

    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w']);
    expect(server.runs()).toEqual({ 'GET /a': 1, 'POST /w': 1 });
  });

  it('fails the calls when the limit is reached', async () => {
    const { ask, batches, begun, carpool, server } = await aBench();
    await server.refuse();

    const calls = [ask('/a'), ask('/b'), ask('/c')];

    expect(await outcomesOf(calls)).toEqual(['network', 'network', 'network']);
    expect(batches.seen.map(({ items }) => items)).toEqual([3, 3, 3]);
    expect(begun()).toBe(3);
    expect(carpool.stats().retries).toBe(6);
  });

  it('sends a lone call again too', async () => {
    const { ask, batches, begun, retries, server } = await aBench({}, { retry: { delay: 100 } });
    stopTime();
    await server.refuse();

    const call = ask('/a');
    await retries.reaches(1);
    await server.accept();
    await pass(100);

    expect(await pathsOf([call])).toEqual(['/a']);
    expect(server.log.seen).toEqual(['native: GET /a']);
    expect([begun(), batches.seen.length]).toEqual([2, 0]);
  });

  it('fails a lone unsafe call at once', async () => {
    const { ask, begun, server } = await aBench();
    await server.refuse();

    const call = ask('/w', post());

    await expect(call).rejects.toThrow(TypeError);
    expect(begun()).toBe(1);
  });

  it('without retry fails the calls at once', async () => {
    const { ask, begun, server } = await aBench({}, { retry: false });
    await server.refuse();

    const calls = [ask('/a'), ask('/w', keyedPost())];

    expect(await outcomesOf(calls)).toEqual(['network', 'network']);
    expect(begun()).toBe(1);
  });
});

describe('a connection that is reset before the head of the answer', () => {
  it('sends the calls again, together', async () => {
    const { ask, batches, carpool, server } = await aBench({ batches: [resetAtOnce] });

    const calls = [ask('/a'), ask('/b'), ask('/c')];

    expect(await pathsOf(calls)).toEqual(['/a', '/b', '/c']);
    expect(server.log.seen).toEqual([
      'batch: GET /a, GET /b, GET /c',
      'batch: GET /a, GET /b, GET /c',
    ]);
    expect(server.runs()).toEqual({ 'GET /a': 2, 'GET /b': 2, 'GET /c': 2 });
    await batches.reaches(2);
    expect(carpool.stats()).toMatchObject({ retries: 3, batches: 2, failed: 0 });
  });

  it('twice is overcome by the second retry', async () => {
    const { ask, carpool, retries, server } = await aBench({ batches: [resetAtOnce, resetAtOnce] });

    const calls = [ask('/a'), ask('/b')];

    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(server.log.seen).toEqual(Array(3).fill('batch: GET /a, GET /b'));
    expect(retries.seen.map(({ attempt }) => attempt)).toEqual([1, 1, 2, 2]);
    expect(carpool.stats().retries).toBe(4);
  });

  it('once more than the limit fails the calls', async () => {
    const { ask, carpool, server } = await aBench({ otherBatches: resetAtOnce });

    const calls = [ask('/a'), ask('/b')];

    expect(await outcomesOf(calls)).toEqual(['network', 'network']);
    expect(server.log.seen).toEqual(Array(3).fill('batch: GET /a, GET /b'));
    expect(carpool.stats()).toMatchObject({ retries: 4, failed: 2 });
  });

  it.each([0, 1, 3])('is overcome as often as `limit` says: %s', async (limit) => {
    const { ask, server } = await aBench(
      { otherBatches: resetAtOnce },
      { retry: { limit, delay: 1 } },
    );

    const calls = [ask('/a'), ask('/b')];

    expect(await outcomesOf(calls)).toEqual(['network', 'network']);
    expect(server.log.seen).toHaveLength(limit + 1);
  });

  it('fails an unsafe call, which has been carried out once, and sends the others again', async () => {
    const { ask, retries, server } = await aBench({ batches: [resetAtOnce] });

    const calls = [ask('/a'), ask('/w', post()), ask('/b')];

    expect(await outcomesOf(calls)).toEqual([200, 'network', 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w, GET /b', 'batch: GET /a, GET /b']);
    expect(server.runs()).toEqual({ 'GET /a': 2, 'GET /b': 2, 'POST /w': 1 });
    expect(retries.seen.map(({ method, refused }) => [method, refused])).toEqual([
      ['GET', undefined],
      ['POST', 'unsafe'],
      ['GET', undefined],
    ]);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('fails a %s without a key', async (method) => {
    const { ask, server } = await aBench({ batches: [resetAtOnce] });

    const calls = [ask('/a'), ask('/w', { method }), ask('/b')];

    expect(await outcomesOf(calls)).toEqual([200, 'network', 200]);
    expect(server.runs()[`${method} /w`]).toBe(1);
  });

  it('sends an unsafe call with a key again, under that key', async () => {
    const { ask, server } = await aBench({ batches: [resetAtOnce] });

    const calls = [ask('/a'), ask('/w', keyedPost('"order-7"'))];

    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(server.log.seen).toEqual(Array(2).fill('batch: GET /a, POST /w'));
    expect(
      server.batches.seen.map(({ items }) =>
        items.map(({ headers }) => headers['idempotency-key']),
      ),
    ).toEqual([
      [undefined, '"order-7"'],
      [undefined, '"order-7"'],
    ]);
    expect(server.runs()).toEqual({ 'GET /a': 2, 'POST /w': 1 });
  });

  it('sends unsafe calls again under keys made for them, one for each', async () => {
    const { ask, server } = await aBench(
      { batches: [resetAtOnce] },
      { retry: { delay: 1, idempotencyKey: true } },
    );

    const calls = [ask('/a'), ask('/w', post()), ask('/v', post()), ask('/u', keyedPost('"own"'))];

    expect(await outcomesOf(calls)).toEqual([200, 200, 200, 200]);
    const [first, second] = server.batches.seen.map(({ items }) =>
      items.map(({ headers }) => headers['idempotency-key']),
    );
    const made = expect.stringMatching(/^"[\da-f-]{32,36}"$/) as string;
    expect(first).toEqual([undefined, made, made, '"own"']);
    expect(first?.[1]).not.toBe(first?.[2]);
    expect(second).toEqual(first);
    expect(server.runs()).toEqual({ 'GET /a': 2, 'POST /w': 1, 'POST /v': 1, 'POST /u': 1 });
  });

  it('sends unsafe calls under keys that are UUIDs in quotes', async () => {
    const { ask, server } = await aBench({}, { retry: { delay: 1, idempotencyKey: true } });

    await outcomesOf([ask('/w', post()), ask('/a')]);

    const [item] = server.batches.seen[0]!.items;
    expect(item?.headers['idempotency-key']).toMatch(
      /^"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}"$/,
    );
  });

  it('sends a lone call again, by itself', async () => {
    const { ask, server } = await aBench({ natives: [resetAtOnce] });

    const call = ask('/a');

    expect(await pathsOf([call])).toEqual(['/a']);
    expect(server.log.seen).toEqual(['native: GET /a', 'native: GET /a']);
  });

  it('fails a lone unsafe call, and sends one with a key again', async () => {
    const { ask, server } = await aBench({ natives: [resetAtOnce, resetAtOnce] });

    const outcome = await outcomesOf([ask('/w', post())]);
    const keyed = await outcomesOf([ask('/v', keyedPost())]);

    expect([outcome, keyed]).toEqual([['TypeError'], [200]]);
    expect(server.log.seen).toEqual(['native: POST /w', 'native: POST /v', 'native: POST /v']);
    expect(server.runs()).toEqual({ 'POST /w': 1, 'POST /v': 1 });
  });

  it('sends a lone call in a batch of one again, as that', async () => {
    const { ask, server } = await aBench({ batches: [resetAtOnce] }, { batchSingle: true });

    const call = ask('/a');

    expect(await pathsOf([call])).toEqual(['/a']);
    expect(server.log.seen).toEqual(['batch: GET /a', 'batch: GET /a']);
  });

  it('sends the calls of each of several batches again', async () => {
    const { ask, server } = await aBench(
      { batches: [resetAtOnce, resetAtOnce] },
      { maxItems: 2, retry: { delay: 1 } },
    );

    const calls = ['/a', '/b', '/c', '/d'].map((path) => ask(path));

    expect(await pathsOf(calls)).toEqual(['/a', '/b', '/c', '/d']);
    expect(server.runs()).toEqual({ 'GET /a': 2, 'GET /b': 2, 'GET /c': 2, 'GET /d': 2 });
    expect(server.natives.seen).toEqual([]);
  });

  it('sends a HEAD again', async () => {
    const { ask, server } = await aBench({ batches: [resetAtOnce] });

    const calls = [ask('/a'), ask('/h', { method: 'HEAD' })];

    expect(await outcomesOf(calls)).toEqual([200, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, HEAD /h', 'batch: GET /a, HEAD /h']);
  });

  it('mixes no identities when it sends calls again', async () => {
    const { ask, server } = await aBench({ batches: [resetAtOnce, resetAtOnce] });
    const as = (who: string): RequestInit => ({ headers: { authorization: who } });

    const calls = [ask('/a', as('A')), ask('/b', as('B')), ask('/c', as('A')), ask('/d', as('B'))];

    expect(await pathsOf(calls)).toEqual(['/a', '/b', '/c', '/d']);
    expect(batchesIn(server).sort()).toEqual([
      'GET /a, GET /c',
      'GET /a, GET /c',
      'GET /b, GET /d',
      'GET /b, GET /d',
    ]);
    for (const { headers, items } of server.batches.seen) {
      expect(headers.authorization).toBe(items[0]?.url === '/a' ? 'A' : 'B');
    }
  });

  it('leaves a call that can not ride to native `fetch`, once', async () => {
    const { carpool, server } = await aBench({ natives: [resetAtOnce] });

    const call = carpool.fetch(`${server.origin}/a`, { carpool: { batch: false } });

    await expect(call).rejects.toThrow(TypeError);
    expect(server.log.seen).toEqual(['native: GET /a']);
  });

  it('is one flight again for duplicates', async () => {
    const { ask, server } = await aBench({ batches: [resetAtOnce] });

    const calls = [ask('/a'), ask('/a'), ask('/b'), ask('/a')];

    expect(await pathsOf(calls)).toEqual(['/a', '/a', '/b', '/a']);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b', 'batch: GET /a, GET /b']);
  });
});

describe('a connection that is reset before the request has been read', () => {
  it('sends the calls again, together; an unsafe one fails', async () => {
    const { ask, begun, server } = await aBench();
    server.slam(1);

    const calls = [ask('/a'), ask('/w', post()), ask('/b'), ask('/v', keyedPost())];

    expect(await outcomesOf(calls)).toEqual([200, 'network', 200, 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, GET /b, POST /v']);
    expect(server.runs()).toEqual({ 'GET /a': 1, 'GET /b': 1, 'POST /v': 1 });
    expect(begun()).toBe(2);
  });

  it('fails the calls when the limit is reached', async () => {
    const { ask, begun, server } = await aBench();
    server.slam(3);

    const calls = [ask('/a'), ask('/v', keyedPost())];

    expect(await outcomesOf(calls)).toEqual(['network', 'network']);
    expect([begun(), server.log.seen]).toEqual([3, []]);
  });
});

describe('an answer that is no HTTP', () => {
  it('has the calls sent again, together; an unsafe one fails', async () => {
    const { ask, server } = await aBench({
      batches: [
        ({ babble, run }) => {
          run();
          babble('220 mail.example ESMTP\r\n');
        },
      ],
    });

    const calls = [ask('/a'), ask('/w', post()), ask('/b')];

    expect(await outcomesOf(calls)).toEqual([200, 'network', 200]);
    expect(server.log.seen).toEqual(['batch: GET /a, POST /w, GET /b', 'batch: GET /a, GET /b']);
    expect(server.runs()['POST /w']).toBe(1);
  });
});
