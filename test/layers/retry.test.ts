import { describe, expect, it } from 'vitest';
import type { BatchErrorCode } from '../../src/core/errors.ts';
import type { Call } from '../../src/core/types.ts';
import { aRetry, failureBy, refusal } from '../support/a-retry.ts';
import { aReply } from '../support/calls.ts';
import { drained, failureOf, stateOf } from '../support/drained.ts';
import { unhandledDuring } from '../support/unhandled.ts';

const keyed: Partial<Call> = { method: 'POST', headers: [['idempotency-key', '"k"']] };

describe('an attempt that failed', () => {
  it.each([408, 429, 500, 502, 503, 504])('is made again: %i', async (status) => {
    const { answer, ask, clock, flights } = aRetry();
    const reply = ask();
    await answer(status);
    expect(flights).toHaveLength(1);

    await clock.advance(300);
    await answer(200);

    expect((await reply).status).toBe(200);
    expect(flights).toHaveLength(2);
    expect(flights[1]?.call).toEqual(flights[0]?.call);
  });

  it.each([200, 204, 301, 304, 400, 401, 403, 404, 409, 413, 422, 501, 505])(
    'is none, but an answer: %i',
    async (status) => {
      const { answer, ask, clock, events } = aRetry();
      const reply = ask();

      await answer(status);

      expect((await reply).status).toBe(status);
      expect(clock.pending()).toBe(0);
      expect(events).toEqual([]);
    },
  );

  it.each<BatchErrorCode>(['network', 'protocol', 'missing-part', 'timeout'])(
    'is made again: %s',
    async (code) => {
      const { answer, ask, clock, flights } = aRetry();
      const reply = ask();
      flights[0]?.fail(failureBy(code));

      await clock.advance(300);
      await answer(200);

      expect((await reply).status).toBe(200);
    },
  );

  it('is made again where native `fetch` failed', async () => {
    const { answer, ask, clock, flights } = aRetry();
    const reply = ask();
    flights[0]?.fail(new TypeError('Failed to fetch'));

    await clock.advance(300);
    await answer(200);

    expect((await reply).status).toBe(200);
  });

  it.each([
    ['a client that is closed', failureBy('closed')],
    ['a batch that was refused', failureBy('status', 400)],
    ['an abort of somebody’s', new DOMException('gone', 'AbortError')],
    ['an error of another kind', new Error('own')],
    ['no error at all', 'gone'],
  ])('is not made again: %s', async (_, error) => {
    const { ask, clock, events, flights } = aRetry();
    const failure = failureOf(ask());

    flights[0]?.fail(error);

    expect(await failure).toBe(error);
    expect(clock.pending()).toBe(0);
    expect(events).toEqual([]);
  });

  it('is made again `limit` times, and then is what the call comes to', async () => {
    const { answer, ask, clock, events, flights } = aRetry({ limit: 3, delay: 0 });
    const reply = ask();

    for (const status of [500, 502, 503, 504]) {
      await answer(status);
      await clock.advance(0);
    }

    expect((await reply).status).toBe(504);
    expect(flights).toHaveLength(4);
    expect(events.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 502],
      [3, 503],
    ]);
  });

  it('is not made again with a `limit` of 0', async () => {
    const { answer, ask, flights } = aRetry({ limit: 0 });
    const reply = ask();

    await answer(503);

    expect((await reply).status).toBe(503);
    expect(flights).toHaveLength(1);
  });

  it('is made again where a 413 says when', async () => {
    const { ask, clock, flights } = aRetry();
    const reply = ask();

    flights[0]?.land(refusal(413, '1'));
    await clock.advance(1020);

    expect(flights).toHaveLength(2);
    flights[1]?.land(aReply());
    expect((await reply).status).toBe(200);
  });

  it('tells of each retry, with what the attempt came to and the time until then', async () => {
    const { answer, ask, clock, events, flights, roll } = aRetry();
    roll(0.5);
    void ask();
    await answer(503);
    await clock.advance(150);
    const error = failureBy('network');
    flights[1]?.fail(error);
    await drained();

    expect(events).toEqual([
      {
        url: 'https://app.test/api/1',
        method: 'GET',
        attempt: 1,
        status: 503,
        error: undefined,
        delayMs: 150,
      },
      {
        url: 'https://app.test/api/1',
        method: 'GET',
        attempt: 2,
        status: undefined,
        error,
        delayMs: 600,
      },
    ]);
  });
});

