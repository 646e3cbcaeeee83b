import { describe, expect, it } from 'vitest';
import { aBrowser, aStoredCache, recordsOn } from '../support/a-stored-cache.ts';

const hour = 3_600_000;
const kilobytes = (count: number) => ({ body: 'x'.repeat(1000 * count) });

describe('more than `maxEntries`', () => {
  it('make the least recently used go, from memory', async () => {
    const browser = aBrowser();
    const { from, transactions } = aStoredCache(browser, { maxEntries: 3 });
    await from('/a', '/b', '/c');
    await from('/a');
    transactions();

    await from('/d');

    expect(await from('/a', '/c', '/d')).toEqual(['memory', 'memory', 'memory']);
  });

  it('make the oldest go, from the disk', async () => {
    const browser = aBrowser();
    const { evicted, flush, keep } = aStoredCache(browser, { maxEntries: 3 });
    await keep('/a', '/b');
    await keep('/c', '/d');
    await flush();

    const next = aStoredCache(browser);

    expect(evicted).toEqual(['/a']);
    expect(await next.from('/b', '/c', '/d', '/a')).toEqual(['store', 'store', 'store', 'server']);
  });

  it('leave on the disk what is used all the time, though it is used from memory', async () => {
    const browser = aBrowser();
    const { flush, from, keep } = aStoredCache(browser, { maxEntries: 3 });
    await keep('/often', '/b');
    expect(await from('/often')).toEqual(['memory']);

    await keep('/c', '/d');
    await flush();

    const next = aStoredCache(browser);
    expect(await next.from('/often', '/b')).toEqual(['store', 'server']);
  });

  it('leave on the disk what is read from it', async () => {
    const browser = aBrowser();
    await aStoredCache(browser).keep('/read', '/b');
    const { flush, from, keep } = aStoredCache(browser, { maxEntries: 3 });
    expect(await from('/read')).toEqual(['store']);

    await keep('/c', '/d');
    await flush();

    const next = aStoredCache(browser);
    expect(await next.from('/read', '/b')).toEqual(['store', 'server']);
  });

  it('that are there at the opening go, too', async () => {
    const browser = aBrowser();
    await aStoredCache(browser).keep('/a', '/b', '/c');
    const small = aStoredCache(browser, { maxEntries: 2 });
    await browser.settle();

    await small.flush();

    const next = aStoredCache(browser);
    expect(await next.from('/b', '/c', '/a')).toEqual(['store', 'store', 'server']);
  });
});

describe('more than `maxBytes`', () => {
  it('make as many go as it takes', async () => {
    const browser = aBrowser();
    const answer = (path: string) => kilobytes(path === '/large' ? 5 : 2);
    const { evicted, flush, keep, store } = aStoredCache(browser, { maxBytes: 10_000, answer });
    await keep('/a', '/b', '/c');

    await keep('/large');

    expect(evicted).toEqual(['/a', '/b']);
    expect(store.size().entries).toBe(2);
    expect(store.size().bytes).toBeLessThanOrEqual(10_000);
    await flush();
    const next = aStoredCache(browser);
    expect(await next.from('/c', '/large', '/a', '/b')).toEqual([
      'store',
      'store',
      'server',
      'server',
    ]);
  });

  it('in one response are not kept, and push nothing out', async () => {
    const browser = aBrowser();
    const answer = (path: string) => kilobytes(path === '/huge' ? 20 : 2);
    const { from, keep, transactions } = aStoredCache(browser, { maxBytes: 10_000, answer });
    await keep('/a');
    transactions();

    await keep('/huge');

    expect(await from('/huge', '/a')).toEqual(['server', 'memory']);
    const written = transactions().flatMap((seen) => seen.written);
    expect(written).toEqual([]);
  });

  it('in one response take away what they would have replaced', async () => {
    const browser = aBrowser();
    let size = 1;
    const { flush, from, keep, reload } = aStoredCache(browser, {
      maxBytes: 10_000,
      answer: () => kilobytes(size),
    });
    await keep('/a', '/b');
    size = 20;
    await reload('/a');

    await flush();

    expect(await from('/a')).toEqual(['server']);
    const next = aStoredCache(browser);
    expect(await next.from('/a', '/b')).toEqual(['server', 'store']);
  });
});

describe('what has expired', () => {
  it('is not read from the disk, and leaves it then', async () => {
    const browser = aBrowser();
    await aStoredCache(browser).keep('/a');
    const { flush, from, transactions } = aStoredCache(browser, {
      answer: () => ({ headers: { 'cache-control': 'no-store' } }),
    });
    await browser.settle();
    await browser.advance(60_000);
    transactions();

    expect(await from('/a')).toEqual(['server']);
    expect(transactions()).toEqual([]);
    await flush();

    expect(await recordsOn(browser)).toEqual([]);
  });

  it('is not brought back by a reopening, and is cleared away', async () => {
    const browser = aBrowser();
    await aStoredCache(browser).keep('/a', '/b');
    await browser.advance(hour);
    const next = aStoredCache(browser);
    await browser.settle();
    expect(next.store.size().entries).toBe(0);

    await next.flush();

    expect(await recordsOn(browser)).toEqual([]);
  });

  it('leaves memory when something else comes, now and then', async () => {
    const browser = aBrowser();
    browser.storage.fail('open');
    const { from, store } = aStoredCache(browser);
    await from('/a', '/b');
    expect(store.size().entries).toBe(2);
    await browser.advance(60_000);

    await from('/c');

    expect(store.size().entries).toBe(1);
  });

  it('but can be validated is worth keeping for a day', async () => {
    const browser = aBrowser();
    const answer = () => ({ headers: { etag: '"a"', 'cache-control': 'max-age=60' } });
    await aStoredCache(browser, { answer }).keep('/a');

    await browser.advance(24 * hour);
    const inTime = aStoredCache(browser);
    await browser.settle();
    expect(inTime.store.size().entries).toBe(1);
    await browser.advance(60_000);
    const late = aStoredCache(browser);
    await browser.settle();

    expect(late.store.size().entries).toBe(0);
  });
});
