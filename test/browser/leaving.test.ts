import { afterEach, describe, expect, test, vi } from 'vitest';
import { createCarpool } from '../../src/index.ts';
import { createBatchEndpoint } from './support/batch-endpoint.ts';
import { createGate } from './support/gate.ts';
import { openPage } from './support/page.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

interface Calls {
  readonly call: (url: string, init?: RequestInit) => void;
}

/** A page whose calls wait for company for an hour. */
async function pageThatWaits(
  endpoint: string,
): Promise<{ frame: HTMLIFrameElement; window: Window & Calls }> {
  const { frame, window } = await openPage({
    script: `
      const carpool = createCarpool({ endpoint: '${endpoint}', window: '1h' });
      window.call = (...args) => void carpool.fetch(...args).catch(() => {});`,
  });
  return { frame, window: window as Window & Calls };
}

describe('a page that leaves', () => {
  test('sends what waits in its window, when it goes elsewhere', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const { frame, window } = await pageThatWaits(endpoint);
    const gates = [createGate(), createGate()];

    for (const { url } of gates) window.call(url, { method: 'POST' });
    window.location.replace('/t/echo');
    await Promise.all(gates.map(({ arrived }) => arrived()));

    expect(await seen()).toMatchObject({ batches: 1, items: 2 });
    await Promise.all(gates.map(({ open }) => open()));
    frame.remove();
  });

  test('sends what waits when its frame is removed', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const { frame, window } = await pageThatWaits(endpoint);
    const gates = [createGate(), createGate()];

    for (const { url } of gates) window.call(url, { method: 'POST' });
    frame.remove();
    await Promise.all(gates.map(({ arrived }) => arrived()));

    expect(await seen()).toMatchObject({ batches: 1, items: 2 });
    await Promise.all(gates.map(({ open }) => open()));
  });
});

describe('the back/forward cache', () => {
  test('is not kept out: nothing listens to unload or beforeunload', async () => {
    const added = [window, document].map((target) => vi.spyOn(target, 'addEventListener'));
    const { endpoint } = createBatchEndpoint();
    const carpool = createCarpool({ endpoint });

    const uninstall = carpool.install();
    await Promise.all([fetch('/t/echo/1'), fetch('/t/echo/2')]);
    uninstall();

    const names = added.flatMap(({ mock }) => mock.calls.map(([name]) => name));
    expect(names).toEqual(['pagehide', 'pageshow', 'visibilitychange']);
    expect([window.onunload, window.onbeforeunload]).toEqual([null, null]);
    await carpool.dispose();
  });

  test('finds no connection open once all is answered', async () => {
    const { endpoint } = createBatchEndpoint();
    const carpool = createCarpool({ endpoint });

    await Promise.all([carpool.fetch('/t/echo/1'), carpool.fetch('/t/echo/2')]);

    await vi.waitUntil(() => carpool.stats().inFlight === 0);
    expect(carpool.stats().waiting).toBe(0);
  });

  test('may give the page back: the client goes on', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const carpool = createCarpool({ endpoint });
    const call = (n: number): Promise<Response> => carpool.fetch(`/t/echo/${String(n)}`);

    const before = [call(1), call(2)];
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    const after = [call(3), call(4)];
    const responses = await Promise.all([...before, ...after]);

    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await seen()).toMatchObject({ batches: 2, items: 4 });
  });
});