describe('the options', () => {
  it('say which statuses', async () => {
    const { answer, ask, clock, flights } = aRetry({ statuses: [425], limit: 9 });
    const [one, two] = [ask(), ask()];
    flights[0]?.land(refusal(503));
    flights[1]?.land(refusal(425));
    await clock.advance(300);
    await answer(200);

    expect([(await one).status, (await two).status]).toEqual([503, 200]);
  });

  it('say which methods', async () => {
    const { answer, ask, flights } = aRetry({ methods: ['GET'] });
    const replies = [ask({ method: 'HEAD' }), ask(keyed)];

    await answer(503, 503);

    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([503, 503]);
    expect(flights).toHaveLength(2);
  });
});

describe('`shouldRetry`', () => {
  it('is given the attempt, and what it came to', async () => {
    const seen: object[] = [];
    const { answer, ask, clock, flights } = aRetry({
      delay: 0,
      shouldRetry: (attempt) => {
        seen.push(attempt);
        return undefined;
      },
    });
    void ask(keyed);
    await answer(503);
    await clock.advance(0);
    const error = failureBy('network');
    flights[1]?.fail(error);
    await drained();

    const { url } = flights[0]!.call;
    expect(seen).toEqual([
      { method: 'POST', url, attempt: 1, status: 503, error: undefined },
      { method: 'POST', url, attempt: 2, status: undefined, error },
    ]);
  });

  it('says yes to what would not be made again, and no to what would', async () => {
    const { answer, ask, clock, flights } = aRetry({
      shouldRetry: ({ status }) => status === 404,
    });
    const [one, two] = [ask(), ask()];
    await answer(404, 503);
    await clock.advance(300);
    await answer(200);

    expect([(await one).status, (await two).status]).toEqual([200, 503]);
    expect(flights).toHaveLength(3);
  });

  it('is not asked of an answer that is one, nor beyond the limit', async () => {
    let asked = 0;
    const { answer, ask, clock } = aRetry({
      limit: 1,
      delay: 0,
      shouldRetry: () => {
        asked++;
        return true;
      },
    });
    const replies = [ask(), ask()];
    await answer(200, 503);
    await clock.advance(0);
    await answer(503);

    await Promise.all(replies);
    expect(asked).toBe(1);
  });

  it('that throws fails its call, and no other', async () => {
    const error = new Error('own');
    const { answer, ask, clock, flights } = aRetry({
      shouldRetry: ({ url }) => {
        if (url.endsWith('/a')) throw error;
        return undefined;
      },
    });
    const [one, two] = [failureOf(ask({ url: 'https://app.test/a' })), ask()];
    await answer(503, 503);
    await clock.advance(300);
    await answer(200);

    expect(await one).toBe(error);
    expect((await two).status).toBe(200);
    expect(flights).toHaveLength(3);
  });
});

describe('an unsafe call', () => {
  const unsafe = ['POST', 'PUT', 'PATCH', 'DELETE'];

  it.each(unsafe)('without a key is never made again, whoever says so: %s', async (method) => {
    const { answer, ask, clock, events, flights } = aRetry({ shouldRetry: () => true });
    const reply = ask({ method });

    await answer(503);

    expect((await reply).status).toBe(503);
    expect(flights).toHaveLength(1);
    expect(events).toMatchObject([{ method, attempt: 1, status: 503, refused: 'unsafe' }]);
    expect(clock.pending()).toBe(0);
  });

  it('is told as refused only where a safe one would have been made again', async () => {
    const { answer, ask, events } = aRetry({});
    const reply = ask({ method: 'POST' });

    await answer(404);

    expect((await reply).status).toBe(404);
    expect(events).toEqual([]);
  });

  it.each(unsafe)('that failed without a key fails: %s', async (method) => {
    const { ask, flights } = aRetry({ shouldRetry: () => true });
    const failure = failureOf(ask({ method }));
    const error = failureBy('network');

    flights[0]?.fail(error);

    expect(await failure).toBe(error);
    expect(flights).toHaveLength(1);
  });

  it.each(unsafe)('with a key is made again, with that key: %s', async (method) => {
    const { answer, ask, clock, flights } = aRetry({ idempotencyKey: true });
    const reply = ask({ ...keyed, method });
    await answer(503);
    await clock.advance(300);
    await answer(200);

    expect((await reply).status).toBe(200);
    expect(flights.map(({ call }) => call.headers)).toEqual([keyed.headers, keyed.headers]);
  });

  it('is given a key where it has none: the same one on each attempt, as a quoted string', async () => {
    const { answer, ask, clock, flights } = aRetry({ idempotencyKey: true, delay: 0 });
    const headers = [['content-type', 'text/plain']] as const;
    void ask({ method: 'POST', headers, body: 'a' });
    for (const status of [503, 503]) {
      await answer(status);
      await clock.advance(0);
    }

    const expected = [...headers, ['idempotency-key', '"key-1"']];
    expect(flights.map(({ call }) => call.headers)).toEqual([expected, expected, expected]);
    expect(flights.map(({ call }) => call.body)).toEqual(['a', 'a', 'a']);
  });

  it('has a key of its own, and safe calls have none', () => {
    const { ask, flights } = aRetry({ idempotencyKey: true });

    for (const method of ['POST', 'GET', 'HEAD', 'DELETE']) void ask({ method });

    const keys = flights.map(({ call }) => call.headers.map(([, value]) => value));
    expect(keys).toEqual([['"key-1"'], [], [], ['"key-2"']]);
  });
});

