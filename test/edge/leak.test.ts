import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it, vi } from 'vitest';
import { toResponse } from '../../src/edge/to-response.ts';
import { aClient, url, type ClientBench } from '../support/a-client.ts';
import { aReply, bytesOf } from '../support/calls.ts';
import { drained } from '../support/drained.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Makes calls and lets go of everything but weak references to what they were made with, and gave. */
async function callAndForget({ fetch }: ClientBench, count: number): Promise<WeakRef<object>[]> {
  const refs: WeakRef<object>[] = [];
  const shared = new AbortController();
  const calls = Array.from({ length: count }, async (_, n) => {
    const own = new AbortController();
    refs.push(new WeakRef(own));
    const response = await fetch(url(`/${String(n % 500)}`), {
      signal: n % 2 ? own.signal : shared.signal,
      method: n % 5 ? 'GET' : 'POST',
    });
    refs.push(new WeakRef(response));
    if (n % 3) await response.text();
  });
  await Promise.all(calls);
  return refs;
}

it('nothing of a call is kept once it has its answer', async () => {
  const bench = aClient();

  const refs = await callAndForget(bench, 1000);
  // What the fake network and the test's own listeners have noted is no leak of the client's.
  for (const list of [bench.seen, bench.calls, bench.batchEvents]) list.length = 0;
  for (let n = 0; n < 3; n++) {
    await drained();
    collectGarbage();
  }

  expect(refs).toHaveLength(2000);
  expect(refs.filter((ref) => ref.deref()).length).toBe(0);
  expect(bench.carpool.stats()).toMatchObject({ calls: 1000, waiting: 0, inFlight: 0 });
});

it.each(['text', 'json', 'arrayBuffer'] as const)(
  'a response that is kept after its %s has been read keeps no bytes',
  async (name) => {
    const body = new WeakRef(bytesOf('[1]'));
    const response = toResponse(aReply({ body: body.deref()! }), undefined);
    await response[name]();

    await drained();
    collectGarbage();

    expect(body.deref()).toBeUndefined();
    expect(response.bodyUsed).toBe(true);
  },
);
