import { afterEach, describe, expect, it, vi } from 'vitest';
import { aCachingClient } from '../support/a-caching-client.ts';
import { aBrowser, aStoredCache } from '../support/a-stored-cache.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('without IndexedDB', () => {
  it('the cache is one in memory, and nothing is said of it', async () => {
    const { asked, get, told } = aCachingClient({ cache: { persist: true } });
    expect('indexedDB' in globalThis).toBe(false);
    await get('/a');

    expect(await get('/a')).toBe('/a 1');

    expect(asked()).toEqual(['GET /a']);
    expect(told.map(({ outcome }) => outcome)).toEqual(['miss', 'stored', 'hit']);
  });

  it('what stands in its place is no reason to fail', async () => {
    vi.stubGlobal('indexedDB', null);
    const { get, told } = aCachingClient({ cache: { persist: true } });

    expect(await get('/a')).toBe('/a 1');

    expect(told.map(({ reason, outcome }) => reason ?? outcome)).toContain('unavailable');
  });
});

describe.each([
  ['refused, as in a sandboxed frame', 'refuse'],
  ['answered with an error, as in private mode', 'open'],
  ['fine, but no transaction ends well', 'abort'],
] as const)('where opening is %s', (_, fault) => {
  it('calls are answered, from memory where they can', async () => {
    const browser = aBrowser();
    browser.storage.fail(fault);
    const { from } = aStoredCache(browser);

    expect(await from('/a')).toEqual(['server']);
    expect(await from('/a', '/b')).toEqual(['memory', 'server']);
  });

  it('that is told once for many calls', async () => {
    const browser = aBrowser();
    browser.storage.fail(fault);
    const { failures, from, keep } = aStoredCache(browser);

    await keep('/a', '/b');
    await from('/c');

    expect(failures).toEqual(['unavailable']);
  });

  it('the storage is left alone for half a minute, and then used as if nothing had been', async () => {
    const browser = aBrowser();
    await aStoredCache(browser).keep('/old');
    browser.storage.fail(fault);
    const { from, keep, transactions } = aStoredCache(browser);
    await from('/a');
    browser.storage.heal();
    transactions();

    await browser.advance(29_999);
    await keep('/b');
    expect(await from('/old2')).toEqual(['server']);
    expect(transactions()).toEqual([]);
    await browser.advance(1);

    expect(await from('/old')).toEqual(['store']);
    await keep('/c');
    expect(await aStoredCache(browser).from('/c')).toEqual(['store']);
  });
});

describe('storage that fails later', () => {
  it('at a look-up costs nobody an answer, and is told once', async () => {
    const browser = aBrowser();
    const earlier = aStoredCache(browser);
    await earlier.keep('/a');
    await earlier.keep('/b');
    const { failures, from } = aStoredCache(browser);
    await browser.settle();
    browser.storage.fail('abort');

    expect(await from('/a', '/b', '/c')).toEqual(['server', 'server', 'server']);

    expect(failures).toEqual(['read']);
  });

  it('at a write costs nobody an answer, and leaves what there was', async () => {
    const browser = aBrowser();
    await aStoredCache(browser).keep('/a');
    const { failures, from, keep } = aStoredCache(browser);
    await browser.settle();
    browser.storage.fail('abort');
    await keep('/b');

    expect(await from('/b')).toEqual(['memory']);

    expect(failures).toEqual(['write']);
    browser.storage.heal();
    expect(await aStoredCache(browser).from('/a', '/b')).toEqual(['store', 'server']);
  });

  it('at an invalidation is asked again to forget, when it works again', async () => {
    const browser = aBrowser();
    await aStoredCache(browser).keep('/a', '/b');
    const { failures, from, invalidate } = aStoredCache(browser);
    await browser.settle();
    // Once, and when the connection has been opened anew.
    browser.storage.fail('abort', 2);
    void invalidate({ url: '/a' });
    await browser.settle();
    expect(await from('/a')).toEqual(['server']);
    expect(failures).toEqual(['write']);

    await browser.advance(30_000);
    await from('/other');

    expect(await aStoredCache(browser).from('/a', '/b')).toEqual(['server', 'store']);
  });
});
