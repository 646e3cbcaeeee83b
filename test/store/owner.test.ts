import { describe, expect, it } from 'vitest';
import {
  aBrowser,
  aStoredCache,
  databaseName,
  recordsOn,
  type StoredCache,
} from '../support/a-stored-cache.ts';
import type { FakeBrowser } from '../support/fake-browser.ts';

/** A browser on whose disk there are `/open`, for everybody, and Ann's `/own`. */
async function annsBrowser(): Promise<FakeBrowser> {
  const browser = aBrowser();
  const cache = aStoredCache(browser);
  await cache.from('/open');
  cache.who = 'ann';
  await cache.keep('/own');
  cache.tab.crash(false);
  expect(await pagesOn(browser)).toHaveLength(2);
  return browser;
}

const pagesOn = async (browser: FakeBrowser): Promise<string[]> =>
  (await recordsOn(browser)).filter((key) => key.startsWith('p'));

/** What `/open` and `/own` are answered from, when nobody and when `who` asks. */
async function sourcesFor(cache: StoredCache, who: string): Promise<string[]> {
  cache.who = null;
  const open = await cache.from('/open');
  cache.who = who;
  return [...open, ...(await cache.from('/own'))];
}

describe('a page that starts', () => {
  it('as whom the disk belongs to finds what is his', async () => {
    const browser = await annsBrowser();
    const cache = aStoredCache(browser, { who: 'ann' });

    expect(await cache.from('/own')).toEqual(['store']);
    expect(await pagesOn(browser)).toHaveLength(2);
  });

  it('as somebody else deletes it, and leaves what is everybody’s', async () => {
    const browser = await annsBrowser();
    const cache = aStoredCache(browser, { who: 'bob' });

    expect(await cache.from('/own')).toEqual(['server']);

    expect(await pagesOn(browser)).toHaveLength(1);
    expect(await aStoredCache(browser).from('/open')).toEqual(['store']);
  });

  it('as nobody leaves it alone until somebody signs in', async () => {
    const browser = await annsBrowser();
    const cache = aStoredCache(browser);
    expect(await cache.from('/own', '/open')).toEqual(['server', 'store']);
    expect(await pagesOn(browser)).toHaveLength(2);

    cache.who = 'ann';

    expect(await cache.from('/own')).toEqual(['store']);
  });

  it('as somebody else asks a disk that refuses that only now and then', async () => {
    const browser = await annsBrowser();
    const cache = aStoredCache(browser, { who: 'bob' });
    browser.storage.fail('full');

    expect(await cache.from('/own')).toEqual(['server']);
    const few = cache.transactions().length;
    expect(await cache.from('/own', '/open')).toEqual(['memory', 'server']);

    expect(few).toBeLessThan(5);
    expect(cache.transactions()).toEqual([]);
    expect(cache.failures).toEqual(['write']);
  });

  it('as somebody else writes what is his own', async () => {
    const browser = await annsBrowser();
    await aStoredCache(browser, { who: 'bob' }).keep('/own');

    expect(await aStoredCache(browser, { who: 'bob' }).from('/own')).toEqual(['store']);
    expect(await aStoredCache(browser, { who: 'ann' }).from('/own')).toEqual(['server']);
  });
});

describe('a storage that comes back', () => {
  it('is given then to who is there', async () => {
    const browser = await annsBrowser();
    browser.storage.fail('open');
    const cache = aStoredCache(browser, { who: 'bob' });
    await cache.from('/own');
    browser.storage.heal();
    await browser.advance(30_000);

    await cache.from('/other');
    await cache.flush();

    expect(await aStoredCache(browser, { who: 'bob' }).from('/other')).toEqual(['store']);
    // Of Bob, and of everybody.
    expect(await pagesOn(browser)).toHaveLength(2);
  });
});

