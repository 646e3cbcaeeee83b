import { afterEach, describe, expect, it, vi } from 'vitest';
import { aBrowser, aStoredCache, type StoredCache } from '../support/a-stored-cache.ts';
import type { FakeBrowser } from '../support/fake-browser.ts';

const headers = { 'cache-control': 'max-age=10, stale-while-revalidate=60' };

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Two tabs that both have `/a` and `/b` in memory, stale; their server's answers come when `go` is called. */
async function twoTabs(): Promise<{
  browser: FakeBrowser;
  one: StoredCache;
  other: StoredCache;
  go: (error?: Error) => Promise<void>;
}> {
  const browser = aBrowser();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {});
  let isFilled = false;
  const answer = () => ({ headers, ...(isFilled && { after: promise }) });
  const one = aStoredCache(browser, { answer });
  const other = aStoredCache(browser, { answer });
  await one.from('/a', '/b');
  await other.from('/a', '/b');
  for (const { asked } of [one, other]) asked.splice(0);
  await browser.advance(11_000);
  await one.tab.deliver();
  await other.tab.deliver();
  await Promise.all([one.from('/warm'), other.from('/warm')]);
  for (const { asked } of [one, other]) asked.splice(0);
  isFilled = true;
  return {
    browser,
    one,
    other,
    go: async (error) => {
      if (error) reject(error);
      else resolve();
      await browser.settle();
    },
  };
}

describe('what is stale in two tabs', () => {
  it('is refreshed by one of them', async () => {
    const { one, other } = await twoTabs();

    const sources = [await one.from('/a'), await other.from('/a')].flat();

    expect(sources.map((source) => source.split(' ')[0])).toEqual(['stale', 'stale']);
    expect([one.asked, other.asked]).toEqual([['/a'], []]);
  });

  it('is fresh in both when the other has been told', async () => {
    const { one, other, go } = await twoTabs();
    await one.from('/a');
    await go();
    await one.flush();
    await other.tab.deliver();

    expect([await one.from('/a'), await other.from('/a')]).toEqual([['memory'], ['store']]);
    expect(other.asked).toEqual([]);
  });

  it('is refreshed by both where it isn’t the same', async () => {
    const { one, other } = await twoTabs();

    await one.from('/a');
    await other.from('/b');

    expect([one.asked, other.asked]).toEqual([['/a'], ['/b']]);
  });

  it.each([
    ['has ended', undefined],
    ['has failed', new TypeError('lost')],
  ])('is refreshed by the other one when the refresh of the first %s', async (_, error) => {
    const { one, other, go } = await twoTabs();
    await one.from('/a');
    await go(error);

    await other.from('/a');

    expect([one.asked, other.asked]).toEqual([['/a'], ['/a']]);
  });

  it('is refreshed by the other one when the first has gone', async () => {
    const { one, other } = await twoTabs();
    await one.from('/a');
    one.tab.crash(false);

    await other.from('/a');

    expect(other.asked).toEqual(['/a']);
  });
});

describe('where there are no locks', () => {
  const refuse = (): never => {
    throw new DOMException('not here', 'SecurityError');
  };

  it.each([
    ['since the page is insecure', {}],
    ['since they are refused', { locks: { request: () => Promise.resolve().then(refuse) } }],
    ['since asking for them throws', { locks: { request: refuse } }],
  ])('each tab refreshes for itself: %s', async (_, navigator) => {
    const browser = aBrowser();
    vi.stubGlobal('navigator', navigator);
    const { asked, from } = aStoredCache(browser, { answer: () => ({ headers }) });
    await from('/a');
    await browser.advance(11_000);

    expect(await from('/a')).toEqual(['stale memory']);

    expect(asked).toEqual(['/a', '/a']);
  });
});
