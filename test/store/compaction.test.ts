import { describe, expect, it } from 'vitest';
import { aBrowser, aStoredCache, bodyOf, recordsOn } from '../support/a-stored-cache.ts';
import type { FakeBrowser } from '../support/fake-browser.ts';

const pagesOn = async (browser: FakeBrowser): Promise<string[]> =>
  (await recordsOn(browser)).filter((key) => key.startsWith('p'));
const paths = (count: number): string[] => Array.from({ length: count }, (_, n) => `/${String(n)}`);

/** Answers with a number that goes up. */
const numbered = () => {
  let number = 0;
  return () => ({ body: String(++number) });
};

describe('pages with few responses', () => {
  it('are left alone while there are few', async () => {
    const browser = aBrowser();
    const { keep } = aStoredCache(browser);
    for (const path of paths(32)) await keep(path);

    await keep('/last');

    expect(await pagesOn(browser)).toHaveLength(33);
  });

  it('are put together with the next write where there are many', async () => {
    const browser = aBrowser();
    const { keep } = aStoredCache(browser);
    for (const path of paths(33)) await keep(path);

    await keep('/last');

    expect(await pagesOn(browser)).toHaveLength(1);
    const next = aStoredCache(browser);
    const sources = await next.from(...paths(33), '/last');
    expect(new Set(sources)).toEqual(new Set(['store']));
  });

  it('take nothing along that has been replaced, invalidated or evicted', async () => {
    const browser = aBrowser();
    const answer = numbered();
    const { flush, keep, invalidate, reload } = aStoredCache(browser, { answer, maxEntries: 34 });
    await keep('/gone', '/left');
    for (const path of paths(32)) await keep(path);
    void invalidate({ url: '/gone' });
    await browser.settle();
    await reload('/2');

    await keep('/new', '/newer');
    await flush();

    expect(await pagesOn(browser)).toHaveLength(1);
    const next = aStoredCache(browser, { maxEntries: 34 });
    expect(await next.from('/gone', '/left')).toEqual(['server', 'server']);
    const replies = Promise.all([next.ask('/2'), next.ask('/3')]);
    await browser.settle();
    expect((await replies).map(bodyOf)).toEqual(['35', '6']);
  });

  it('are put together for other tabs, too', async () => {
    const browser = aBrowser();
    const { keep } = aStoredCache(browser);
    for (const path of paths(33)) await keep(path);
    const other = aStoredCache(browser);
    await browser.settle();

    await keep('/last');
    await other.tab.deliver();

    expect(await other.from('/0', '/32')).toEqual(['store', 'store']);
  });
});

describe('a page of which most is dead', () => {
  it('is written anew, without that', async () => {
    const browser = aBrowser();
    const { flush, keep, reload } = aStoredCache(browser);
    await keep('/a', '/b', '/c');
    const [old] = await pagesOn(browser);

    await reload('/a', '/b');
    await flush();
    await flush();

    expect(await pagesOn(browser)).not.toContain(old);
    expect(await aStoredCache(browser).from('/a', '/b', '/c')).toEqual(['store', 'store', 'store']);
  });

  it('is deleted, if nothing of it is left', async () => {
    const browser = aBrowser();
    const { flush, keep, reload } = aStoredCache(browser);
    await keep('/a', '/b');

    await reload('/a', '/b');
    await flush();
    await flush();

    expect(await pagesOn(browser)).toHaveLength(1);
  });

  it('stays while more of it counts than does not, and lists only that', async () => {
    const browser = aBrowser();
    const answer = numbered();
    const { flush, keep, reload, transactions } = aStoredCache(browser, { answer });
    await keep('/a', '/b', '/c');
    const [old] = await pagesOn(browser);
    await reload('/a');
    await flush();
    transactions();

    await flush();

    expect(transactions().flatMap(({ written }) => written)).toEqual([old!.replace('p', 'i')]);
    const next = aStoredCache(browser);
    const replies = Promise.all([next.ask('/a'), next.ask('/b')]);
    await browser.settle();
    expect((await replies).map(bodyOf)).toEqual(['4', '2']);
    expect(next.failures).toEqual([]);
  });
});

describe('what no longer counts does not come back after a reopening', () => {
  it('though the tab has gone before it was taken away: replaced', async () => {
    const browser = aBrowser();
    const answer = numbered();
    const first = aStoredCache(browser, { answer });
    await first.keep('/a', '/b', '/c');
    await browser.advance(1);
    await first.reload('/a');
    await first.flush();
    first.tab.crash(false);
    const [old] = await pagesOn(browser);

    const next = aStoredCache(browser);
    const reply = next.ask('/a');
    await browser.settle();
    await next.flush();

    expect(bodyOf(await reply)).toBe('4');
    expect(next.transactions().flatMap(({ written }) => written)).toEqual([old!.replace('p', 'i')]);
    expect(await aStoredCache(browser).from('/b')).toEqual(['store']);
  });

  it('though the tab has gone before it was taken away: evicted', async () => {
    const browser = aBrowser();
    const maxEntries = 2;
    const first = aStoredCache(browser, { maxEntries });
    await first.keep('/a', '/b');
    await first.keep('/c');
    first.tab.crash(false);

    const next = aStoredCache(browser, { maxEntries });

    expect(await next.from('/a', '/b', '/c')).toEqual(['server', 'store', 'store']);
  });

  it('invalidated', async () => {
    const browser = aBrowser();
    const first = aStoredCache(browser);
    await first.keep('/a', '/b', '/c');
    void first.invalidate({ match: '/a' });
    await browser.settle();
    first.tab.crash(false);

    const next = aStoredCache(browser);

    expect(await next.from('/a', '/b', '/c')).toEqual(['server', 'store', 'store']);
  });

  it('invalidated while it was being written', async () => {
    const browser = aBrowser();
    const first = aStoredCache(browser);
    await first.from('/a', '/b');
    void first.tab.run(() => first.store.flush());
    await browser.settle(2);
    void first.invalidate({ url: '/a' });
    await browser.settle();
    first.tab.crash(false);

    const next = aStoredCache(browser);

    expect(await next.from('/a', '/b')).toEqual(['server', 'store']);
  });
});