describe('a tab that the disk has refused to be given to', () => {
  it('learns there that its user has gone and come back in another', async () => {
    const browser = aBrowser({ hasChannels: false });
    const one = aStoredCache(browser);
    const other = aStoredCache(browser);
    await browser.settle();
    browser.storage.fail('full', 1);
    one.who = 'ann';
    await one.from('/own');
    for (const who of ['ann', null, 'ann']) {
      other.who = who;
      await other.from('/x');
    }
    expect(await one.from('/own')).toEqual(['memory']);

    void one.invalidate({ url: '/y' });
    await browser.settle();

    expect(await one.from('/own')).toEqual(['server']);
    expect(one.failures).toEqual(['write']);
  });

  it('and is closed leaves that to another of its user’s', async () => {
    const browser = aBrowser();
    const one = aStoredCache(browser, { who: 'bob' });
    const other = aStoredCache(browser, { who: 'ann' });
    await other.from('/x');
    await one.from('/x');
    browser.storage.fail('full', 1);
    one.who = 'ann';
    await one.from('/x');
    one.tab.crash();
    await other.tab.deliver();

    await other.keep('/own');

    expect(await aStoredCache(browser, { who: 'ann' }).from('/own')).toEqual(['store']);
    expect(other.failures).toEqual(['revoked']);
  });
});

describe('a log-out', () => {
  it('deletes what was his from the disk with the next call', async () => {
    const browser = await annsBrowser();
    const cache = aStoredCache(browser, { who: 'ann' });
    await cache.from('/own');

    cache.who = null;
    await cache.from('/open');

    expect(await pagesOn(browser)).toHaveLength(1);
    expect(await sourcesFor(cache, 'ann')).toEqual(['memory', 'server']);
  });

  it('drops what waits to be written', async () => {
    const browser = aBrowser();
    const cache = aStoredCache(browser, { who: 'ann' });
    await cache.from('/own');
    cache.who = null;
    await cache.from('/open');

    await cache.flush();

    expect(await sourcesFor(aStoredCache(browser), 'ann')).toEqual(['store', 'server']);
    expect(await pagesOn(browser)).toHaveLength(1);
  });

  it('drops what is being written', async () => {
    const browser = aBrowser();
    const cache = aStoredCache(browser, { who: 'ann' });
    await cache.from('/own');
    browser.hang(true);
    void cache.flush();
    cache.who = 'bob';
    await cache.from('/other');
    browser.hang(false);

    await cache.flush();

    expect(await aStoredCache(browser, { who: 'bob' }).from('/other')).toEqual(['store']);
    expect(await pagesOn(browser)).toHaveLength(1);
  });

  it('that a cleared disk hears of late sends away nobody who is back', async () => {
    const browser = aBrowser();
    const cache = aStoredCache(browser, { who: 'ann' });
    await cache.keep('/own');
    browser.storage.factory.deleteDatabase(databaseName);
    await browser.settle();
    browser.hang(true);
    for (const who of [null, 'ann']) {
      cache.who = who;
      await cache.from('/x');
    }
    browser.hang(false);
    await browser.settle();

    await cache.keep('/own');

    expect(cache.failures).toEqual([]);
    expect(await aStoredCache(browser, { who: 'ann' }).from('/own')).toEqual(['store']);
  });

  it('drops what is still on its way, though its caller gets it', async () => {
    const browser = aBrowser();
    const { promise, resolve } = Promise.withResolvers<void>();
    const answer = (path: string) => (path === '/own' ? { after: promise } : {});
    const cache = aStoredCache(browser, { who: 'ann', answer });
    const reply = cache.ask('/own');
    await browser.settle();
    expect(cache.asked).toEqual(['/own']);
    cache.who = 'bob';
    await cache.from('/other');
    resolve();
    await cache.flush();

    expect(await reply).toMatchObject({ status: 200 });
    expect(await aStoredCache(browser, { who: 'bob' }).from('/other')).toEqual(['store']);
    expect(await pagesOn(browser)).toHaveLength(1);
    cache.who = 'ann';
    expect(await cache.from('/own')).toEqual(['server']);
  });

  it('drops what is being read', async () => {
    const browser = await annsBrowser();
    const cache = aStoredCache(browser, { who: 'ann' });
    await browser.settle();
    const reply = cache.ask('/own');
    cache.who = 'bob';
    await cache.from('/other');

    await reply;

    expect(cache.asked).toContain('/own');
    // What is everybody's.
    expect(await pagesOn(browser)).toHaveLength(1);
  });
});

