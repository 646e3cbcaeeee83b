import { describe, expect, it } from 'vitest';
import { aBrowser, aStoredCache, bodyOf, recordsOn } from '../support/a-stored-cache.ts';
import type { SeenTransaction } from '../support/fake-storage.ts';

const writes = (seen: readonly SeenTransaction[]): SeenTransaction[] =>
  seen.filter(({ mode }) => mode === 'readwrite');
const pagesOf = (keys: readonly string[]): string[] => keys.filter((key) => key.startsWith('p'));

describe('what comes in', () => {
  it('is gathered: many answers become one page, in one transaction', async () => {
    const browser = aBrowser();
    const { flush, from, transactions } = aStoredCache(browser);
    for (let n = 0; n < 30; n++) await from(`/${String(n)}`);

    await flush();

    const seen = writes(transactions());
    expect(seen.map(({ written }) => written.map((key) => key[0]))).toEqual([['i', 'p']]);
  });

  it('is written behind its answer', async () => {
    const browser = aBrowser();
    const { from, transactions } = aStoredCache(browser);

    expect(await from('/a')).toEqual(['server']);

    expect(writes(transactions())).toEqual([]);
    expect(await recordsOn(browser)).toEqual([]);
  });

  it('is written when there is nothing else to do', async () => {
    const browser = aBrowser();
    const { from, tab } = aStoredCache(browser);
    await from('/a');

    await tab.beIdle();
    await browser.settle();

    expect(await recordsOn(browser)).toHaveLength(2);
  });

  it('is written within a second, however busy the page is', async () => {
    const browser = aBrowser();
    const { from } = aStoredCache(browser);
    await from('/a');

    await browser.advance(999);
    expect(await recordsOn(browser)).toEqual([]);
    await browser.advance(1);

    expect(await recordsOn(browser)).toHaveLength(2);
  });

  it('is written as it is at that time', async () => {
    const browser = aBrowser();
    let version = 1;
    const answer = () => ({ body: String(version++) });
    const { flush, from, reload } = aStoredCache(browser, { answer });
    await from('/a', '/b');
    await reload('/a');

    await flush();

    const next = aStoredCache(browser);
    const replies = Promise.all([next.ask('/a'), next.ask('/b')]);
    await browser.settle();
    expect((await replies).map(bodyOf)).toEqual(['3', '2']);
    expect(pagesOf(await recordsOn(browser))).toHaveLength(1);
  });

  it('is not written at all if it is invalidated before that', async () => {
    const browser = aBrowser();
    const { flush, from, invalidate } = aStoredCache(browser);
    await from('/a', '/b');
    void invalidate({ url: '/a' });

    await flush();

    const next = aStoredCache(browser);
    expect(await next.from('/a', '/b')).toEqual(['server', 'store']);
  });

  it('while others are being written is written after them', async () => {
    const browser = aBrowser();
    const { flush, from } = aStoredCache(browser);
    await from('/a');
    browser.hang(true);
    await flush();
    expect(await from('/b')).toEqual(['server']);
    browser.hang(false);

    await flush();

    const next = aStoredCache(browser);
    expect(await next.from('/a', '/b')).toEqual(['store', 'store']);
  });

  it('and is being written is at hand', async () => {
    const browser = aBrowser();
    const maxEntries = 1;
    const { flush, from } = aStoredCache(browser, { maxEntries });
    await from('/a');
    browser.hang(true);
    await flush();
    await from('/b');

    // Not in memory any more, nor on the disk yet.
    expect(await from('/a')).toEqual(['store']);
  });
});

describe('a page', () => {
  it('has so many responses, and no more', async () => {
    const browser = aBrowser();
    const maxEntries = 1000;
    const { flush, from } = aStoredCache(browser, { maxEntries });
    await from(...Array.from({ length: 300 }, (_, n) => `/${String(n)}`));

    await flush();

    expect(pagesOf(await recordsOn(browser))).toHaveLength(3);
  });

  it('has so many bytes, and no more, so that no look-up reads much that it doesn’t want', async () => {
    const browser = aBrowser();
    const body = 'x'.repeat(100_000);
    const { flush, from } = aStoredCache(browser, { answer: () => ({ body }) });
    await from('/a', '/b', '/c', '/d', '/e');

    await flush();

    expect(pagesOf(await recordsOn(browser))).toHaveLength(3);
  });

  it('is of its owner, or of everybody: never both', async () => {
    const browser = aBrowser();
    const cache = aStoredCache(browser);
    await cache.from('/open');
    cache.who = 'ann';
    await cache.from('/own');

    await cache.flush();

    expect(pagesOf(await recordsOn(browser))).toHaveLength(2);
  });
});
