import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CarpoolOptions } from '../../src/index.ts';
import { aCachingClient, type CachingClient } from '../support/a-caching-client.ts';
import { aBrowser, aStoredCache, recordsOn, type Answer } from '../support/a-stored-cache.ts';
import type { FakeBrowser } from '../support/fake-browser.ts';
import type { SeenTransaction } from '../support/fake-storage.ts';

interface StoredClient {
  readonly browser: FakeBrowser;
  readonly client: CachingClient;
  /** Where each answer that the cache has given was from. */
  readonly sources: () => unknown[];
  /** Gets all in one task, and waits until nothing moves any more. */
  readonly get: (...paths: readonly string[]) => Promise<unknown[]>;
  /** Transactions since the last time. */
  readonly transactions: () => SeenTransaction[];
  /** Something happens to the page. */
  readonly happen: (type: string, event?: object) => Promise<void>;
  readonly settle: () => Promise<void>;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A client in a page, on whose disk there are these paths, written together; its calls carry no credentials. */
async function aStoredClient(
  kept: readonly string[] = [],
  headers: Answer['headers'] = {},
  options: CarpoolOptions = {},
): Promise<StoredClient> {
  const browser = aBrowser();
  const { settle, now } = browser;
  const tab = browser.openTab();
  const earlier = aStoredCache(browser, {
    answer: (path) => ({ headers, body: JSON.stringify(path) }),
  });
  await earlier.keep(...kept);
  vi.setSystemTime(now());
  const listeners = new Map<string, (event: object) => void>();
  vi.stubGlobal('addEventListener', (type: string, listener: () => void) => {
    listeners.set(type, listener);
  });
  vi.stubGlobal('removeEventListener', () => {});
  const client = tab.run(() =>
    aCachingClient({ ...options, cache: { persist: true, name: 'carpool' } }),
  );
  onTestFinished(async () => {
    void client.carpool.flush();
    await settle();
    // What it has replaced.
    void client.carpool.flush();
    await settle();
  });
  await settle();
  let seen = tab.transactions.length;
  return {
    browser,
    client,
    sources: () => client.told.filter(({ outcome }) => outcome === 'hit').map(({ from }) => from),
    get: async (...paths) => {
      const bodies = paths.map((path) => client.get(path, { credentials: 'omit' }));
      await settle();
      return Promise.all(bodies);
    },
    transactions: () => tab.transactions.slice(seen, (seen = tab.transactions.length)),
    happen: async (type, event = {}) => {
      listeners.get(type)?.(event);
      await settle();
    },
    settle,
  };
}

describe('calls of one task', () => {
  it('that are all on disk cost one transaction and no request', async () => {
    const paths = Array.from({ length: 100 }, (_, n) => `/${String(n)}`);
    const { client, get, sources, transactions } = await aStoredClient(paths);

    expect(await get(...paths)).toEqual(paths);

    const seen = transactions();
    expect(seen.map(({ mode }) => mode)).toEqual(['readonly']);
    expect(seen[0]?.read).toHaveLength(3);
    expect(new Set(sources())).toEqual(new Set(['store']));
    expect(client.asked()).toEqual([]);
  });

  it('of which some are on disk share a batch for the others', async () => {
    const { client, get, sources } = await aStoredClient(['/a', '/b']);

    expect(await get('/a', '/x', '/b', '/y')).toEqual(['/a', '/x 1', '/b', '/y 1']);

    expect(sources()).toEqual(['store', 'store']);
    expect(client.batches()).toHaveLength(1);
    expect(client.asked()).toEqual(['GET /x', 'GET /y']);
  });

  it('share it with those of which what is on disk has to be asked about', async () => {
    const stale = { 'cache-control': 'max-age=0', etag: '"1"' };
    const { client, get } = await aStoredClient(['/a', '/b'], stale);

    await get('/x', '/a', '/b');

    expect(client.batches()).toHaveLength(1);
    expect(client.asked()).toHaveLength(3);
  });

  it('of which none is on disk open no transaction', async () => {
    const { get, transactions } = await aStoredClient(['/a']);

    expect(await get('/x', '/y')).toEqual(['/x 1', '/y 1']);

    expect(transactions()).toEqual([]);
  });
});

describe('what waits to be written', () => {
  it('is written when the page is left', async () => {
    const { browser, get, happen } = await aStoredClient();
    await get('/a', '/b');
    expect(await recordsOn(browser)).toEqual([]);

    await happen('pagehide');

    expect(await aStoredCache(browser).from('/a', '/b')).toEqual(['store', 'store']);
  });

  it.each([
    ['hidden', 2],
    ['visible', 0],
  ])(
    'is written when the page is hidden, often the last that it hears: %s',
    async (state, count) => {
      const { browser, get, happen } = await aStoredClient();
      await get('/a');
      vi.stubGlobal('document', { visibilityState: state });

      await happen('visibilitychange');

      expect(await recordsOn(browser)).toHaveLength(count);
    },
  );

  it('is written by `flush`', async () => {
    const { browser, client, get, settle } = await aStoredClient();
    await get('/a');

    const flushed = client.carpool.flush();
    await settle();
    await flushed;

    expect(await recordsOn(browser)).toHaveLength(2);
  });

  it('is written by `dispose`', async () => {
    const { browser, client, get, settle } = await aStoredClient();
    await get('/a');

    const gone = client.carpool.dispose();
    await settle();
    await gone;

    expect(await recordsOn(browser)).toHaveLength(2);
  });

  it('is forgotten by `cache.clear`, and so is what was', async () => {
    const { browser, client, get, happen, settle } = await aStoredClient(['/old']);
    await get('/a');

    const cleared = client.carpool.cache.clear();
    await settle();
    await cleared;
    await happen('pagehide');

    expect(await recordsOn(browser)).toEqual(['meta']);
  });
});

describe('a page that comes back from the back/forward cache', () => {
  it('trusts the disk, and not its memory', async () => {
    const { browser, get, happen, sources } = await aStoredClient();
    await get('/a', '/b');
    await happen('pagehide');
    const other = aStoredCache(browser, { answer: () => ({ body: '1' }) });
    void other.invalidate({ url: '/a' });
    await browser.settle();
    await other.keep('/c');

    await happen('pageshow', { persisted: true });
    await get('/a', '/b');
    expect(sources()).toEqual(['store']);
    await get('/c');

    expect(sources()).toEqual(['store', 'store']);
  });

  it('that was only loaded reads nothing again', async () => {
    const { get, happen, sources, transactions } = await aStoredClient();
    await get('/a');
    await happen('pagehide');
    transactions();

    await happen('pageshow', { persisted: false });
    await get('/a');

    expect(sources()).toEqual(['memory']);
    expect(transactions()).toEqual([]);
  });
});

describe('a call while the storage does not answer', () => {
  /** What the call has come to. */
  const outcomeOf = (call: Promise<unknown>): (() => unknown) => {
    let outcome: unknown = 'waiting';
    call.then(
      () => (outcome = 'answered'),
      (error: unknown) => (outcome = error),
    );
    return () => outcome;
  };

  it('offline, where it is waited for, takes no longer than its `timeout`', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    const { browser, client, settle } = await aStoredClient(['/a'], {}, { timeout: 5000 });
    browser.hang(true);
    const outcome = outcomeOf(client.get('/a', { credentials: 'omit' }));
    await settle();

    await vi.advanceTimersByTimeAsync(4999);
    expect(outcome()).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);

    expect(outcome()).toMatchObject({ name: 'BatchError', code: 'timeout' });
    expect(client.calls).toMatchObject([{ error: outcome() }]);
    browser.hang(false);
    await settle();
    expect(client.asked()).toEqual([]);
  });

  it('is given up within a `timeout` that is shorter than the patience with the storage', async () => {
    const { browser, client, settle } = await aStoredClient(['/a'], {}, { timeout: 500 });
    browser.hang(true);
    const outcome = outcomeOf(client.get('/a', { credentials: 'omit' }));
    await settle();

    await vi.advanceTimersByTimeAsync(500);

    expect(outcome()).toMatchObject({ code: 'timeout' });
    browser.hang(false);
    await settle();
    expect(client.asked()).toEqual([]);
  });

  it('is told of as a hit by nobody who has left', async () => {
    const { browser, client, settle, sources } = await aStoredClient(['/a']);
    browser.hang(true);
    const controller = new AbortController();
    const { signal } = controller;
    const outcome = outcomeOf(client.get('/a', { credentials: 'omit', signal }));
    await settle();

    controller.abort('enough');
    await settle();
    expect(outcome()).toBe('enough');
    browser.hang(false);
    await settle();

    expect(sources()).toEqual([]);
    expect(client.calls).toMatchObject([{ error: 'enough' }]);
    expect(client.asked()).toEqual([]);
  });
});
