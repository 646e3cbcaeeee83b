import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Invalidation } from '../../src/core/filter.ts';
import { aBrowser, aStoredCache, bodyOf, type StoredCache } from '../support/a-stored-cache.ts';
import type { FakeBrowser } from '../support/fake-browser.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

interface Tabs {
  readonly browser: FakeBrowser;
  readonly one: StoredCache;
  readonly other: StoredCache;
}

/** Two tabs on a disk with `/a`, `/b` and `/c`, each on a page of its own; the other one has `/a` in memory. */
async function twoTabs(parts?: Parameters<typeof aBrowser>[0]): Promise<Tabs> {
  const browser = aBrowser(parts);
  let number = 0;
  const answer = (path: string) => ({
    headers: { 'cache-tag': path.slice(1) },
    body: `${path} ${String(++number)}`,
  });
  const one = aStoredCache(browser, { answer });
  for (const path of ['/a', '/b', '/c']) await one.keep(path);
  const other = aStoredCache(browser, { answer });
  await other.from('/a');
  await one.tab.deliver();
  return { browser, one, other };
}

describe('what is invalidated in one tab', () => {
  it.each<[string, Invalidation]>([
    ['its URL', { url: '/a' }],
    ['its tag', { tags: ['a'] }],
    ['a pattern', { match: '/a*' }],
    ['a RegExp', { match: /^\/a$/ }],
  ])('is gone from the memory of the others when they hear of it: by %s', async (_, what) => {
    const { browser, one, other } = await twoTabs();
    await other.from('/b');
    void one.invalidate(what);
    await browser.settle();

    await other.tab.deliver();

    expect(await other.from('/a', '/b')).toEqual(['server', 'memory']);
  });

  it('is not read from the disk any more, though they have not heard of it', async () => {
    const { browser, one, other } = await twoTabs();
    void one.invalidate({ url: '/b' });
    await browser.settle();

    expect(await other.from('/b', '/c')).toEqual(['server', 'store']);
  });

  it('is gone from their memory with the next read from the disk, though the message was lost', async () => {
    const { browser, one, other } = await twoTabs();
    void one.invalidate({ url: '/a' });
    await browser.settle();
    other.tab.loseMessages();
    expect(await other.from('/c')).toEqual(['store']);

    expect(await other.from('/a')).toEqual(['server']);
  });

  it('and has been heard of is not invalidated again by what the disk says of it', async () => {
    const { browser, one, other } = await twoTabs();
    void one.invalidate({ url: '/a' });
    await browser.settle();
    await other.tab.deliver();
    await other.from('/a');

    expect(await other.from('/c')).toEqual(['store']);

    expect(await other.from('/a')).toEqual(['memory']);
  });

  it('is gone with the next read from the disk where there are no channels', async () => {
    const { browser, one, other } = await twoTabs({ hasChannels: false });
    void one.invalidate({ url: '/a' });
    await browser.settle();
    expect(await other.from('/c')).toEqual(['store']);

    expect(await other.from('/a')).toEqual(['server']);
  });

  it('is everything, where they have missed more than the disk remembers', async () => {
    const { browser, one, other } = await twoTabs();
    for (let n = 0; n < 257; n++) {
      void one.invalidate({ url: `/none/${String(n)}` });
      await browser.settle();
    }
    other.tab.loseMessages();
    await other.from('/b');

    expect(await other.from('/a')).toEqual(['server']);
  });

  it('is not kept by those that are just getting it', async () => {
    const { browser, one } = await twoTabs();
    const { promise, resolve } = Promise.withResolvers<void>();
    const other = aStoredCache(browser, { answer: () => ({ after: promise }) });
    await other.from('/new');
    void one.invalidate({ url: '/new' });
    await browser.settle();
    await other.tab.deliver();

    resolve();
    await other.flush();

    expect(other.asked).toEqual(['/new']);
    expect(await other.from('/new')).toEqual(['server']);
  });
});

describe('what is written by one tab', () => {
  it('is found by the others, who have been told', async () => {
    const { one, other } = await twoTabs();
    await one.keep('/new');
    await other.tab.deliver();

    expect(await other.from('/new')).toEqual(['store']);
  });

  it('takes the place of what the others have of it', async () => {
    const { browser, one, other } = await twoTabs();
    await browser.advance(1000);
    await one.reload('/a');
    await one.flush();
    await other.tab.deliver();

    const reply = other.ask('/a');
    await browser.settle();

    expect(bodyOf(await reply)).toBe('/a 4');
    expect(other.asked).toEqual([]);
  });

  it('does not take the place of what is newer', async () => {
    const { browser, one, other } = await twoTabs();
    await browser.advance(1000);
    await one.reload('/a');
    await browser.advance(500);
    await other.reload('/a');
    await one.flush();
    await other.tab.deliver();

    expect(await other.from('/a')).toEqual(['memory']);
    await other.flush();

    const third = aStoredCache(browser);
    const reply = third.ask('/a');
    await browser.settle();
    expect(bodyOf(await reply)).toBe('/a 5');
  });

  it('and has only been put in order leaves their memory as it is', async () => {
    const { one, other } = await twoTabs();
    for (let n = 0; n < 31; n++) await one.keep(`/${String(n)}`);
    await other.tab.deliver();

    expect(await other.from('/a', '/b', '/0')).toEqual(['memory', 'store', 'store']);
  });
});

describe('a platform that refuses a channel', () => {
  it('has the tab go on by itself', async () => {
    const browser = aBrowser();
    vi.stubGlobal('BroadcastChannel', function refuse() {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    });
    const { from, invalidate } = aStoredCache(browser);

    expect(await from('/a')).toEqual(['server']);
    expect(await from('/a')).toEqual(['memory']);
    void invalidate({ url: '/a' });

    expect(await from('/a')).toEqual(['server']);
  });
});
