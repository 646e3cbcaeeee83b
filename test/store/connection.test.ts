import { describe, expect, it } from 'vitest';
import {
  aBrowser,
  aStoredCache,
  databaseName,
  type StoredCache,
} from '../support/a-stored-cache.ts';
import type { FakeBrowser } from '../support/fake-browser.ts';

/** A tab with an open connection, on whose disk there are `/a` and `/b`. */
async function aConnection(): Promise<{ browser: FakeBrowser; cache: StoredCache }> {
  const browser = aBrowser();
  await aStoredCache(browser).keep('/a', '/b');
  const cache = aStoredCache(browser);
  await browser.settle();
  return { browser, cache };
}

const connectionOf = ({ tab }: StoredCache): IDBDatabase => tab.transactions.at(-1)!.transaction.db;
const isOpen = (db: IDBDatabase): boolean => {
  try {
    db.transaction('pages').abort();
    return true;
  } catch {
    return false;
  }
};

/** What somebody else's request of the database comes to, who needs every connection closed for it. */
async function outcomeOf(browser: FakeBrowser, request: IDBOpenDBRequest): Promise<string> {
  let outcome = 'pending';
  request.onblocked = () => (outcome = 'blocked');
  request.onsuccess = () => {
    outcome = 'ok';
    // Of a deletion there is none.
    (request.result as IDBDatabase | undefined)?.close();
  };
  await browser.settle();
  return outcome;
}

describe('who wants to delete the database', () => {
  it('is not kept waiting', async () => {
    const { browser, cache } = await aConnection();
    const db = connectionOf(cache);

    const { factory } = browser.storage;

    expect(await outcomeOf(browser, factory.deleteDatabase(databaseName))).toBe('ok');
    expect(isOpen(db)).toBe(false);
  });

  it('costs the calls no more than what was on the disk, and another is opened', async () => {
    const { browser, cache } = await aConnection();
    await outcomeOf(browser, browser.storage.factory.deleteDatabase(databaseName));

    expect(await cache.from('/a')).toEqual(['server']);
    await cache.keep('/c');

    expect(cache.failures).toEqual([]);
    expect(await aStoredCache(browser).from('/b', '/c')).toEqual(['server', 'store']);
  });
});

describe('who wants to upgrade the database', () => {
  it('is not kept waiting, and the cache goes on with what there is then', async () => {
    const { browser, cache } = await aConnection();

    const { factory } = browser.storage;

    expect(await outcomeOf(browser, factory.open(databaseName, 2))).toBe('ok');
    expect(await cache.from('/a')).toEqual(['store']);
    expect(cache.failures).toEqual([]);
  });

  it('and takes away what the cache needs costs no call its answer', async () => {
    const { browser, cache } = await aConnection();
    const request = browser.storage.factory.open(databaseName, 2);
    request.onupgradeneeded = () => {
      request.result.deleteObjectStore('pages');
    };
    await outcomeOf(browser, request);

    expect(await cache.from('/a', '/c')).toEqual(['server', 'server']);

    expect(cache.failures).toEqual(['read']);
  });
});

describe('a connection that has been closed', () => {
  it('by the browser is opened again', async () => {
    const { cache } = await aConnection();
    cache.tab.cut();

    expect(await cache.from('/a')).toEqual(['store']);
    await cache.keep('/c');

    expect(cache.failures).toEqual([]);
  });

  it('by the browser without a word is opened again', async () => {
    const { browser, cache } = await aConnection();
    connectionOf(cache).close();

    expect(await cache.from('/a')).toEqual(['store']);
    connectionOf(cache).close();
    await cache.keep('/c');

    expect(cache.failures).toEqual([]);
    expect(await aStoredCache(browser).from('/c')).toEqual(['store']);
  });

  it('under two transactions, as WebKit does it, is opened again once', async () => {
    const { browser, cache } = await aConnection();
    await cache.reload('/b');
    browser.storage.fail('abort', 2);
    const gone = cache.invalidate({ url: '/a' });
    await cache.flush();
    await gone;
    expect(await aStoredCache(browser).from('/a', '/b')).toEqual(['server', 'store']);

    const { factory } = browser.storage;

    expect(await outcomeOf(browser, factory.deleteDatabase(databaseName))).toBe('ok');
    expect(cache.failures).toEqual([]);
  });

  it('by its client is closed', async () => {
    const { browser, cache } = await aConnection();
    const db = connectionOf(cache);
    expect(isOpen(db)).toBe(true);

    cache.store.close();
    await browser.settle();

    expect(isOpen(db)).toBe(false);
  });

  it('by its client is closed, though it was only being opened', async () => {
    const browser = aBrowser();
    const cache = aStoredCache(browser);
    cache.store.close();

    await browser.settle();

    expect(isOpen(connectionOf(cache))).toBe(false);
  });

  it('by its client is not opened again, though there is something left to clear away', async () => {
    const { browser, cache } = await aConnection();
    await cache.reload('/a');
    await cache.flush();
    cache.store.close();
    cache.transactions();

    await browser.advance(60_000);

    expect(cache.transactions()).toEqual([]);
    expect(cache.tab.timers()).toBe(0);
  });
});
