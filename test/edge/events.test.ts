import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CallHints } from '../../src/index.ts';
import { aClient, url } from '../support/a-client.ts';
import { drained, failureOf } from '../support/drained.ts';
import { echo, line, statsLine } from '../support/fake-network.ts';
import { got } from '../support/got.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const ndjson = (text: string): Response =>
  new Response(text, { headers: { 'content-type': 'application/x-ndjson' } });

describe('the call event', () => {
  it('tells of each riding call once, whatever its status', async () => {
    const { calls, fetch } = aClient({}, () => ndjson(line('0', 404) + line('1', 200) + statsLine));

    await Promise.all([
      fetch(url('/a'), { method: 'post', priority: 'high' }),
      fetch(url('/b#part')),
    ]);

    expect(calls).toMatchObject([
      { url: url('/a'), method: 'POST', priority: 'high', status: 404 },
      { url: url('/b'), method: 'GET', priority: 'normal', status: 200 },
    ]);
  });

  it('tells how long it took', async () => {
    let now = 1_000_000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const { calls, fetch } = aClient({ batchSingle: true }, (seen) => {
      now += 250;
      return echo(seen);
    });

    await fetch(url('/a'));

    expect(calls[0]?.durationMs).toBe(250);
  });

  it('tells of a call that was rejected, and why', async () => {
    const { calls, fetch } = aClient({}, () => ndjson(line('0', 200) + statsLine));

    const [, lost] = await Promise.all([fetch(url('/a')), failureOf(fetch(url('/b')))]);

    expect(calls).toMatchObject([{ status: 200 }, { error: lost }]);
    expect(calls[1]?.status).toBeUndefined();
  });

  it('tells of each duplicate', async () => {
    const { calls, carpool, fetch } = aClient();

    await Promise.all([fetch(url('/a')), fetch(url('/a'))]);

    expect(calls).toHaveLength(2);
    expect(carpool.stats()).toMatchObject({ calls: 2, deduplicated: 1, single: 1 });
  });
});

describe('the batch event', () => {
  it('tells of the batch when it has ended', async () => {
    const { batchEvents, batches, fetch } = aClient();

    await Promise.all([fetch(url('/a')), fetch(url('/b'))]);
    await drained();

    expect(batchEvents).toMatchObject([
      {
        id: 'b1',
        items: 2,
        answered: 2,
        status: 200,
        strays: 0,
        bytesUp: batches()[0]?.body.length,
      },
    ]);
  });

  it('names the calls whose cookies could not be set', async () => {
    const { batchEvents, fetch } = aClient({}, () =>
      ndjson(`${line('0', 200)}${line('1', 200)}{"stats":{"droppedSetCookie":["0"]}}\n`),
    );

    await Promise.all([fetch(url('/login')), fetch(url('/b'))]);
    await drained();

    expect(batchEvents[0]?.droppedSetCookie).toEqual([url('/login')]);
  });
});

describe('a hint that is none', () => {
  it('is refused with its value, and nothing is sent', async () => {
    const { fetch, seen } = aClient();
    const carpool = { priority: 'urgent' } as unknown as CallHints;

    const error = await failureOf(fetch(url('/a'), { carpool }));

    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toBe(
      'carpool.priority must be one of critical, high, normal, low, got "urgent"',
    );
    expect(seen).toEqual([]);
  });
});

describe('a hint that is a switch', () => {
  it.each(['batch', 'dedupe', 'cache'])('is true or false, or refused: %s', async (name) => {
    const { fetch, seen } = aClient();
    const carpool = { [name]: 'false' } as CallHints;

    const error = await failureOf(fetch(url('/a'), { carpool }));

    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toBe(`carpool.${name} must be true or false, got "false"`);
    expect(seen).toEqual([]);
  });
});

describe('hints', () => {
  it('that are misspelt are refused, and nothing is sent', async () => {
    const { fetch, seen } = aClient();
    const carpool = { prioritty: 'high' } as CallHints;

    const error = await failureOf(fetch(url('/a'), { carpool }));

    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toBe(
      'a member of init.carpool must be one of priority, batch, dedupe, cache, ttl, tags, got "prioritty"',
    );
    expect(seen).toEqual([]);
  });

  it('may be all that there are', async () => {
    const { fetch } = aClient();
    const carpool: Record<keyof CallHints, undefined> = {
      priority: undefined,
      batch: undefined,
      dedupe: undefined,
      cache: undefined,
      ttl: undefined,
      tags: undefined,
    };

    expect((await fetch(url('/a'), { carpool })).status).toBe(200);
  });
});

describe('hints that are none', () => {
  it.each([null, 'high', 7])('are refused, and nothing is sent: %j', async (given) => {
    const { fetch, seen } = aClient();
    const carpool = given as unknown as CallHints;

    const error = await failureOf(fetch(url('/a'), { carpool }));

    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toBe(
      `init.carpool must be an object, or be left out, ${got(given)}`,
    );
    expect(seen).toEqual([]);
  });
});

describe('a failure', () => {
  it('carries what a handler needs: code, batch, status, cause, and a remedy', async () => {
    const { batchEvents, fetch } = aClient(
      {},
      () => new Response('not like this', { status: 400 }),
    );

    const [error] = await Promise.all([failureOf(fetch(url('/a'))), failureOf(fetch(url('/b')))]);

    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({
      name: 'BatchError',
      code: 'status',
      status: 400,
      batchId: 'b1',
      cause: { message: 'not like this' },
      message:
        'batch b1 of 2 calls to https://app.test/batch was answered 400; ' +
        'see the response of the endpoint for the reason',
    });
    await drained();
    expect(batchEvents[0]?.id).toBe('b1');
  });

  it.each([401, 429, 503])(
    'of the whole that speaks of the caller is an answer: %s',
    async (status) => {
      const { fetch } = aClient(
        {},
        () => new Response('{"a":1}', { status, headers: { 'retry-after': '3' } }),
      );

      const responses = await Promise.all([fetch(url('/a')), fetch(url('/b'))]);

      expect(responses.map((response) => response.status)).toEqual([status, status]);
      expect(await Promise.all(responses.map((response) => response.json()))).toEqual([
        { a: 1 },
        { a: 1 },
      ]);
      expect(responses[1]?.headers.get('retry-after')).toBe('3');
      expect(responses[1]?.url).toBe(url('/b'));
    },
  );
});

describe('statistics', () => {
  it('count every road', async () => {
    const { carpool, fetch } = aClient({ rules: [{ match: '/past', batch: false }] }, (seen) =>
      seen.url.endsWith('/alone') ? Response.json(1) : echo(seen),
    );

    await Promise.all([fetch(url('/a')), fetch(url('/b')), fetch(url('/b')), fetch(url('/past'))]);
    await fetch(url('/alone'));
    await drained();

    expect(carpool.stats()).toMatchObject({
      calls: 5,
      batched: 2,
      batches: 1,
      single: 1,
      deduplicated: 1,
      bypassed: 1,
      bypassReasons: { rule: 1 },
      failed: 0,
      savedRequests: 2,
      waiting: 0,
      inFlight: 0,
    });
  });

  it('show what waits, and what is under way', async () => {
    const { carpool, fetch } = aClient(
      { maxItems: 2, maxInFlight: 1 },
      () => new Promise(() => {}),
    );

    for (let n = 0; n < 5; n++) void fetch(url(`/${String(n)}`));
    expect(carpool.stats()).toMatchObject({ waiting: 5, inFlight: 0 });
    await drained();

    expect(carpool.stats()).toMatchObject({ waiting: 3, inFlight: 1 });
  });
});
