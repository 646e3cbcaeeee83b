import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { aClient, url } from '../support/a-client.ts';
import { drained, failureOf } from '../support/drained.ts';
import { echo, line, statsLine, streamedAnswer } from '../support/fake-network.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const reason = new Error('no longer wanted');
const aborted = (): AbortSignal => AbortSignal.abort(reason);

describe('a signal that has aborted already', () => {
  it('rejects before anything else happens', async () => {
    const { calls, carpool, fallbacks, fetch, seen } = aClient();

    const errors = await Promise.all([
      failureOf(fetch(url('/a'), { signal: aborted() })),
      failureOf(fetch(url('/a'), { signal: aborted(), cache: 'no-store' })),
      failureOf(fetch(new Request(url('/a'), { signal: aborted() }))),
    ]);

    expect(errors).toEqual([reason, reason, reason]);
    expect([seen, calls, fallbacks]).toEqual([[], [], []]);
    expect(carpool.stats().waiting).toBe(0);
  });

  it('of a Request is overruled by that of `init`', async () => {
    const { fetch } = aClient();
    const request = new Request(url('/a'), { signal: aborted() });

    expect((await fetch(request, { signal: null })).status).toBe(200);
    expect((await fetch(request, { signal: new AbortController().signal })).status).toBe(200);
  });
});

describe('an abort', () => {
  it('while waiting rejects with the signal’s reason, and sends nothing', async () => {
    const { calls, fetch, seen } = aClient();
    const controller = new AbortController();
    const call = failureOf(fetch(url('/a'), { signal: controller.signal }));

    controller.abort(reason);
    const error = await call;
    await drained();

    expect(error).toBe(reason);
    expect(seen).toEqual([]);
    expect(calls).toMatchObject([{ url: url('/a'), error: reason }]);
  });

  it('of what was given as a Request works alike', async () => {
    const { fetch, seen } = aClient();
    const controller = new AbortController();
    const request = new Request(url('/a'), { signal: controller.signal });
    const call = failureOf(fetch(request));

    controller.abort(reason);

    expect(await call).toBe(reason);
    await drained();
    expect(seen).toEqual([]);
  });

  it('while a body is being read rejects, and sends nothing', async () => {
    const { fetch, seen } = aClient();
    const controller = new AbortController();
    const { signal } = controller;
    const body = new Blob(['{}'], { type: 'application/json' });
    const call = failureOf(fetch(url('/a'), { method: 'POST', body, signal }));

    controller.abort(reason);

    expect(await call).toBe(reason);
    await drained();
    await drained();
    expect(seen).toEqual([]);
  });

  it('at any moment while a body is being read is heard', async () => {
    for (let turns = 0; turns < 30; turns++) {
      const { fetch } = aClient({ batchSingle: true }, () => new Promise<Response>(() => {}));
      const controller = new AbortController();
      const request = new Request(url('/a'), {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      });
      const call = failureOf(fetch(request, { signal: controller.signal }));

      for (let n = 0; n < turns; n++) await null;
      controller.abort(reason);

      expect(await call).toBe(reason);
    }
  });

  it('of one of two leaves the other its answer', async () => {
    const answer = streamedAnswer();
    const { fetch } = aClient({}, () => answer.response);
    const controller = new AbortController();
    const gone = failureOf(fetch(url('/a'), { signal: controller.signal }));
    const stays = fetch(url('/b'));
    await drained();

    controller.abort(reason);
    answer.write(line('0', 200, 'a') + line('1', 200, 'b') + statsLine);
    answer.end();

    expect(await gone).toBe(reason);
    expect(await (await stays).json()).toBe('b');
  });

  it('of all of them aborts the request', async () => {
    const { fetch, seen } = aClient({}, () => new Promise<Response>(() => {}));
    const controller = new AbortController();
    const { signal } = controller;
    const gone = Promise.allSettled([fetch(url('/a'), { signal }), fetch(url('/b'), { signal })]);
    await drained();
    expect(seen[0]?.signal.aborted).toBe(false);

    controller.abort(reason);
    await gone;
    await drained();

    expect(seen[0]?.signal.aborted).toBe(true);
  });

  it('of one of two duplicates leaves the other its answer', async () => {
    const { batches, fetch } = aClient({ batchSingle: true });
    const controller = new AbortController();
    const leader = failureOf(fetch(url('/a'), { signal: controller.signal }));
    const follower = fetch(url('/a'));

    controller.abort(reason);

    expect(await leader).toBe(reason);
    expect((await follower).status).toBe(200);
    expect(batches()).toHaveLength(1);
  });

  it('before the body is read fails its reader, not the response', async () => {
    const { fetch } = aClient({ batchSingle: true });
    const controller = new AbortController();
    const response = await fetch(url('/a'), { signal: controller.signal });

    controller.abort(reason);

    expect(response.status).toBe(200);
    expect(await failureOf(response.json())).toBe(reason);
  });

  it('after the body has been read changes nothing', async () => {
    const { fetch } = aClient({ batchSingle: true });
    const controller = new AbortController();
    const response = await fetch(url('/a'), { signal: controller.signal });
    const told: unknown = await response.json();

    controller.abort(reason);

    expect(told).toEqual({ path: '/a' });
  });

  it('of one duplicate’s body leaves the other’s alone', async () => {
    const { fetch } = aClient();
    const controller = new AbortController();
    const [one, other] = await Promise.all([
      fetch(url('/a'), { signal: controller.signal }),
      fetch(url('/a')),
    ]);

    controller.abort(reason);

    expect(await failureOf(one.text())).toBe(reason);
    expect(await other.json()).toEqual({ native: '/a' });
  });
});

describe('a long-lived signal', () => {
  it.each([
    ['read', (response: Response) => response.text()],
    ['left unread', () => null],
  ])('has no listener left after 5,000 calls whose bodies were %s', async (_, use) => {
    const { fetch } = aClient();
    const { signal } = new AbortController();

    const responses = await Promise.all(
      Array.from({ length: 5000 }, (_unused, n) => fetch(url(`/${String(n)}`), { signal })),
    );
    await Promise.all(responses.map(use));

    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('has none left after calls that went alone, failed, or had bodies to be read', async () => {
    const { fetch } = aClient({}, (seen) =>
      seen.items ? Promise.reject(new TypeError('lost')) : echo(seen),
    );
    const { signal } = new AbortController();
    const blob = new Blob(['{}'], { type: 'application/json' });

    await (await fetch(url('/alone'), { signal })).text();
    await Promise.allSettled([
      fetch(url('/a'), { signal }),
      fetch(url('/b'), { signal, method: 'POST', body: blob }),
      fetch(url('/c'), { signal, method: 'POST', body: 'text' }),
    ]);

    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
