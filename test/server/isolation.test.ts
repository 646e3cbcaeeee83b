import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  aBatch,
  aGet,
  aServer,
  createGates,
  linesOf,
  partsOf,
  problemOf,
  settle,
  streamed,
  wholeOf,
} from './support.ts';

const never = new Promise<Response>(() => {});

describe('an item that takes too long', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('is answered 504 and aborted; the others are answered', async () => {
    const gates = createGates();
    const { handle, events } = aServer(gates.dispatch, { itemTimeout: '5s' });

    const answer = handle(aBatch([aGet('/slow'), aGet('/fast')], streamed)).then(linesOf);
    await settle();
    gates.open('/fast');
    await vi.advanceTimersByTimeAsync(4999);
    const before = gates.signals.get('/slow')!.aborted;
    await vi.advanceTimersByTimeAsync(1);
    const { parts, stats } = await answer;

    expect(before).toBe(false);
    expect(parts.map(({ id, status }) => [id, status])).toEqual([
      ['1', 200],
      ['0', 504],
    ]);
    expect(problemOf(parts[1]!)).toMatchObject({ title: 'Gateway Timeout', status: 504 });
    expect(stats).toMatchObject({ succeeded: 1, failed: 1 });
    expect(gates.signals.get('/slow')).toMatchObject({
      aborted: true,
      reason: { name: 'TimeoutError' },
    });
    expect(gates.signals.get('/fast')!.aborted).toBe(false);
    expect(events).toEqual([
      {
        type: 'timeout',
        id: '0',
        method: 'GET',
        url: 'https://app.test/slow',
        timeoutMs: 5000,
      },
    ]);
  });

  test('is given 30 s unless told otherwise', async () => {
    const { handle } = aServer(() => never);
    let isAnswered = false;

    const answer = handle(aBatch([aGet('/a')])).then((response) => {
      isAnswered = true;
      return response;
    });
    await settle();
    await vi.advanceTimersByTimeAsync(29_999);
    const before = isAnswered;
    await vi.advanceTimersByTimeAsync(1);

    expect(before).toBe(false);
    expect(await partsOf(await answer)).toMatchObject([{ status: 504 }]);
  });

  test('makes room for the next', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch, { itemTimeout: 1000, concurrency: 1 });

    const answer = handle(aBatch([aGet('/a'), aGet('/b')]));
    await settle();
    await vi.advanceTimersByTimeAsync(1000);
    gates.open('/b');

    expect((await partsOf(await answer)).map(({ status }) => status)).toEqual([504, 200]);
  });

  test('over its body is cut off there', async () => {
    const cancelled = Promise.withResolvers<unknown>();
    const endless = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new Uint8Array(10));
      },
      cancel: cancelled.resolve,
    });
    const { handle } = aServer(() => new Response(endless), { itemTimeout: 1000 });

    const answer = handle(aBatch([aGet('/events')]));
    await settle();
    await vi.advanceTimersByTimeAsync(1000);

    expect((await partsOf(await answer)).map(({ status }) => status)).toEqual([504]);
    expect(await cancelled.promise).toMatchObject({ name: 'TimeoutError' });
  });

  test('and answers later is not heard any more; its body is cancelled', async () => {
    const gates = createGates();
    const { handle, events } = aServer(gates.dispatch, { itemTimeout: 1000 });
    const cancelled = Promise.withResolvers<unknown>();

    const answer = handle(aBatch([aGet('/a')]));
    await settle();
    await vi.advanceTimersByTimeAsync(1000);
    await answer;
    gates.open('/a', new Response(new ReadableStream({ cancel: cancelled.resolve })));
    await cancelled.promise;

    expect(events).toHaveLength(1);
  });

  test('and fails later is not heard any more', async () => {
    const gates = createGates();
    const { handle, events } = aServer(gates.dispatch, { itemTimeout: 1000 });

    const answer = handle(aBatch([aGet('/a')]));
    await settle();
    await vi.advanceTimersByTimeAsync(1000);
    await answer;
    gates.fail('/a', new Error('too late'));
    await settle();

    expect(events).toHaveLength(1);
  });

  test('leaves no timer behind, and neither does one that is quick', async () => {
    const { handle } = aServer();

    await wholeOf(await handle(aBatch([aGet('/a'), aGet('/b')])));
    await linesOf(await handle(aBatch([aGet('/a'), aGet('/b')], streamed)));

    expect(vi.getTimerCount()).toBe(0);
  });

  test('may do so when itemTimeout is false', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch, { itemTimeout: false });

    const answer = handle(aBatch([aGet('/a')]));
    await settle();
    await vi.advanceTimersByTimeAsync(1_000_000);
    gates.open('/a');

    expect((await partsOf(await answer)).map(({ status }) => status)).toEqual([200]);
  });
});

describe('a client that goes', () => {
  test('while its batch is buffered aborts what runs and starts no more', async () => {
    const gates = createGates();
    const { handle, events } = aServer(gates.dispatch, { concurrency: 1 });
    const client = new AbortController();
    const request = new Request(aBatch([aGet('/a'), aGet('/b')]), { signal: client.signal });

    const answer = handle(request);
    await settle();
    client.abort(new Error('gone'));

    expect((await answer).status).toBe(499);
    expect(gates.signals.get('/a')).toMatchObject({ aborted: true, reason: { message: 'gone' } });
    expect(gates.started).toEqual(['/a']);
    expect(events).toEqual([]);
  });

  test.each([{}, streamed])('before anything runs starts nothing', async (headers) => {
    const { handle, seen } = aServer();
    const client = new AbortController();
    const request = new Request(aBatch([aGet('/a')], headers), { signal: client.signal });
    const answer = handle(request);

    client.abort(new Error('gone'));
    await (await answer).text();

    expect(seen).toEqual([]);
  });
});

describe('memory', () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;

  test('dispatch may keep the signal alone: it hears of the end all the same', async () => {
    let signal: AbortSignal | undefined;
    const { handle } = ((): Pick<ReturnType<typeof aServer>, 'handle'> => {
      const server = aServer((request) => {
        ({ signal } = request);
        return never;
      });
      // The helper's own record would hold the requests.
      server.seen.push = () => 0;
      return server;
    })();
    const response = await handle(aBatch([aGet('/a')], streamed));
    await settle();
    for (let i = 0; i < 5; i++) {
      gc();
      await settle();
    }

    await response.body!.cancel();

    expect(signal!.aborted).toBe(true);
  });

  test('what never settles is let go of after its time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const requests: WeakRef<Request>[] = [];
    const registered: Promise<Response>[] = [];
    const server = aServer(
      (request) => {
        requests.push(new WeakRef(request));
        const promise = new Promise<Response>(() => {});
        // As an application does that waits for something forever.
        registered.push(promise);
        return promise;
      },
      { itemTimeout: 1000 },
    );
    server.seen.push = () => 0;

    const answer = server.handle(
      aBatch(Array.from({ length: 20 }, (_, i) => aGet(`/${String(i)}`))),
    );
    await settle();
    await vi.advanceTimersByTimeAsync(1000);
    await (await answer).text();
    vi.useRealTimers();
    for (let i = 0; i < 5; i++) {
      gc();
      await settle();
    }

    expect(registered).toHaveLength(20);
    expect(requests.filter((request) => request.deref()).length).toBeLessThanOrEqual(1);
  });
});
