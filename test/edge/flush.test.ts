import { afterEach, describe, expect, it, vi } from 'vitest';
import { BatchError, createCarpool } from '../../src/index.ts';
import { aClient, url } from '../support/a-client.ts';
import { drained, failureOf, stateOf } from '../support/drained.ts';
import { echo, endpoint, fakeNetwork, type Seen } from '../support/fake-network.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A network that keeps its answers until the test lets them go. */
function slowly(): { answer: (seen: Seen) => Promise<Response>; go: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { answer: (seen) => promise.then(() => echo(seen)), go: resolve };
}

describe('flush', () => {
  it('sends what is waiting, and resolves when it is settled', async () => {
    const { answer, go } = slowly();
    const { carpool, fetch, seen } = aClient({ window: '1h' }, answer);
    const calls = [fetch(url('/a')), fetch(url('/b'), { priority: 'low' })];

    const flushed = carpool.flush();
    expect(await stateOf(flushed)).toBe('pending');
    expect(seen).toHaveLength(1);
    go();
    await flushed;

    expect(await Promise.all(calls.map(stateOf))).toEqual(['ok', 'ok']);
  });

  it('never rejects', async () => {
    const { carpool, fetch } = aClient({}, () => Promise.reject(new TypeError('lost')));
    const failures = Promise.all([failureOf(fetch(url('/a'))), failureOf(fetch(url('/b')))]);

    await expect(carpool.flush()).resolves.toBeUndefined();

    expect(await failures).toHaveLength(2);
  });

  it('waits for calls whose bodies are being read', async () => {
    const { carpool, fetch } = aClient();
    const body = new Blob(['{}'], { type: 'application/json' });
    const order: string[] = [];
    const call = fetch(url('/a'), { method: 'POST', body }).then(() => order.push('call'));

    await carpool.flush();
    order.push('flush');
    await call;

    expect(order).toEqual(['call', 'flush']);
  });

  it('of nothing resolves at once', async () => {
    await expect(aClient().carpool.flush()).resolves.toBeUndefined();
  });
});

describe('dispose', () => {
  it('sends what is waiting, and resolves when it is settled', async () => {
    const { carpool, fetch } = aClient({ window: '1h' });
    const call = fetch(url('/a'));

    await carpool.dispose();

    expect(await stateOf(call)).toBe('ok');
  });

  it('waits for calls whose bodies are being read', async () => {
    const { carpool, fetch } = aClient();
    const body = new Blob(['{}'], { type: 'application/json' });
    const order: string[] = [];
    const call = fetch(url('/a'), { method: 'POST', body }).then(() => order.push('call'));

    await carpool.dispose();
    order.push('dispose');
    await call;

    expect(order).toEqual(['call', 'dispose']);
  });

  it('has later calls rejected, saying what to do', async () => {
    const { carpool, fetch, seen } = aClient();
    await carpool.dispose();

    const error = await failureOf(fetch(url('/a')));

    expect(error).toBeInstanceOf(BatchError);
    expect(error).toMatchObject({ code: 'closed' });
    expect((error as Error).message).toContain('create another');
    expect(seen).toEqual([]);
  });

  it('may be asked for twice', async () => {
    const { carpool } = aClient();

    await Promise.all([carpool.dispose(), carpool.dispose()]);
  });

  it('is what `await using` calls', async () => {
    fakeNetwork();
    let fetch;
    {
      await using carpool = createCarpool({ endpoint });
      fetch = carpool.fetch;
    }

    expect(await failureOf(fetch(url('/a')))).toMatchObject({ code: 'closed' });
  });
});

describe('when the page is left', () => {
  /** A page's events. */
  function aPage(): { listeners: Map<string, (event: Event) => void>; leave: () => void } {
    const listeners = new Map<string, (event: Event) => void>();
    vi.stubGlobal('addEventListener', (type: string, listener: () => void) => {
      listeners.set(type, listener);
    });
    vi.stubGlobal('removeEventListener', (type: string, listener: () => void) => {
      if (listeners.get(type) === listener) listeners.delete(type);
    });
    return { listeners, leave: () => listeners.get('pagehide')?.(new Event('pagehide')) };
  }

  it('what is waiting goes, in requests that outlive it', async () => {
    const { leave } = aPage();
    const keepalive: boolean[] = [];
    const { batches, fetch } = aClient({ window: '1h' });
    const fake = globalThis.fetch;
    vi.stubGlobal('fetch', (...args: Parameters<typeof fake>) => {
      keepalive.push(new Request(...args).keepalive);
      return fake(...args);
    });
    const calls = Promise.all([
      fetch(url('/a'), { method: 'POST', body: 'x' }),
      fetch(url('/b'), { priority: 'low' }),
    ]);

    leave();
    await calls;

    expect(batches().map(({ items }) => items?.length)).toEqual([2]);
    expect(keepalive).toEqual([true]);
  });

  it('that is done before the microtasks are over, which is all the time there is', async () => {
    const { leave } = aPage();
    const { fetch } = aClient({ window: '1h' });
    const sent = vi.fn<typeof globalThis.fetch>(() => new Promise(() => {}));
    vi.stubGlobal('fetch', sent);
    void fetch(url('/a'));
    await drained();

    leave();
    for (let n = 0; n < 100; n++) await null;

    expect(sent).toHaveBeenCalledTimes(1);
  });

  it('calls made from then on go natively in the same breath, until it comes back', async () => {
    const { leave, listeners } = aPage();
    const { fetch } = aClient({ window: '1h' });
    const sent = vi.fn<typeof globalThis.fetch>(() => new Promise(() => {}));
    vi.stubGlobal('fetch', sent);

    leave();
    void fetch(url('/a'), { method: 'POST', body: 'x' });
    const whileLeaving = sent.mock.calls.length;
    listeners.get('pageshow')?.(new Event('pageshow'));
    void fetch(url('/b'));
    await drained();

    expect([whileLeaving, sent.mock.calls.length]).toEqual([1, 1]);
  });

  it.each([
    ['is open only while it is awake, if it may come back', true, [1, 0, 1]],
    ['stays open if it will not', false, [1, 1, 1]],
  ])('its channel to other tabs %s', (_, persisted, expected) => {
    const { listeners } = aPage();
    const open = new Set<object>();
    vi.stubGlobal('indexedDB', {});
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        constructor() {
          open.add(this);
        }
        close(): void {
          open.delete(this);
        }
      },
    );
    const pass = (type: string): number => {
      listeners.get(type)?.(Object.assign(new Event(type), { persisted }));
      return open.size;
    };
    aClient({ cache: { persist: false } });

    const counts = [open.size, pass('pagehide'), pass('pageshow')];

    expect(counts).toEqual(expected);
  });

  it('no listener keeps it out of the back/forward cache, nor is one left behind', async () => {
    const { listeners } = aPage();
    const { carpool } = aClient();

    expect([...listeners.keys()]).toEqual(['pagehide', 'pageshow', 'visibilitychange']);
    await carpool.dispose();

    expect([...listeners.keys()]).toEqual([]);
  });
});
