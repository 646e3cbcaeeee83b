import { describe, expect, it } from 'vitest';
import { aBrowser, aStoredCache, bodyOf, recordsOn } from '../support/a-stored-cache.ts';
import type { FakeBrowser } from '../support/fake-browser.ts';

/** A browser on whose disk `/a` and `/b` stand on one page, and `/c` on another; and the first page's id. */
async function aDisk(): Promise<{ browser: FakeBrowser; page: string }> {
  const browser = aBrowser();
  const cache = aStoredCache(browser);
  await cache.keep('/a', '/b');
  await browser.advance(1);
  await cache.keep('/c');
  const [first] = await recordsOn(browser);
  return { browser, page: first!.slice(1) };
}

describe('a table of contents that is damaged', () => {
  it.each([
    ['is cut short', '[520,["public'],
    ['is something else', '{"rows":[]}'],
    ['has rows that are none', '[1,null]'],
    ['isn’t even a text', { rows: [] }],
  ])('costs its own page and nothing else: %s', async (_, index) => {
    const { browser, page } = await aDisk();
    await recordsOn(browser, (store) => store.put(index, `i${page}`));
    const { failures, flush, from } = aStoredCache(browser);

    expect(await from('/a', '/b', '/c')).toEqual(['server', 'server', 'store']);

    expect(failures).toEqual(['corrupt']);
    await flush();
    expect((await recordsOn(browser)).filter((key) => key.includes(page))).toEqual([]);
    expect(await aStoredCache(browser).from('/a', '/b', '/c')).toEqual(['store', 'store', 'store']);
  });

  it('since it was read is no reason to answer what it no longer lists', async () => {
    const { browser, page } = await aDisk();
    const { from } = aStoredCache(browser);
    await browser.settle();
    await recordsOn(browser, (store) => store.put('[520,["public', `i${page}`));

    expect(await from('/a', '/c')).toEqual(['server', 'store']);
  });

  it('goes with the next invalidation', async () => {
    const { browser, page } = await aDisk();
    const { invalidate } = aStoredCache(browser);
    await browser.settle();
    await recordsOn(browser, (store) => store.put('[520,["public', `i${page}`));

    void invalidate({ url: '/other' });
    await browser.settle();

    expect((await recordsOn(browser)).filter((key) => key.includes(page))).toEqual([]);
  });
});

describe('a page that is damaged', () => {
  const bytes = new Uint8Array(2);

  it.each<[string, unknown]>([
    ['is something else', 'page'],
    ['has no texts', { bytes }],
    ['has fewer texts', { texts: [], bytes }],
    ['has texts that are cut short', { texts: ['{"key":"pub', '{'], bytes }],
    ['has texts that are none', { texts: ['null', 'null'], bytes }],
  ])('costs itself and nothing else: %s', async (_, stored) => {
    const { browser, page } = await aDisk();
    await recordsOn(browser, (store) => store.put(stored, `p${page}`));
    const { failures, flush, from } = aStoredCache(browser);

    expect(await from('/a', '/b', '/c')).toEqual(['server', 'server', 'store']);

    expect(failures).toEqual(['corrupt']);
    await flush();
    expect((await recordsOn(browser)).filter((key) => key.includes(page))).toEqual([]);
    expect(await aStoredCache(browser).from('/a', '/b', '/c')).toEqual(['store', 'store', 'store']);
  });

  it('by a loss of bytes is not answered in part', async () => {
    const { browser, page } = await aDisk();
    await recordsOn(browser, (store) => {
      const stored = store.get(`p${page}`);
      stored.onsuccess = () => {
        const { texts } = stored.result as { readonly texts: readonly string[] };
        store.put({ texts, bytes: bytes.slice(0, 1) }, `p${page}`);
      };
    });
    const { ask, from } = aStoredCache(browser);

    const reply = ask('/a');
    await browser.settle();

    expect(bodyOf(await reply)).toBe('/a');
    expect(await from('/c')).toEqual(['store']);
  });

  it('so that the browser can’t read it costs itself and nothing else', async () => {
    const { browser, page } = await aDisk();
    const { failures, flush, from } = aStoredCache(browser);
    await browser.settle();
    browser.storage.fail('unreadable', 1);

    expect(await from('/a', '/b', '/c')).toEqual(['server', 'server', 'store']);

    expect(failures).toEqual(['corrupt']);
    await flush();
    expect((await recordsOn(browser)).filter((key) => key.includes(page))).toEqual([]);
  });

  it('so that the browser can’t read it is not copied elsewhere, either', async () => {
    const { browser, page } = await aDisk();
    const { failures, flush, reload } = aStoredCache(browser);
    await reload('/a');
    await flush();
    browser.storage.fail('unreadable', 1);

    await flush();

    expect(failures).toEqual([]);
    expect((await recordsOn(browser)).filter((key) => key.includes(page))).toEqual([]);
    expect(await aStoredCache(browser).from('/a', '/c')).toEqual(['store', 'store']);
  });

  it('by the loss of its record costs itself and nothing else', async () => {
    const { browser, page } = await aDisk();
    await recordsOn(browser, (store) => store.delete(`p${page}`));
    const { from } = aStoredCache(browser);

    expect(await from('/a', '/b', '/c')).toEqual(['server', 'server', 'store']);
  });

  it('is not copied elsewhere when pages are put in order', async () => {
    const { browser, page } = await aDisk();
    const { flush, from, reload } = aStoredCache(browser);
    await browser.settle();
    await recordsOn(browser, (store) => store.put({ texts: ['{', '{'], bytes }, `p${page}`));
    await reload('/a');
    await flush();

    await flush();

    expect((await recordsOn(browser)).filter((key) => key.includes(page))).toEqual([]);
    expect(await from('/a', '/c')).toEqual(['memory', 'store']);
    expect(await aStoredCache(browser).from('/a', '/b', '/c')).toEqual([
      'store',
      'server',
      'store',
    ]);
  });
});

describe('what the tabs agree on, if it is damaged', () => {
  it.each(['text', 7, null, { owner: 'ann' }])(
    'gives nobody’s data to anybody: %j',
    async (meta) => {
      const browser = aBrowser();
      const ann = aStoredCache(browser, { who: 'ann' });
      await ann.keep('/own');
      ann.tab.crash(false);
      await recordsOn(browser, (store) => store.put(meta, 'meta'));

      const next = aStoredCache(browser, { who: 'ann' });

      expect(await next.from('/own')).toEqual(['server']);
      expect((await recordsOn(browser)).filter((key) => key.startsWith('p'))).toEqual([]);
    },
  );

  it('costs nothing that is everybody’s', async () => {
    const { browser } = await aDisk();
    await recordsOn(browser, (store) => store.put('text', 'meta'));
    const { failures, from, keep } = aStoredCache(browser);

    expect(await from('/a', '/b', '/c')).toEqual(['store', 'store', 'store']);
    await keep('/d');

    expect(failures).toEqual([]);
  });
});
