import { describe, expect, it } from 'vitest';
import {
  aBrowser,
  aStoredCache,
  recordsOn,
  type Answer,
  type StoredCache,
} from '../support/a-stored-cache.ts';
import type { FakeBrowser } from '../support/fake-browser.ts';
import type { SeenTransaction } from '../support/fake-storage.ts';

const writes = (seen: readonly SeenTransaction[]): SeenTransaction[] =>
  seen.filter(({ mode }) => mode === 'readwrite');

/** A tab, its storage open, on whose disk there are `/a`, `/b` and `/c`, written together. */
async function aDisk(
  answer?: (path: string) => Answer,
): Promise<{ browser: FakeBrowser; cache: StoredCache }> {
  const browser = aBrowser();
  await aStoredCache(browser).keep('/a', '/b', '/c');
  const cache = aStoredCache(browser, answer && { answer });
  await browser.settle();
  cache.transactions();
  return { browser, cache };
}

describe('invalidations', () => {
  it('of one task cost one transaction', async () => {
    const { browser, cache } = await aDisk();

    for (const url of ['/a', '/b', '/none']) void cache.invalidate({ url });
    await browser.settle();

    expect(writes(cache.transactions())).toHaveLength(1);
    expect(await aStoredCache(browser).from('/a', '/b', '/c')).toEqual([
      'server',
      'server',
      'store',
    ]);
  });

  it('that come while others are carried out cost one more', async () => {
    const { browser, cache } = await aDisk();
    void cache.invalidate({ url: '/a' });
    await browser.settle(1);

    for (const url of ['/b', '/none']) void cache.invalidate({ url });
    await browser.settle();

    expect(writes(cache.transactions())).toHaveLength(2);
    expect(await aStoredCache(browser).from('/b', '/c')).toEqual(['server', 'store']);
  });

  it('resolve when the disk has forgotten, and not before', async () => {
    const { browser, cache } = await aDisk();
    const done = cache.invalidate({ match: '/a' });
    browser.hang(true);
    let isDone = false;
    void done.then(() => (isDone = true));
    await browser.settle();
    expect(isDone).toBe(false);

    browser.hang(false);
    await browser.settle();

    expect(isDone).toBe(true);
    const next = aStoredCache(browser);
    expect(await next.from('/a', '/b')).toEqual(['server', 'store']);
  });

  it('leave of the disk what they do not mean, and what tabs agree on', async () => {
    const { browser, cache } = await aDisk();

    void cache.invalidate({ all: true });
    await browser.settle();

    expect(await recordsOn(browser)).toEqual(['meta']);
  });

  it('that the storage does not take are everything, where they are more than can be told apart', async () => {
    const { browser, cache } = await aDisk();
    browser.hang(true);
    for (let n = 0; n < 70; n++) {
      void cache.invalidate({ url: `/none/${String(n)}` });
      // Each in a task of its own.
      await browser.settle();
    }

    browser.hang(false);
    await browser.settle();

    expect(await aStoredCache(browser).from('/a')).toEqual(['server']);
  });

  it('are remembered so far that what is on its way is not kept by mistake', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { browser, cache } = await aDisk(() => ({ after: promise }));
    await cache.from('/late');
    for (let n = 0; n < 257; n++) {
      void cache.invalidate({ url: `/none/${String(n)}` });
      await browser.settle();
    }
    resolve();
    await browser.settle();

    // That it was not among them can't be told any more.
    expect(await cache.from('/late')).toEqual(['server']);
  });
});

describe('a write through the server', () => {
  const wrote = ({ tab, wrote: tell }: StoredCache, path: string): Promise<void> | undefined =>
    tab.run(() => tell([`https://app.test${path}`], 'POST', 200, []));

  it('is held up until what it makes invalid is off the disk', async () => {
    const { browser, cache } = await aDisk();

    const done = wrote(cache, '/a');
    expect(done).toBeInstanceOf(Promise);
    await browser.settle();
    await done;

    expect(await aStoredCache(browser).from('/a', '/b')).toEqual(['server', 'store']);
  });

  it('is not held up where there is nothing of that kind', async () => {
    const { browser, cache } = await aDisk();

    expect(wrote(cache, '/none')).toBeUndefined();

    // All the same, the disk is told: another tab may have written it just now.
    await browser.settle();
    expect(writes(cache.transactions())).toHaveLength(1);
  });

  it('is held up where that can’t be told yet, since the storage is being opened', async () => {
    const browser = aBrowser();
    const cache = aStoredCache(browser);

    const done = wrote(cache, '/a');

    expect(done).toBeInstanceOf(Promise);
    await browser.settle();
    await done;
  });
});
