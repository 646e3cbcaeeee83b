import { describe, expect, it } from 'vitest';
import { aBrowser, aStoredCache, type StoredCache } from '../support/a-stored-cache.ts';
import type { FakeBrowser } from '../support/fake-browser.ts';

/**
 * A tab on whose disk there are `/a` and `/b`, each on a page of its own, and whose storage has stopped
 * answering: from the start, or once it is open.
 */
async function aHangingDisk(since: 'start' | 'open'): Promise<{
  browser: FakeBrowser;
  cache: StoredCache;
}> {
  const browser = aBrowser();
  const earlier = aStoredCache(browser);
  await earlier.keep('/a');
  await earlier.keep('/b');
  browser.hang(since === 'start');
  const cache = aStoredCache(browser);
  await browser.settle();
  browser.hang(true);
  return { browser, cache };
}

describe.each([
  ['opening', 'start'],
  ['look-up', 'open'],
] as const)('the %s of a storage that does not answer', (_, since) => {
  it('holds up those who wait for it for two seconds, and no longer', async () => {
    const { browser, cache } = await aHangingDisk(since);
    expect(await cache.from('/a', '/b')).toEqual(['waiting', 'waiting']);

    await browser.advance(1999);
    expect(cache.asked).toEqual([]);
    await browser.advance(1);

    expect(cache.asked).toEqual(['/a', '/b']);
    expect(cache.failures).toEqual(['timeout']);
    expect(cache.held()).toBe(0);
  });

  it('holds up nobody after that', async () => {
    const { browser, cache } = await aHangingDisk(since);
    void cache.from('/a');
    await browser.advance(2000);

    expect(await cache.from('/a', '/b', '/c')).toEqual(['memory', 'server', 'server']);
    await browser.advance(60_000);

    expect(cache.failures).toEqual(['timeout']);
  });

  it('is waited for offline, where there is nobody else to ask', async () => {
    const { browser, cache } = await aHangingDisk(since);
    cache.isOnline = false;
    const reply = cache.ask('/a');
    await browser.advance(30_000);
    expect(cache.asked).toEqual([]);

    browser.hang(false);
    await browser.settle();

    expect(await reply).toMatchObject({ status: 200 });
    expect(cache.asked).toEqual([]);
  });

  it('may end well after all: then the storage is used again', async () => {
    const { browser, cache } = await aHangingDisk(since);
    void cache.from('/c');
    void cache.from('/a');
    await browser.advance(2000);
    browser.hang(false);
    await browser.settle();

    expect(await cache.from('/b')).toEqual(['store']);
    await cache.keep('/d');

    expect(await aStoredCache(browser).from('/d')).toEqual(['store']);
  });
});

describe('while the storage does not answer', () => {
  it.each([
    ['flush', ({ store, tab }: StoredCache) => tab.run(() => store.flush())],
    ['invalidation', ({ invalidate }: StoredCache) => invalidate({ url: '/a' })],
  ])('the %s resolves after two seconds', async (_, begin) => {
    const { browser, cache } = await aHangingDisk('open');
    await cache.from('/c');
    let isOver = false;

    void begin(cache).then(() => (isOver = true));
    await browser.advance(1999);
    expect(isOver).toBe(false);
    await browser.advance(1);

    expect(isOver).toBe(true);
  });

  it('what comes is not piled up to be written', async () => {
    const { browser, cache } = await aHangingDisk('open');
    void cache.from('/a');
    await browser.advance(2000);
    await cache.from('/late');
    browser.hang(false);

    await cache.flush();

    expect(await aStoredCache(browser).from('/late')).toEqual(['server']);
    expect(await cache.from('/late')).toEqual(['memory']);
  });

  it('what is invalidated is not answered, then or later', async () => {
    const { browser, cache } = await aHangingDisk('open');
    const gone = cache.invalidate({ url: '/a' });
    await browser.advance(2000);
    await gone;
    expect(await cache.from('/a')).toEqual(['server']);

    browser.hang(false);
    await browser.settle();

    expect(await aStoredCache(browser).from('/a', '/b')).toEqual(['server', 'store']);
  });
});
