import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CarpoolOptions, CarpoolRequestInit } from '../src/index.ts';
import { url } from './support/a-client.ts';
import { aCachingClient } from './support/a-caching-client.ts';
import { failureOf } from './support/drained.ts';
import { onPage } from './support/page.ts';

const post = (init: CarpoolRequestInit = {}): CarpoolRequestInit => ({ method: 'POST', ...init });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 15, 12) });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const wait = (seconds: number): void => {
  vi.setSystemTime(Date.now() + seconds * 1000);
};

describe('a call that has been answered before', () => {
  it('is answered from the cache, as a response of its own', async () => {
    const { asked, batchEvents, calls, fetch } = aCachingClient();
    const first = await fetch(url('/a'));
    wait(7);

    const again = await fetch(url('/a'));

    expect(again).not.toBe(first);
    expect([again.url, again.status, again.redirected]).toEqual([url('/a'), 200, false]);
    expect(again.headers.get('age')).toBe('7');
    expect(await first.json()).toBe('/a 1');
    expect(await again.json()).toBe('/a 1');
    expect(asked()).toEqual(['GET /a']);
    expect(batchEvents).toHaveLength(1);
    expect(calls.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('is answered so, though the first one went natively', async () => {
    const { asked, get } = aCachingClient({ batchSingle: false });
    await get('/a');

    expect(await get('/a')).toBe('/a 1');

    expect(asked()).toEqual(['GET /a']);
  });

  it('is asked again when its time is over', async () => {
    const { asked, get } = aCachingClient();
    await get('/a');

    wait(119);
    await get('/a');
    expect(asked()).toHaveLength(1);
    wait(1);
    await get('/a');

    expect(asked()).toHaveLength(2);
  });

  it('is revalidated together with others, in one batch', async () => {
    const { batches, get } = aCachingClient({}, (_, path, headers) =>
      headers.has('if-none-match')
        ? { status: 304, headers: { etag: `"${path}"` } }
        : { headers: { etag: `"${path}"` }, body: path },
    );
    const paths = ['/a', '/b', '/c', '/d'];
    await Promise.all(paths.map((path) => get(path)));
    wait(120);

    const bodies = await Promise.all(paths.map((path) => get(path)));

    expect(bodies).toEqual(paths);
    expect(batches().map(({ items }) => items?.length)).toEqual([4, 4]);
    expect(batches()[1]?.items?.map(({ headers }) => headers)).toEqual(
      paths.map((path) => ({ 'if-none-match': `"${path}"` })),
    );
  });

  it('that has been aborted is not answered', async () => {
    const { fetch, get } = aCachingClient();
    await get('/a');
    const reason = new Error('no longer wanted');

    const failure = failureOf(fetch(url('/a'), { signal: AbortSignal.abort(reason) }));

    expect(await failure).toBe(reason);
  });
});

describe('`init.cache`', () => {
  const modes = ['no-store', 'reload', 'no-cache', 'force-cache'] as const;

  it.each(modes)('rides, and means what it means to `fetch`: %s', async (cache) => {
    const { asked, get, fallbacks } = aCachingClient();
    await get('/a');

    await get('/a', { cache });

    expect(asked()).toHaveLength(cache === 'force-cache' ? 1 : 2);
    expect(fallbacks).toEqual([]);
  });

  it.each(modes)('goes past without the `cache` option, as before: %s', async (cache) => {
    const { fallbacks, fetch, natives } = aCachingClient({ cache: false });

    await fetch(url('/a'), { cache });

    expect(fallbacks.map(({ reason }) => reason)).toEqual(['cache']);
    expect(natives()).toHaveLength(1);
  });

  it('only-if-cached is answered from the cache alone', async () => {
    onPage();
    const { asked, fetch, get } = aCachingClient();
    await get('/a');
    const only = { cache: 'only-if-cached', mode: 'same-origin' } as const;

    wait(1e6);

    expect(await get('/a', only)).toBe('/a 1');
    const error = await failureOf(fetch(url('/b'), only));
    expect(error).toBeInstanceOf(TypeError);
    expect(asked()).toEqual(['GET /a']);
  });

  it('only-if-cached is answered from the cache alone, whatever else it asks', async () => {
    onPage();
    const { asked, fetch } = aCachingClient();

    const outcome = await fetch(url('/a'), {
      cache: 'only-if-cached',
      mode: 'same-origin',
      // A mode that is given, the Fetch standard leaves as it is.
      headers: { 'if-none-match': '"a"' },
    }).catch(String);

    expect(asked()).toEqual([]);
    expect(outcome).toContain('TypeError');
  });

  it('only-if-cached without the mode that goes with it is for native `fetch` to refuse', async () => {
    onPage();
    const { fallbacks, fetch } = aCachingClient();

    await failureOf(fetch(url('/a'), { cache: 'only-if-cached' }));

    expect(fallbacks.map(({ reason }) => reason)).toEqual(['cache']);
  });
});

describe('a call’s own conditions', () => {
  it.each(['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since'])(
    'are answered by the server, and the answer is not kept: %s',
    async (name) => {
      const { asked, fetch, get, told } = aCachingClient({}, (_, path, headers) =>
        headers.has(name) ? { status: 304 } : { body: path },
      );
      await get('/a');
      told.splice(0);

      const response = await fetch(url('/a'), { headers: { [name]: '"x"' } });

      expect(response.status).toBe(304);
      expect(told).toEqual([]);
      expect(await get('/a')).toBe('/a');
      expect(asked()).toHaveLength(2);
    },
  );
});

describe('hints and rules', () => {
  const options: CarpoolOptions = {
    cache: { ttls: { quote: '5m', blink: 1000 } },
    rules: [
      { match: '/quotes/*', ttl: 'quote', tags: ['quotes'] },
      { match: '/auth/*', cache: false },
      { match: '/live/*', ttl: false },
    ],
  };

  it.each<[string, CarpoolRequestInit, number]>([
    ['/other', {}, 120],
    ['/quotes/a', {}, 300],
    ['/quotes/a', { carpool: { ttl: 'blink' } }, 1],
    ['/quotes/a', { carpool: { ttl: '10s' } }, 10],
    ['/live/a', { carpool: { ttl: 'quote' } }, 300],
  ])('say how long: %s with %j', async (path, init, seconds) => {
    const { asked, get } = aCachingClient(options);
    await get(path, init);

    wait(seconds - 0.001);
    await get(path, init);
    expect(asked()).toHaveLength(1);
    wait(0.001);
    await get(path, init);

    expect(asked()).toHaveLength(2);
  });

  it.each<[string, CarpoolRequestInit]>([
    ['/live/a', {}],
    ['/auth/a', {}],
    ['/other', { carpool: { ttl: false } }],
    ['/other', { carpool: { cache: false } }],
  ])('keep out: %s with %j', async (path, init) => {
    const { asked, get } = aCachingClient(options);
    await get(path, init);

    await get(path, init);

    expect(asked()).toHaveLength(2);
  });

  it('win over every rule', async () => {
    const { asked, get } = aCachingClient(options);
    const init = { carpool: { cache: true } };
    await get('/auth/a', init);

    await get('/auth/a', init);

    expect(asked()).toHaveLength(1);
  });

  it('that say `cache: false` do not take what is there, and leave it', async () => {
    const { asked, get, told } = aCachingClient();
    await get('/a');
    told.splice(0);

    await get('/a', { carpool: { cache: false } });
    await get('/a');

    expect(asked()).toHaveLength(2);
    expect(told.map(({ outcome }) => outcome)).toEqual(['hit']);
  });

  it('that are wrong are named', async () => {
    const { fetch } = aCachingClient(options);

    expect(String(await failureOf(fetch(url('/a'), { carpool: { ttl: 'qoute' } })))).toMatch(
      /^TypeError: carpool\.ttl .* got "qoute"$/,
    );
    const tags = 'quotes' as unknown as string[];
    expect(String(await failureOf(fetch(url('/a'), { carpool: { tags } })))).toMatch(
      /^TypeError: carpool\.tags .* got "quotes"$/,
    );
  });

  it('name tags that are found together', async () => {
    const { asked, carpool, get } = aCachingClient(options, (_, path) => ({
      headers: path === '/server' ? { 'cache-tag': 'other,quotes' } : {},
      body: path,
    }));
    const all: [string, CarpoolRequestInit?][] = [
      ['/quotes/a'],
      ['/server'],
      ['/hint', { carpool: { tags: ['quotes'] } }],
      ['/none'],
    ];
    for (const [path, init] of all) await get(path, init);
    const before = asked().length;

    await carpool.invalidate({ tags: ['quotes'] });
    for (const [path, init] of all) await get(path, init);

    expect(asked().slice(before)).toEqual(['GET /quotes/a', 'GET /server', 'GET /hint']);
  });
});

describe('carpool.invalidate', () => {
  it('takes a URL that is relative to the page’s base, as `fetch` does', async () => {
    onPage('https://app.test/page', 'https://app.test/base/x');
    const { asked, carpool, fetch } = aCachingClient();
    await fetch('a');

    await carpool.invalidate({ url: 'a' });
    await fetch('a');

    expect(asked()).toEqual(['GET /base/a', 'GET /base/a']);
  });

  it('takes patterns and RegExps', async () => {
    const { asked, carpool, get } = aCachingClient();
    const paths = ['/q/AAPL', '/q/AAPL/day', '/q/MSFT', '/q/X?y=1'];
    for (const path of paths) await get(path);

    await carpool.invalidate({ match: '/q/AAPL*' });
    await carpool.invalidate({ match: /y=1$/ });
    for (const path of paths) await get(path);

    expect(asked().slice(4)).toEqual(['GET /q/AAPL', 'GET /q/AAPL/day', 'GET /q/X?y=1']);
  });

  it('keeps what is on its way out', async () => {
    const { asked, carpool, get } = aCachingClient();
    const underWay = get('/a');
    await carpool.invalidate({ url: url('/a') });

    expect(await underWay).toBe('/a 1');
    await get('/a');

    expect(asked()).toHaveLength(2);
  });

  it('refuses what says nothing, and needs no cache', async () => {
    const { carpool } = aCachingClient();

    expect(String(await failureOf(carpool.invalidate({})))).toContain('got {}');
    expect(
      await aCachingClient({ cache: false }).carpool.invalidate({ all: true }),
    ).toBeUndefined();
  });
});

describe('carpool.prefetch', () => {
  it('fills the cache, at low priority, and tells of no failure', async () => {
    const { asked, batches, calls, carpool, get } = aCachingClient({}, (_, path) => ({
      status: path === '/bad' ? 500 : 200,
      body: path,
    }));
    const warmed = carpool.prefetch([url('/a'), new URL(url('/b')), url('/bad'), 'https://']);
    await carpool.flush();

    expect(await warmed).toBeUndefined();

    expect(calls.map(({ priority }) => priority)).toEqual(['low', 'low', 'low']);
    expect(batches()[0]?.items?.map(({ headers }) => headers?.['priority'])).toEqual([
      'u=6',
      'u=6',
      'u=6',
    ]);
    const before = asked().length;
    expect([await get('/a'), await get('/b')]).toEqual(['/a', '/b']);
    expect(asked()).toHaveLength(before);
  });

  it('asks for nothing that is there', async () => {
    const { asked, carpool, get } = aCachingClient();
    await get('/a');

    await carpool.prefetch([url('/a')]);

    expect(asked()).toHaveLength(1);
  });

  it('says that it needs a cache', async () => {
    const { carpool } = aCachingClient({ cache: false });

    expect(String(await failureOf(carpool.prefetch([url('/a')])))).toBe(
      'TypeError: prefetch needs a cache: give the `cache` option',
    );
  });
});

describe('the figures', () => {
  it('count what has become of calls', async () => {
    const { carpool, get } = aCachingClient(
      { cache: { ttl: '10s', maxEntries: 2, staleIfError: '1d' } },
      (_, path, headers) => {
        if (headers.has('if-none-match')) return { status: path === '/down' ? 503 : 304 };
        return { headers: { etag: '"x"' }, body: path };
      },
    );
    await get('/a');
    await get('/a');
    await get('/down');
    wait(10);
    await get('/a');
    await get('/down');
    await get('/c');

    const figures = carpool.cache.stats();

    expect(figures).toEqual({
      entries: 2,
      bytes: expect.any(Number),
      memoryHits: 2,
      storeHits: 0,
      staleHits: 1,
      misses: 3,
      revalidations: 1,
      evictions: 1,
      hitRate: 0.5,
    });
    expect(figures.bytes).toBeGreaterThan(0);
    expect(carpool.stats().cache).toEqual(figures);
    expect(carpool.stats()).toMatchObject({ calls: 6, batched: 5 });
  });

  it('do not count what nobody waited for', async () => {
    const { carpool, get, told } = aCachingClient({
      cache: { ttl: '10s', staleWhileRevalidate: '10s' },
    });
    await get('/a');
    wait(15);
    await get('/a');
    await carpool.flush();

    await vi.waitFor(() => {
      expect(told.at(-1)?.outcome).toBe('stored');
    });

    expect(carpool.cache.stats()).toMatchObject({
      misses: 1,
      memoryHits: 1,
      staleHits: 1,
      hitRate: 0.5,
    });
  });

  it('are 0 without a cache', () => {
    const { carpool } = aCachingClient({ cache: false });

    expect(new Set(Object.values(carpool.cache.stats()))).toEqual(new Set([0]));
  });

  it('are of what is held now, after `clear`', async () => {
    const { asked, carpool, get } = aCachingClient();
    await get('/a');
    expect(carpool.cache.stats().entries).toBe(1);

    await carpool.cache.clear();

    expect(carpool.cache.stats()).toMatchObject({ entries: 0, bytes: 0, misses: 1 });
    await get('/a');
    expect(asked()).toHaveLength(2);
  });
});

describe('whose data it is', () => {
  it('keeps the answers to two people apart', async () => {
    let who: string | null = 'ann';
    const { asked, get } = aCachingClient({ identity: () => who }, () => ({ body: `of ${who!}` }));
    await get('/me');
    who = 'bob';

    expect(await get('/me')).toBe('of bob');
    expect(await get('/me')).toBe('of bob');
    who = 'ann';
    expect(await get('/me')).toBe('of ann');

    // What was Ann's went when Bob came.
    expect(asked()).toHaveLength(3);
  });

  it('is told again when the answer comes: nothing is kept for who has come since', async () => {
    let who = 'ann';
    const { asked, get } = aCachingClient({ identity: () => who }, () => {
      const body = `of ${who}`;
      who = 'bob';
      return { body };
    });

    expect(await get('/me')).toBe('of ann');
    expect(await get('/me')).toBe('of bob');
    expect(await get('/me')).toBe('of bob');

    expect(asked()).toHaveLength(2);
  });

  it('keeps calls made together apart, too: nobody joins another’s', async () => {
    let who = 'ann';
    const { asked, carpool, get } = aCachingClient({ identity: () => who });

    const first = get('/me');
    who = 'bob';
    const others = [get('/me'), get('/me')];
    await Promise.all([first, ...others]);

    expect(asked()).toEqual(['GET /me', 'GET /me']);
    expect(carpool.stats().deduplicated).toBe(1);
  });

  it('has calls go on when nobody can say, none of them joined or kept', async () => {
    const { asked, get, told } = aCachingClient({
      identity: () => {
        throw new Error('own');
      },
    });

    await Promise.all([get('/me'), get('/me')]);
    await get('/me');

    expect(asked()).toHaveLength(3);
    expect(told.every(({ outcome, url: about }) => outcome === 'failure' && about === '')).toBe(
      true,
    );
  });
});

describe('an `Idempotency-Key` that is made', () => {
  it('is a UUID, as a structured field’s string', async () => {
    const keys: (string | null)[] = [];
    const { fetch } = aCachingClient(
      { cache: false, retry: { idempotencyKey: true } },
      (_, path, headers) => {
        keys.push(headers.get('idempotency-key'));
        return { body: path };
      },
    );

    await Promise.all([fetch(url('/a'), post()), fetch(url('/a'), post()), fetch(url('/b'))]);

    expect(new Set(keys).size).toBe(3);
    expect(keys.slice(0, 2).join(' ')).toMatch(
      /^"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}" "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"$/,
    );
    expect(keys[2]).toBeNull();
  });
});