describe('one attempt', () => {
  it('may take `attemptTimeout`, then it is aborted and made again', async () => {
    const { answer, ask, clock, flights } = aRetry({ attemptTimeout: 1000 });
    const reply = ask();
    await clock.advance(999);
    expect(flights[0]?.call.signal.aborted).toBe(false);

    await clock.advance(1);
    expect(flights[0]?.call.signal.reason).toMatchObject({ code: 'timeout' });
    await clock.advance(300);
    await answer(200);

    expect((await reply).status).toBe(200);
    expect(flights).toHaveLength(2);
    expect(clock.pending()).toBe(0);
  });

  it('that took too long each time fails the call, and names the option', async () => {
    const { ask, clock, flights } = aRetry({ attemptTimeout: 1000, limit: 1, delay: 0 });
    const failure = failureOf(ask());

    await clock.advance(2000);

    expect(await failure).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('raise `retry.attemptTimeout`'),
    });
    expect(flights).toHaveLength(2);
  });

  it('has as long as the call, without `attemptTimeout`', async () => {
    const { ask, clock } = aRetry();
    const reply = ask();

    await clock.advance(1e9);

    expect(await stateOf(reply)).toBe('pending');
  });

  it('of an unsafe call without a key that took too long is the last', async () => {
    const { ask, clock, flights } = aRetry({ attemptTimeout: 1000 });
    const failure = failureOf(ask({ method: 'POST' }));

    await clock.advance(5000);

    expect(await failure).toMatchObject({ code: 'timeout' });
    expect(flights).toHaveLength(1);
  });
});

describe('a live answer that is not the last', () => {
  const aBody = () => {
    let cancelled = 0;
    const stream = new ReadableStream({
      cancel() {
        cancelled++;
      },
    });
    return { live: new Response(stream, { status: 503 }), cancelled: () => cancelled };
  };

  it('is let go of, and the last one is handed on', async () => {
    const { ask, clock, flights } = aRetry({ limit: 1 });
    const reply = ask();
    const [one, two] = [aBody(), aBody()];
    flights[0]?.land(aReply({ status: 503, live: one.live, body: null }));
    await clock.advance(300);
    flights[1]?.land(aReply({ status: 503, live: two.live, body: null }));

    expect((await reply).live).toBe(two.live);
    expect([one.cancelled(), two.cancelled()]).toEqual([1, 0]);
  });

  it('may break off in the meantime, and nobody is told', async () => {
    const { answer, ask, clock, flights } = aRetry();
    let breakOff!: (error: Error) => void;
    const body = new ReadableStream({
      start(controller) {
        breakOff = (error) => {
          controller.error(error);
        };
      },
    });

    const unhandled = await unhandledDuring(async () => {
      const reply = ask();
      flights[0]?.land(aReply({ status: 503, live: new Response(body), body: null }));
      await drained();
      breakOff(new TypeError('lost'));
      await clock.advance(300);
      await answer(200);
      await reply;
    });

    expect(unhandled).toEqual([]);
  });
});
