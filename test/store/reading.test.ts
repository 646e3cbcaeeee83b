import { describe, expect, it } from 'vitest';
import { aBrowser, aStoredCache, bodyOf } from '../support/a-stored-cache.ts';
import type { FakeBrowser } from '../support/fake-browser.ts';

const paths = (count: number, prefix = '/'): string[] =>
  Array.from({ length: count }, (_, n) => prefix + String(n));

/** A browser on whose disk each of these groups stands on a page of its own. */
async function aDiskWith(...groups: readonly (readonly string[])[]): Promise<FakeBrowser> {
  const browser = aBrowser();
  const earlier = aStoredCache(browser);
  for (const group of groups) await earlier.keep(...group);
  earlier.tab.crash(false);
  return browser;
}

describe('look-ups of one task', () => {
  it('take one transaction, and read what was written together once', async () => {
    const browser = await aDiskWith(paths(100));
    const { from, transactions } = aStoredCache(browser);
    await browser.settle();
    transactions();

    const sources = await from(...paths(100));

    expect(new Set(sources)).toEqual(new Set(['store']));
    const seen = transactions();
    expect(seen.map(({ mode }) => mode)).toEqual(['readonly']);
    expect(seen[0]?.read.map((key) => key[0])).toEqual(['m', 'i', 'p']);
  });

  it('take one transaction, on however many pages it stands', async () => {
    const browser = await aDiskWith(['/a', '/b'], ['/c'], ['/d']);
    const { from, transactions } = aStoredCache(browser);
    await browser.settle();
    transactions();

    await from('/a', '/b', '/c', '/d');

    const seen = transactions();
    expect(seen).toHaveLength(1);
    expect(seen[0]?.read.filter((key) => key.startsWith('p'))).toHaveLength(3);
  });

  it('for what isn’t there take none', async () => {
    const browser = await aDiskWith(['/a']);
    const { from, transactions } = aStoredCache(browser);
    await browser.settle();
    transactions();

    expect(await from('/b', '/c')).toEqual(['server', 'server']);

    expect(transactions()).toEqual([]);
  });

  it('do not hold back those for what isn’t there', async () => {
    const browser = await aDiskWith(['/a']);
    const { asked, from } = aStoredCache(browser);
    await browser.settle();
    browser.hang(true);

    expect(await from('/a', '/b')).toEqual(['waiting', 'server']);

    expect(asked).toEqual(['/b']);
  });

  it('keep the window open until those who waited have gone on', async () => {
    const browser = await aDiskWith(['/a']);
    const { ask, held } = aStoredCache(browser);
    await browser.settle();
    const heldAtAnswer: number[] = [];

    void ask('/a').then(() => heldAtAnswer.push(held()));
    expect(held()).toBe(1);
    await browser.settle();

    expect(heldAtAnswer).toEqual([1]);
    expect(held()).toBe(0);
  });
});

describe('what has been read', () => {
  it('is in memory from then on', async () => {
    const browser = await aDiskWith(['/a']);
    const { from, transactions } = aStoredCache(browser);
    await from('/a');
    transactions();

    expect(await from('/a')).toEqual(['memory']);

    expect(transactions()).toEqual([]);
  });

  it('is what was written, byte for byte', async () => {
    const browser = aBrowser();
    const body = 'ünïcode \0 and 😀';
    const answer = (path: string) => ({ headers: { 'x-own': path }, body: path + body });
    const earlier = aStoredCache(browser, { answer });
    await earlier.keep('/a', '/b');
    const { ask } = aStoredCache(browser);
    const replies = Promise.all([ask('/b'), ask('/a')]);
    await browser.settle();

    expect((await replies).map(bodyOf)).toEqual([`/b${body}`, `/a${body}`]);
    expect((await replies).map(({ headers }) => new Map(headers).get('x-own'))).toEqual([
      '/b',
      '/a',
    ]);
  });
});

describe('while the tables of contents are being read', () => {
  it('look-ups wait for that, once for all of them', async () => {
    const browser = await aDiskWith(['/a', '/b']);
    const { from, transactions } = aStoredCache(browser);

    expect(await from('/a', '/b', '/c')).toEqual(['store', 'store', 'server']);

    const seen = transactions();
    expect(seen.map(({ read }) => read.map((key) => key[0]))).toEqual([
      ['m', 'i', 'i'],
      ['m', 'i', 'p'],
    ]);
  });

  it('what is in memory is answered', async () => {
    const browser = await aDiskWith(['/a']);
    browser.hang(true);
    const { ask, from } = aStoredCache(browser);
    void ask('/b');
    await browser.advance(2000);

    expect(await from('/b')).toEqual(['memory']);
  });

  it('the window is held', async () => {
    const browser = await aDiskWith(['/a']);
    browser.hang(true);
    const { from, held } = aStoredCache(browser);

    expect(await from('/b', '/c')).toEqual(['waiting', 'waiting']);
    expect(held()).toBe(1);
    browser.hang(false);
    await browser.settle();

    expect(held()).toBe(0);
  });

  it('no page is read, however many there are', async () => {
    const browser = aBrowser();
    const maxEntries = 2000;
    const earlier = aStoredCache(browser, { maxEntries });
    for (const path of paths(maxEntries)) void earlier.ask(path);
    await browser.settle();
    await earlier.flush();
    const { asked, from, transactions } = aStoredCache(browser, { maxEntries });

    const sources = await from('/new', '/1999');

    expect(sources).toEqual(['server', 'store']);
    expect(asked).toEqual(['/new']);
    const [opening, reading] = transactions();
    expect(opening?.read).toHaveLength(3);
    expect(reading?.read.filter((key) => key.startsWith('p'))).toHaveLength(1);
  });
});