describe('what carries credentials of nobody known', () => {
  it.each([
    ['cookies', { credentials: 'same-origin', isCredentialed: true, headers: [] }],
    [
      'an Authorization',
      { credentials: 'omit', isCredentialed: false, headers: [['authorization', 'x']] },
    ],
  ] as const)('never gets to the disk: %s', async (_, { credentials, headers, isCredentialed }) => {
    const browser = aBrowser();
    const cache = aStoredCache(browser);
    const terms = {
      mode: 'default',
      ttlMs: undefined,
      tags: [],
      credentialed: isCredentialed,
    } as const;
    const given = { credentials, headers, cache: terms };
    void cache.ask('/mine', given);
    await browser.settle();

    await cache.flush();

    expect(await recordsOn(browser)).toEqual([]);
    void cache.ask('/mine', given);
    await browser.settle();
    expect(cache.asked).toEqual(['/mine']);
  });
});

describe('two tabs of one person', () => {
  async function twoTabs(): Promise<{
    browser: FakeBrowser;
    one: StoredCache;
    other: StoredCache;
  }> {
    const browser = aBrowser();
    const one = aStoredCache(browser, { who: 'ann' });
    await one.keep('/own');
    await one.keep('/more');
    const other = aStoredCache(browser, { who: 'ann' });
    await other.from('/own');
    await one.tab.deliver();
    await other.tab.deliver();
    return { browser, one, other };
  }

  it.each([
    ['a log-out', null],
    ['somebody else’s log-in', 'bob'],
  ])('both hear of %s: the other one neither answers nor keeps what was his', async (_, who) => {
    const { one, other } = await twoTabs();
    one.who = who;
    await one.from('/x');
    await other.tab.deliver();

    expect(await other.from('/own', '/more')).toEqual(['server', 'server']);
    expect(await other.from('/own')).toEqual(['server']);

    expect(other.failures).toEqual(['revoked']);
  });

  it('the other one hears of it with its next read from the disk, though the message was lost', async () => {
    const { one, other } = await twoTabs();
    one.who = 'bob';
    await one.from('/x');
    other.tab.loseMessages();
    expect(await other.from('/more')).toEqual(['server']);

    expect(await other.from('/own')).toEqual(['server']);

    expect(other.failures).toEqual(['revoked']);
  });

  it('the other one writes nothing of his on the disk that is somebody else’s', async () => {
    const { browser, one, other } = await twoTabs();
    await other.from('/late');
    one.who = 'bob';
    await one.keep('/x');
    other.tab.loseMessages();

    await other.flush();

    expect(await pagesOn(browser)).toHaveLength(1);
    expect(other.failures).toEqual(['revoked']);
  });

  it.each([
    ['a log-out', [null]],
    ['a log-out and log-in', [null, 'ann']],
  ])('the other one writes nothing of before %s, though the disk was cleared', async (_, users) => {
    const { browser, one, other } = await twoTabs();
    await other.from('/late');
    browser.storage.factory.deleteDatabase(databaseName);
    await browser.settle();
    for (const who of users) {
      one.who = who;
      await one.from('/x');
    }

    await other.flush();

    expect(await pagesOn(browser)).toEqual([]);
  });

  it('the other one’s log-out takes nothing from who is there now', async () => {
    const { browser, one, other } = await twoTabs();
    one.who = 'bob';
    await one.keep('/x');

    other.who = null;
    await other.from('/open');

    expect(await aStoredCache(browser, { who: 'bob' }).from('/x')).toEqual(['store']);
  });

  it('the other one goes on when it has changed, too', async () => {
    const { browser, one, other } = await twoTabs();
    one.who = 'bob';
    await one.keep('/x');
    await other.tab.deliver();
    await other.from('/own');

    other.who = 'bob';
    await other.keep('/y');

    expect(await other.from('/y')).toEqual(['memory']);
    expect(await aStoredCache(browser, { who: 'bob' }).from('/x', '/y')).toEqual([
      'store',
      'store',
    ]);
  });

  it('the other one goes on when he has signed in again', async () => {
    const { one, other } = await twoTabs();
    one.who = null;
    await one.from('/x');
    await other.tab.deliver();
    expect(await other.from('/own')).toEqual(['server']);

    one.who = 'ann';
    await one.keep('/again');
    await other.tab.deliver();

    expect(await other.from('/own')).toEqual(['server']);
    expect(await other.from('/own')).toEqual(['memory']);
  });
});
