import { describe, expect, it } from 'vitest';
import { aBrowser, aStoredCache, type StoredCache } from '../support/a-stored-cache.ts';
import type { FakeBrowser } from '../support/fake-browser.ts';

/** A tab on whose disk there are `/a` and `/b`, each on a page of its own. */
async function aFilledDisk(): Promise<{ browser: FakeBrowser; cache: StoredCache }> {
  const browser = aBrowser();
  const cache = aStoredCache(browser);
  await cache.keep('/a');
  await browser.advance(1);
  await cache.keep('/b');
  return { browser, cache };
}

const later = (browser: FakeBrowser): StoredCache => aStoredCache(browser);

describe('a write that exceeds the quota', () => {
  it('is made again without the oldest half of what there was', async () => {
    const { browser, cache } = await aFilledDisk();
    browser.storage.fail('quota', 1);

    await cache.keep('/c');

    expect(cache.failures).toEqual(['quota']);
    expect(cache.evicted).toEqual(['/a']);
    expect(await later(browser).from('/a', '/b', '/c')).toEqual(['server', 'store', 'store']);
  });

  it('once more is given up: what comes is in memory only', async () => {
    const { browser, cache } = await aFilledDisk();
    browser.storage.fail('quota', 2);

    await cache.keep('/c');
    await cache.keep('/d');

    expect(cache.failures).toEqual(['quota', 'quota']);
    expect(await cache.from('/c', '/d')).toEqual(['memory', 'memory']);
    expect(await later(browser).from('/b', '/c', '/d')).toEqual(['store', 'server', 'server']);
  });

  it('is given up where there is no room to make room, either', async () => {
    const { browser, cache } = await aFilledDisk();
    browser.storage.fail('full');

    await cache.keep('/c');

    expect(cache.failures).toEqual(['quota', 'quota']);
    expect(cache.evicted).toEqual([]);
    expect(await later(browser).from('/a', '/b')).toEqual(['store', 'store']);
  });

  it('costs no call its answer', async () => {
    const { browser, cache } = await aFilledDisk();
    browser.storage.fail('quota');
    const sources = await cache.from('/c', '/d');

    await cache.flush();

    expect(sources).toEqual(['server', 'server']);
    expect(await cache.from('/a', '/c', '/d')).toEqual(['memory', 'memory', 'memory']);
  });
});

describe('while the quota is exceeded', () => {
  it('what is on the disk is still read', async () => {
    const { browser } = await aFilledDisk();
    const { from, keep } = later(browser);
    browser.storage.fail('full');
    await keep('/c');

    expect(await from('/a', '/b')).toEqual(['store', 'store']);
  });

  it('nothing is tried', async () => {
    const { browser, cache } = await aFilledDisk();
    browser.storage.fail('full');
    await cache.keep('/c');
    cache.transactions();

    await cache.keep('/d');
    await browser.advance(29_000);

    expect(cache.transactions()).toEqual([]);
  });

  it('what can’t be replaced on the disk doesn’t come back, either', async () => {
    const { browser, cache } = await aFilledDisk();
    browser.storage.fail('quota', 2);
    await cache.keep('/c');

    await cache.reload('/b');
    await cache.flush();

    expect(await later(browser).from('/b')).toEqual(['server']);
  });

  it('for half a minute, and no longer', async () => {
    const { browser, cache } = await aFilledDisk();
    browser.storage.fail('full', 2);
    await cache.keep('/c');
    await browser.advance(30_000);

    await cache.keep('/d');

    expect(await later(browser).from('/d')).toEqual(['store']);
  });
});
