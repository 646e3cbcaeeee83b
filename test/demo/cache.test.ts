import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Kind } from '../../demo/server/platform/cache/kinds.ts';
import {
  aDatabase,
  aServerCache,
  type ServerCacheOptions,
  eventually,
} from '../support/a-server-cache.ts';

const start = Date.parse('2026-03-02T15:00:00Z');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

/** A cache, and something to load that tells how often it was loaded. */
function aBench(options: ServerCacheOptions = {}) {
  const bench = aServerCache(options);
  let loads = 0;
  const load = vi.fn<() => Promise<string>>(() => Promise.resolve(`v${++loads}`));
  const ask = (subject = 'AAPL', kind: Kind = 'quote') => bench.cache.lookUp(kind, subject, load);
  const fail = (reason = 'no luck') =>
    load.mockImplementation(() => Promise.reject(new Error(reason)));
  return { ...bench, load, ask, fail };
}

describe('a look-up', () => {
  it('loads what is not there, and then finds it in memory', async () => {
    const { ask, load } = aBench();

    const first = await ask();
    const second = await ask();

    expect(first).toMatchObject({ value: 'v1', source: 'upstream', ttlSeconds: 300 });
    expect(second).toMatchObject({ value: 'v1', source: 'memory', isStale: false });
    expect(load).toHaveBeenCalledOnce();
  });

  it('finds in SQLite what an earlier process has left', async () => {
    const database = aDatabase();
    await aBench({ database }).ask();
    const later = aBench({ database });
    pass(100);

    const found = await later.ask();

    expect(found).toMatchObject({ value: 'v1', source: 'sqlite', ttlSeconds: 200 });
    expect(later.load).not.toHaveBeenCalled();
    expect(await later.ask()).toMatchObject({ source: 'memory' });
  });

  it.each<[Kind, number]>([
    ['quote', 300],
    ['news', 1_800],
    ['history', 3_600],
    ['fundamentals', 86_400],
    ['analysis', 604_800],
  ])('%s is fresh for %s s, on each level', async (kind, seconds) => {
    const database = aDatabase();
    const { ask, load } = aBench({ database });
    await ask('X', kind);

    pass(seconds - 1);
    const inMemory = await ask('X', kind);
    const inSqlite = await aBench({ database }).ask('X', kind);
    pass(1);
    const loaded = await ask('X', kind);

    expect(inMemory).toMatchObject({ source: 'memory', ttlSeconds: 1 });
    expect(inSqlite).toMatchObject({ source: 'sqlite', ttlSeconds: 1 });
    expect(loaded).toMatchObject({ value: 'v2', source: 'upstream', ttlSeconds: seconds });
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('has the tags of its kind and of its subject', async () => {
    const { ask } = aBench();

    expect((await ask('AAPL')).tags).toEqual(['quotes', 'quote-AAPL']);
    expect((await ask('AAPL:2026-01-01:2026-01-31', 'history')).tags).toEqual([
      'history',
      'history-AAPL',
    ]);
  });

  it('null is a value, too', async () => {
    const { cache } = aServerCache();
    const load = vi.fn<() => Promise<null>>(() => Promise.resolve(null));

    await cache.lookUp('quote', 'X', load);
    const found = await cache.lookUp('quote', 'X', load);

    expect(found).toMatchObject({ value: null, source: 'memory' });
  });

  it('reads a hundred from SQLite with one statement', async () => {
    const database = aDatabase();
    const subjects = Array.from({ length: 100 }, (_, index) => `S${index}`);
    const first = aBench({ database });
    await Promise.all(subjects.map((subject) => first.ask(subject)));
    const prepare = vi.spyOn(database, 'prepare');
    const { ask } = aBench({ database });
    prepare.mockClear();

    const found = await Promise.all(subjects.map((subject) => ask(subject)));

    expect(new Set(found.map(({ source }) => source))).toEqual(new Set(['sqlite']));
    expect(prepare).toHaveBeenCalledOnce();
  });
});

describe('a stampede', () => {
  it('of 100 look-ups loads once', async () => {
    const { ask, load } = aBench();

    const found = await Promise.all(Array.from({ length: 100 }, () => ask()));

    expect(load).toHaveBeenCalledOnce();
    expect(new Set(found.map(({ value }) => value))).toEqual(new Set(['v1']));
    expect(found.filter(({ isCollapsed }) => isCollapsed)).toHaveLength(99);
  });

  it('of 100 look-ups that fail loads once, too, and the next one tries again', async () => {
    const { ask, load, fail } = aBench();
    fail();

    const settled = await Promise.allSettled(Array.from({ length: 100 }, () => ask()));

    expect(load).toHaveBeenCalledOnce();
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    await expect(ask()).rejects.toThrow('no luck');
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('of what has just gone stale loads once', async () => {
    const { ask, load } = aBench();
    await ask();
    pass(301);

    await Promise.all(Array.from({ length: 100 }, () => ask()));

    expect(load).toHaveBeenCalledTimes(2);
  });

  it('different things are loaded each for itself', async () => {
    const { ask, load } = aBench();

    await Promise.all([ask('A'), ask('B'), ask('A', 'news')]);

    expect(load).toHaveBeenCalledTimes(3);
  });
});

describe('when loading fails', () => {
  it('what is stale is found, and says so', async () => {
    const { ask, fail } = aBench();
    await ask();
    pass(400);
    fail();

    const found = await ask();

    expect(found).toMatchObject({ value: 'v1', isStale: true, ttlSeconds: -100 });
  });

  it('what is stale in SQLite will do', async () => {
    const database = aDatabase();
    await aBench({ database }).ask();
    pass(400);
    const { ask, fail } = aBench({ database });
    fail();

    expect(await ask()).toMatchObject({ value: 'v1', source: 'sqlite', isStale: true });
  });

  it('for a day, and no longer', async () => {
    const { ask, fail } = aBench();
    await ask();
    fail();

    pass(300 + 86_399);
    const last = await ask();
    pass(2);

    expect(last.isStale).toBe(true);
    await expect(ask()).rejects.toThrow('no luck');
  });

  it('and nothing is stale, the reason is what the look-up throws', async () => {
    const { ask, load } = aBench();
    const reason = new RangeError('of its own kind');
    load.mockRejectedValue(reason);

    await expect(ask()).rejects.toBe(reason);
  });

  it('the next look-up tries again', async () => {
    const { ask, load } = aBench();
    await ask();
    pass(400);
    load.mockRejectedValueOnce(new Error('no luck'));
    await ask();

    expect(await ask()).toMatchObject({ source: 'upstream', isStale: false });
  });

  it('that is logged with its reason', async () => {
    const { ask, fail, lines } = aBench();
    await ask();
    pass(400);
    fail();
    await ask();

    expect(lines).toContainEqual(
      expect.objectContaining({ level: 40, key: 'quote:AAPL', msg: 'answered with what is stale' }),
    );
  });
});

describe('when loading takes long', () => {
  it('what is stale is found, and what comes later is kept', async () => {
    const { ask, load } = aBench({ patienceMs: 5 });
    await ask();
    pass(400);
    const late = Promise.withResolvers<string>();
    load.mockReturnValueOnce(late.promise);

    const found = await ask();
    late.resolve('late');

    expect(found).toMatchObject({ value: 'v1', isStale: true });
    await eventually(async () =>
      expect(await ask()).toMatchObject({ value: 'late', source: 'memory', isStale: false }),
    );
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('and nothing is stale, it is waited for', async () => {
    const { ask, load } = aBench({ patienceMs: 1 });
    load.mockImplementationOnce(
      () => new Promise((resolve) => setTimeout(() => resolve('slow'), 20)),
    );

    expect(await ask()).toMatchObject({ value: 'slow', source: 'upstream' });
  });
});

describe('invalidating', () => {
  const aFullBench = async () => {
    const database = aDatabase();
    const bench = aBench({ database });
    for (const subject of ['AAPL', 'AMZN', 'MSFT']) await bench.ask(subject);
    await bench.ask('AAPL:2026-01-01:2026-01-31', 'history');
    await bench.ask('AAPL', 'news');
    bench.load.mockClear();
    const isThere = async (subject: string, kind: Kind = 'quote') => {
      const { source } = await bench.ask(subject, kind);
      return source !== 'upstream';
    };
    return { ...bench, isThere };
  };

  it('by the tag of a subject removes that alone', async () => {
    const { cache, isThere } = await aFullBench();

    const removed = await cache.invalidate({ tags: ['quote-AAPL'] });

    expect(await isThere('AAPL')).toBe(false);
    expect(await isThere('AMZN')).toBe(true);
    expect(await isThere('AAPL', 'news')).toBe(true);
    expect(removed).toBe(1);
  });

  it('by the tag of a kind removes all of it', async () => {
    const { cache, isThere } = await aFullBench();

    expect(await cache.invalidate({ tags: ['quotes', 'news'] })).toBe(4);

    expect(await isThere('MSFT')).toBe(false);
    expect(await isThere('AAPL', 'news')).toBe(false);
    expect(await isThere('AAPL:2026-01-01:2026-01-31', 'history')).toBe(true);
  });

  it('by the tag of a subject removes all periods of its history', async () => {
    const { cache, isThere } = await aFullBench();

    await cache.invalidate({ tags: ['history-AAPL'] });

    expect(await isThere('AAPL:2026-01-01:2026-01-31', 'history')).toBe(false);
    expect(await isThere('AAPL')).toBe(true);
  });

  it('by pattern removes what it describes', async () => {
    const { cache, isThere } = await aFullBench();

    expect(await cache.invalidate({ pattern: 'quote:A*' })).toBe(2);

    expect(await isThere('AAPL')).toBe(false);
    expect(await isThere('AMZN')).toBe(false);
    expect(await isThere('MSFT')).toBe(true);
  });

  it('everything, by *', async () => {
    const { cache } = await aFullBench();

    expect(await cache.invalidate({ pattern: '*' })).toBe(5);
    expect((await cache.measure()).sqlite.quote.entries).toBe(0);
  });

  it('removes it from SQLite, too', async () => {
    const { cache, database } = await aFullBench();

    await cache.invalidate({ tags: ['quote-AAPL'] });

    expect(await aBench({ database }).ask('AAPL')).toMatchObject({ source: 'upstream' });
  });

  it('leaves nothing stale behind', async () => {
    const { cache, ask, fail } = await aFullBench();
    fail();

    await cache.invalidate({ tags: ['quote-AAPL'] });

    await expect(ask('AAPL')).rejects.toThrow('no luck');
  });

  it('announces the tags of what was removed', async () => {
    const { cache, announced } = await aFullBench();

    await cache.invalidate({ pattern: 'quote:A*' });

    expect(announced).toHaveLength(1);
    expect(announced[0]?.patterns).toEqual(['quote:A*']);
    expect(announced[0]?.tags.toSorted()).toEqual(['quote-AAPL', 'quote-AMZN']);
  });

  it('announces whole kinds where it would be more than a hundred tags', async () => {
    const { cache, ask, announced } = aBench();
    await Promise.all(Array.from({ length: 101 }, (_, index) => ask(`S${index}`)));

    await cache.invalidate({ pattern: '*' });

    expect(announced).toEqual([{ tags: ['quotes'], patterns: ['*'] }]);
  });

  it('is what an announcement of its tags does', async () => {
    const { bus, isThere } = await aFullBench();

    bus.announce({ tags: ['quote-AAPL', 'notes'] });

    expect(await isThere('AAPL')).toBe(false);
    expect(await isThere('AMZN')).toBe(true);
  });

  it('keeps out what was asked for before, and nobody waits for that any more', async () => {
    const { cache, ask, load } = aBench();
    const old = Promise.withResolvers<string>();
    load.mockReturnValueOnce(old.promise);
    const before = ask();
    await eventually(() => expect(load).toHaveBeenCalled());

    await cache.invalidate({ tags: ['quotes'] });
    const after = ask();
    old.resolve('old');

    expect((await before).value).toBe('old');
    expect((await after).value).toBe('v1');
    expect((await ask()).value).toBe('v1');
  });
});

describe('statistics', () => {
  it('count by kind what answered', async () => {
    const database = aDatabase();
    await aBench({ database }).ask('OLD');
    const { ask, cache, load } = aBench({ database });

    await ask('A');
    await ask('A');
    await ask('OLD');
    await Promise.all([ask('B'), ask('B')]);
    pass(400);
    load.mockRejectedValueOnce(new Error('no luck'));
    await ask('A');
    load.mockRejectedValueOnce(new Error('no luck'));
    await ask('C').catch(() => {});

    expect(cache.countsOf('quote')).toEqual({
      hits: { memory: 1, redis: 0, sqlite: 1 },
      misses: 3,
      collapsed: 1,
      stale: 1,
      failures: 2,
      writes: 2,
    });
    expect(cache.countsOf('news')).toMatchObject({ misses: 0 });
  });

  it('measure what each level holds', async () => {
    const { ask, cache } = aBench();
    await ask('A');
    await ask('B');
    await ask('A', 'news');

    const { memory, redis, sqlite } = await cache.measure();

    expect(memory.quote).toEqual({ entries: 2, bytes: expect.any(Number) });
    expect(memory.quote.bytes).toBeGreaterThan(0);
    expect(sqlite.news).toEqual({ entries: 1, bytes: expect.any(Number) });
    expect(sqlite.fundamentals).toEqual({ entries: 0, bytes: 0 });
    expect(redis).toBeNull();
  });

  it('are metrics, too', async () => {
    const { ask, metrics } = aBench();
    await ask();
    await ask();

    const text = await metrics.registry.metrics();

    expect(text).toContain('cache_lookups_total{cache="quote",outcome="misses"} 1');
    expect(text).toContain('cache_lookups_total{cache="quote",outcome="memory"} 1');
  });
});

describe('SQLite', () => {
  it('sheds what has expired', async () => {
    const { ask, database, cache } = aBench();
    await ask('OLD');
    pass(300 + 86_400);

    await Promise.all(Array.from({ length: 999 }, (_, index) => ask(`S${index}`)));

    expect(database.prepare('SELECT count(*) AS count FROM cache').get()).toEqual({ count: 999 });
    expect((await cache.measure()).sqlite.quote.entries).toBe(999);
  });
});

it('still answers once it is closed', async () => {
  const { ask, close, database } = aBench();
  await close();
  database.close();

  expect(await ask()).toMatchObject({ value: 'v1', source: 'upstream' });
});
