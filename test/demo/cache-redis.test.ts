import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Kind } from '../../demo/server/platform/cache/kinds.ts';
import type { RedisLink } from '../../demo/server/platform/redis.ts';
import { startRedis, type TestRedis } from '../support/a-redis.ts';
import {
  aDatabase,
  aServerCache,
  whenUp,
  type ServerCacheBench,
  type ServerCacheOptions,
  eventually,
} from '../support/a-server-cache.ts';

let redis: TestRedis;
let open: ServerCacheBench[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
beforeEach(async () => {
  await redis.restart();
});
afterEach(async () => {
  vi.useRealTimers();
  redis.release();
  await Promise.all(open.map(({ close }) => close()));
  open = [];
  // The next test finds nothing.
  await redis.stop();
});
afterAll(() => redis.stop());

/** A process with a database of its own, which what it loads is named after. */
function aProcess(name: string, options: ServerCacheOptions = {}) {
  const bench = aServerCache({ url: redis.url, ...options });
  open.push(bench);
  let loads = 0;
  const load = vi.fn<() => Promise<string>>(() => Promise.resolve(`${name}${++loads}`));
  const ask = (subject = 'AAPL', kind: Kind = 'quote') => bench.cache.lookUp(kind, subject, load);
  return { ...bench, link: bench.link!, load, ask };
}

/** It is connected, and hears the others. */
async function whenReady(...processes: readonly { readonly link: RedisLink }[]): Promise<void> {
  for (const { link } of processes) await whenUp(link);
  await eventually(async () => {
    const channels = ['carpool:announcements', 'bentocache.notifications:cache'];
    const counted = await processes[0]!.link.client.pubsub('NUMSUB', ...channels);
    expect(counted).toEqual(channels.flatMap((channel) => [channel, processes.length]));
  });
}

async function aReadyProcess(name: string, options: ServerCacheOptions = {}) {
  const process = aProcess(name, options);
  await whenUp(process.link);
  return process;
}

async function twoProcesses() {
  const [a, b] = [aProcess('a'), aProcess('b')];
  await whenReady(a, b);
  return { a, b };
}

const keysIn = async ({ client }: RedisLink) => (await client.keys('carpool:cache:*')).sort();

/** How often it was told that Redis is away. */
const warnings = ({ lines }: ServerCacheBench) =>
  lines.filter(({ level, service }) => level === 40 && service === 'redis').length;

describe('with Redis', () => {
  it('what one process has loaded, another finds there, and then in its memory', async () => {
    const { a, b } = await twoProcesses();
    await a.ask();

    const first = await b.ask();

    expect(first).toMatchObject({ value: 'a1', source: 'redis' });
    // That it was written may be heard of only now, and then it is read once more.
    await eventually(async () =>
      expect(await b.ask()).toMatchObject({ value: 'a1', source: 'memory' }),
    );
    expect(b.load).not.toHaveBeenCalled();
    const { memory, redis: shared, sqlite } = b.cache.countsOf('quote').hits;
    expect([memory, sqlite]).toEqual([1, 0]);
    expect([1, 2]).toContain(shared);
  });

  it('100 look-ups take one command', async () => {
    const { a, b } = await twoProcesses();
    const subjects = Array.from({ length: 100 }, (_, index) => `S${index}`);
    await Promise.all(subjects.map((subject) => a.ask(subject)));
    const mget = vi.spyOn(b.link.client, 'mget');

    const found = await Promise.all(subjects.map((subject) => b.ask(subject)));

    expect(new Set(found.map(({ source }) => source))).toEqual(new Set(['redis']));
    expect(mget).toHaveBeenCalledOnce();
  });

  it('what is there expires a day after it has gone stale', async () => {
    const { ask, link } = await aReadyProcess('a');
    await ask();

    const ttlMs = await link.client.pttl('carpool:cache:quote:AAPL');

    expect(ttlMs).toBeLessThanOrEqual(86_700_000);
    expect(ttlMs).toBeGreaterThan(86_400_000);
  });

  it('a stampede of 100 loads once', async () => {
    const { ask, load } = await aReadyProcess('a');

    await Promise.all(Array.from({ length: 100 }, () => ask()));

    expect(load).toHaveBeenCalledOnce();
  });

  it('what is stale there is found when loading fails', async () => {
    const { a, b } = await twoProcesses();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    await a.ask();
    vi.setSystemTime(Date.now() + 400_000);
    b.load.mockRejectedValue(new Error('no luck'));

    expect(await b.ask()).toMatchObject({ value: 'a1', source: 'redis', isStale: true });
  });

  it('when it has started anew, it gets back what SQLite has', async () => {
    const database = aDatabase();
    await aServerCache({ database }).cache.lookUp('quote', 'AAPL', () => Promise.resolve('old'));
    const a = await aReadyProcess('a', { database });

    expect(await a.ask()).toMatchObject({ value: 'old', source: 'sqlite' });

    await eventually(async () =>
      expect(await keysIn(a.link)).toEqual(['carpool:cache:quote:AAPL']),
    );
  });

  it('sizes are counted there by kind', async () => {
    const { ask, cache } = await aReadyProcess('a');
    await ask('A');
    await ask('B');
    await ask('A', 'news');

    const { redis: sizes } = await cache.measure();

    expect(sizes?.quote).toEqual({ entries: 2, bytes: null });
    expect(sizes?.news).toEqual({ entries: 1, bytes: null });
  });

  it('of two that load at once, the earlier gives way to the later one', async () => {
    const { a, b } = await twoProcesses();
    const late = Promise.withResolvers<string>();
    b.load.mockReturnValueOnce(late.promise);
    const later = b.ask();
    await eventually(() => expect(b.load).toHaveBeenCalled());
    await a.ask();

    late.resolve('newer');
    await later;

    await eventually(async () => expect((await a.ask()).value).toBe('newer'));
    expect(a.load).toHaveBeenCalledOnce();
  });
});

describe('invalidating in one process', () => {
  it.each([
    ['by tag', { tags: ['quote-AAPL'] }],
    ['by pattern', { pattern: 'quote:AA*' }],
  ])('%s is seen by another, on all levels', async (_, what) => {
    const { a, b } = await twoProcesses();
    await a.ask('AAPL');
    await b.ask('AAPL');
    await a.ask('MSFT');
    await b.ask('MSFT');

    const removed = await a.cache.invalidate(what);

    expect(removed).toBe(1);
    expect(await keysIn(a.link)).toEqual(['carpool:cache:quote:MSFT']);
    await eventually(async () =>
      expect(await b.ask('AAPL')).toMatchObject({ source: 'upstream', value: 'b1' }),
    );
    // From memory, or, where that it was written is heard of only now, from Redis.
    expect(await b.ask('MSFT')).toMatchObject({ value: 'a2' });
    expect(b.load).toHaveBeenCalledOnce();
  });

  it('is not undone by what another has just been reading', async () => {
    const { a, b } = await twoProcesses();
    await a.ask();
    const { client } = b.link;
    const gate = Promise.withResolvers<void>();
    const mget = client.mget.bind(client) as (keys: string[]) => Promise<(string | null)[]>;
    vi.spyOn(client, 'mget').mockImplementationOnce(async (keys) => {
      const values = await mget(keys as unknown as string[]);
      await gate.promise;
      return values;
    });
    const reading = b.ask();
    const heard = new Promise<void>((resolve) => {
      b.bus.listen(() => resolve());
    });

    await a.cache.invalidate({ tags: ['quotes'] });
    await heard;
    gate.resolve();
    await reading;

    expect(await b.ask()).toMatchObject({ source: 'upstream', value: 'b1' });
  });

  it('more than Redis gives at once are all removed', async () => {
    const { ask, cache, link } = await aReadyProcess('a');
    await Promise.all(Array.from({ length: 2_500 }, (_, index) => ask(`S${index}`)));

    expect(await cache.invalidate({ pattern: '*' })).toBe(2_500);

    expect(await keysIn(link)).toEqual([]);
  });

  it('leaves alone what is not of the cache', async () => {
    const { ask, cache, link } = await aReadyProcess('a');
    await link.client.set('jobs:quote:AAPL', 'x');
    await ask();

    await cache.invalidate({ pattern: '*' });

    expect(await link.client.keys('*')).toEqual(['jobs:quote:AAPL']);
  });
});

describe('when Redis is not there', () => {
  it('everything works from the start, with one warning', async () => {
    await redis.stop();
    const a = aProcess('a');

    expect(await a.ask()).toMatchObject({ source: 'upstream' });
    expect(await a.ask()).toMatchObject({ source: 'memory' });
    expect(await a.cache.invalidate({ pattern: '*' })).toBe(1);
    expect((await a.cache.measure()).redis).toBeNull();
    await eventually(() => expect(warnings(a)).toBe(1));
  });

  it('and comes, it is used', async () => {
    await redis.stop();
    const a = aProcess('a');
    await a.ask('EARLY');

    await redis.restart();
    await whenUp(a.link);
    await a.ask('LATE');

    expect(await keysIn(a.link)).toEqual(['carpool:cache:quote:LATE']);
  });
});

describe('when Redis goes away', () => {
  it('memory and SQLite go on, with one warning', async () => {
    const a = await aReadyProcess('a');
    await a.ask('OLD');
    await redis.stop();

    expect(await a.ask('OLD')).toMatchObject({ source: 'memory' });
    expect(await a.ask('NEW')).toMatchObject({ source: 'upstream', value: 'a2' });
    expect(await a.ask('NEW')).toMatchObject({ source: 'memory' });
    await eventually(() => expect(warnings(a)).toBe(1));
    const again = aProcess('b', { database: a.database });
    expect(await again.ask('NEW')).toMatchObject({ source: 'sqlite', value: 'a2' });
    expect(warnings(a)).toBe(1);
  });

  it('its return is noticed, and it is used again', async () => {
    const a = await aReadyProcess('a');
    await a.ask('OLD');
    await redis.stop();
    await eventually(() => expect(a.link.isUp()).toBe(false));
    await a.ask('MEANTIME');

    await redis.restart();
    await whenReady(a);
    await a.ask('NEW');

    expect(await keysIn(a.link)).toEqual(['carpool:cache:quote:NEW']);
    expect(a.lines).toContainEqual(expect.objectContaining({ msg: 'Redis is back' }));
  });

  it('memory, which may have missed something, asks again what is behind it', async () => {
    const a = aProcess('a');
    await whenReady(a);
    await a.ask();
    await redis.stop();
    await eventually(() => expect(a.link.isUp()).toBe(false));

    await redis.restart();
    await whenReady(a);

    await eventually(async () => expect((await a.cache.measure()).memory.quote.entries).toBe(0));
    expect(await a.ask()).toMatchObject({ source: 'sqlite', value: 'a1' });
  });

  it('and has kept what was invalidated in the meantime, that is removed when it is back, everywhere', async () => {
    let isReachable = true;
    const a = await aReadyProcess('a', {
      wrap: (link) => ({ ...link, isUp: () => isReachable && link.isUp() }),
    });
    const b = aProcess('b');
    await whenReady(a, b);
    await a.ask('AAPL');
    await b.ask('AAPL');
    await a.ask('MSFT');

    isReachable = false;
    // Only this one is cut off: what it announces does not arrive either.
    vi.spyOn(a.link.client, 'publish').mockRejectedValueOnce(new Error('cut off'));
    await a.cache.invalidate({ tags: ['quote-AAPL'] });
    expect(await keysIn(b.link)).toContain('carpool:cache:quote:AAPL');
    isReachable = true;
    a.link.client.emit('ready');

    await eventually(async () =>
      expect(await keysIn(b.link)).toEqual(['carpool:cache:quote:MSFT']),
    );
    await eventually(async () => expect(await b.ask('AAPL')).toMatchObject({ value: 'b1' }));
  });

  it('what was loaded in the meantime is still there, and gets into it', async () => {
    const a = aProcess('a');
    await whenReady(a);
    await redis.stop();
    await eventually(() => expect(a.link.isUp()).toBe(false));
    await a.ask();

    await redis.restart();
    await whenReady(a);
    await eventually(async () => expect((await a.cache.measure()).memory.quote.entries).toBe(0));

    expect(await a.ask()).toMatchObject({ source: 'sqlite', value: 'a1' });
    await eventually(async () =>
      expect(await keysIn(a.link)).toEqual(['carpool:cache:quote:AAPL']),
    );
    expect(a.announced).toEqual([]);
  });

  it('more is missed than it keeps count of, all is removed when it is back', async () => {
    let isReachable = true;
    const a = await aReadyProcess('a', {
      wrap: (link) => ({ ...link, isUp: () => isReachable && link.isUp() }),
    });
    await a.ask('OLD');
    isReachable = false;
    await Promise.all(Array.from({ length: 1_001 }, (_, index) => a.ask(`S${index}`)));

    isReachable = true;
    a.link.client.emit('ready');

    await eventually(async () => expect(await keysIn(a.link)).toEqual([]));
  });

  it('and has kept what was replaced in the meantime, that is no longer found', async () => {
    let isReachable = true;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const a = await aReadyProcess('a', {
      wrap: (link) => ({ ...link, isUp: () => isReachable && link.isUp() }),
    });
    await a.ask();
    isReachable = false;
    vi.setSystemTime(Date.now() + 301_000);
    await a.ask();

    isReachable = true;
    a.link.client.emit('ready');

    await eventually(async () => expect(await keysIn(a.link)).toEqual([]));
  });

  it('without closing its connections, what is loaded does not wait for the others to hear of it', async () => {
    const a = await aReadyProcess('a');
    vi.spyOn(a.link.client, 'publish').mockReturnValue(new Promise(() => {}));

    expect(await a.ask()).toMatchObject({ value: 'a1' });
  });

  it('without closing its connections, one command waits for it, and then none', async () => {
    const database = aDatabase();
    await aServerCache({ database }).cache.lookUp('quote', 'AAPL', () => Promise.resolve('old'));
    const a = await aReadyProcess('a', { database });
    const mget = vi.spyOn(a.link.client, 'mget');
    redis.hold();

    expect(await a.ask()).toMatchObject({ value: 'old', source: 'sqlite' });
    expect(await a.ask('MSFT')).toMatchObject({ source: 'upstream' });

    expect(mget).toHaveBeenCalledOnce();
  });
});
