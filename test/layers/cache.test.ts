import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../../src/core/types.ts';
import { aCache, ageOf, found, start } from '../support/a-cache.ts';
import { aReply, bytesOf, textOf } from '../support/calls.ts';
import { drained, failureOf, stateOf } from '../support/drained.ts';

const etag = { etag: '"a"' };
const modified = 'Wed, 14 Jan 2026 08:00:00 GMT';

const bodyOf = (reply: Reply): string | null => textOf(reply.body);

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a kept response', () => {
  it('answers while it is fresh, and only then', async () => {
    const { ask, clock, fill, flown } = aCache();
    await fill('/a', { 'cache-control': 'max-age=10' });

    await clock.advance(9999);
    expect(bodyOf(await ask('/a'))).toBe('/a');
    expect(flown()).toEqual(['/a']);
    await clock.advance(1);
    void ask('/a');

    expect(flown()).toEqual(['/a', '/a']);
  });

  it('has its age in whole seconds, and all else as it came', async () => {
    const { ask, clock, fill } = aCache();
    const first = await fill('/a', { 'x-own': '1', age: '5', date: new Date(start).toUTCString() });

    await clock.advance(2900);
    const again = await ask('/a');

    expect(ageOf(first)).toBe('5');
    expect(ageOf(again)).toBe('7');
    expect(again.headers.filter(([name]) => name === 'age')).toHaveLength(1);
    expect({ ...again, headers: again.headers.filter(([name]) => name !== 'age') }).toEqual({
      ...first,
      headers: first.headers.filter(([name]) => name !== 'age'),
    });
  });

  it('has an age of 0 at once, and the date of its arrival if it had none', async () => {
    const { ask, fill } = aCache();
    await fill('/a');

    expect((await ask('/a')).headers).toEqual([
      ['date', 'Thu, 15 Jan 2026 12:00:00 GMT'],
      ['age', '0'],
    ]);
  });

  it('answers HEAD, without its body', async () => {
    const { ask, fill, flown } = aCache();
    await fill('/a', { 'content-length': '2' });

    const reply = await ask('/a', { method: 'HEAD' });

    expect(reply.body).toBeNull();
    expect(reply.headers).toContainEqual(['content-length', '2']);
    expect(flown()).toEqual(['/a']);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('never answers %s, nor is one', async (method) => {
    const { fill, flown } = aCache();
    await fill('/a');

    await fill('/a', {}, { method });
    await fill('/a', {}, { method });

    expect(flown()).toEqual(['/a', '/a', '/a']);
  });

  it('is apart from that of another query, variant or credentials', async () => {
    const { ask, fill, flights } = aCache();
    await fill('/a', { vary: 'Accept' }, { headers: [['accept', 'x']] });

    void ask('/a?x', { headers: [['accept', 'x']] });
    void ask('/a', { headers: [['accept', 'y']] });
    void ask('/a', { headers: [['accept', 'x']], credentials: 'include' });

    expect(flights).toHaveLength(4);
    expect(await stateOf(ask('/a', { headers: [['accept', 'x']] }))).toBe('ok');
  });

  it('is kept beside its other variants', async () => {
    const { ask, fill, flown } = aCache();
    await fill('/a', { vary: 'Accept', 'x-v': 'x' }, { headers: [['accept', 'x']] });
    await fill('/a', { vary: 'Accept', 'x-v': 'y' }, { headers: [['accept', 'y']] });

    const [x, y] = [
      await ask('/a', { headers: [['accept', 'x']] }),
      await ask('/a', { headers: [['accept', 'y']] }),
    ];

    expect([x.headers, y.headers].map((fields) => new Map(fields).get('x-v'))).toEqual(['x', 'y']);
    expect(flown()).toHaveLength(2);
  });

  it('has no part in a call without the cache', async () => {
    const { ask, fill, flown, told } = aCache();
    await fill('/a', {}, { cache: null });
    await fill('/a');
    told();

    void ask('/a', { cache: null });

    expect(flown()).toEqual(['/a', '/a', '/a']);
    expect(told()).toEqual([]);
  });

  it('that is larger than the cache is not kept, nor told to be', async () => {
    const { ask, flights, flown, told } = aCache({ maxBytes: 1000 });
    const reply = ask('/a');
    flights[0]?.land(found({}, { body: new Uint8Array(1000) }));
    await reply;

    void ask('/a');

    expect(told()).toEqual(['miss /a']);
    expect(flown()).toEqual(['/a', '/a']);
  });

  it('that is larger than the cache takes the place of what was kept', async () => {
    const { ask, fill, flights, flown } = aCache({ maxBytes: 1000 });
    await fill('/a');
    const reply = ask('/a', { cache: { mode: 'reload' } });
    flights[1]?.land(found({}, { body: new Uint8Array(1000) }));
    await reply;

    void ask('/a');

    expect(flown()).toHaveLength(3);
  });

  it('is served as bytes that nobody has changed, though nobody copies them', async () => {
    const { ask, fill } = aCache();
    await fill('/a');

    const [one, two] = [await ask('/a'), await ask('/a')];

    expect(bodyOf(one)).toBe('/a');
    expect(bodyOf(two)).toBe('/a');
  });
});

describe('a `ttl`', () => {
  it.each<[string, object, string, number]>([
    ['is the options’', {}, '/none', 60],
    ['is the rule’s', {}, '/rule', 7],
    ['is the call’s own, over the rule’s', { cache: { ttlMs: 3000 } }, '/rule', 3],
  ])('%s where the server says nothing: %j', async (_, given, path, seconds) => {
    const { ask, clock, fill, flown } = aCacheWithRules();
    await fill(path, {}, given);

    await clock.advance(seconds * 1000 - 1);
    await ask(path, given);
    expect(flown()).toHaveLength(1);
    await clock.advance(1);
    void ask(path, given);

    expect(flown()).toHaveLength(2);
  });

  it('counts for nothing where the server says something', async () => {
    const { ask, clock, fill, flown } = aCacheWithRules();
    await fill('/rule', { 'cache-control': 'max-age=30' }, { cache: { ttlMs: false } });

    await clock.advance(29_999);
    await ask('/rule');

    expect(flown()).toHaveLength(1);
  });

  it.each([
    ['the call’s', '/none', { cache: { ttlMs: false as const } }],
    ['the rule’s', '/never', {}],
  ])('of false keeps nothing of what the server says nothing of: %s', async (_, path, given) => {
    const { ask, fill, flown } = aCacheWithRules();
    await fill(path, {}, given);

    void ask(path, given);

    expect(flown()).toHaveLength(2);
  });

  function aCacheWithRules() {
    const bench = aCache({
      rules: [
        { match: '/rule', ttl: 7 },
        { match: '/never', ttl: false },
      ],
      parseTtl: (ttl) => (ttl === false ? false : Number(ttl) * 1000),
    });
    return bench;
  }
});

describe('what is stale', () => {
  it('is asked about by both of its validators, and the caller gets it when it still holds', async () => {
    const { ask, clock, fill, flights, told } = aCache({ ttlMs: 0 });
    await fill('/a', { ...etag, 'last-modified': modified, 'x-own': '1' });
    await clock.advance(5000);
    told();
    const reply = ask('/a', { headers: [['accept', 'x']] });
    expect(flights[1]?.call.headers).toEqual([
      ['accept', 'x'],
      ['if-none-match', '"a"'],
      ['if-modified-since', modified],
    ]);

    flights[1]?.land(aReply({ status: 304, headers: [['x-own', '2']], body: null }));

    expect(await reply).toMatchObject({ status: 200, statusText: 'OK' });
    expect(bodyOf(await reply)).toBe('/a');
    expect(new Map((await reply).headers).get('x-own')).toBe('2');
    expect(ageOf(await reply)).toBeUndefined();
    expect(told()).toEqual(['revalidated /a']);
  });

  it('is fresh again after that, by what the 304 says', async () => {
    const { ask, clock, fill, flights, flown } = aCache();
    await fill('/a', { ...etag, 'cache-control': 'max-age=1' });
    await clock.advance(1000);
    const reply = ask('/a');
    const date = new Date(start + 1000).toUTCString();
    flights[1]?.land(
      aReply({
        status: 304,
        headers: [
          ['cache-control', 'max-age=9'],
          ['date', date],
        ],
      }),
    );
    await reply;

    await clock.advance(8999);
    void ask('/a');
    expect(flown()).toHaveLength(2);
    await clock.advance(1);
    void ask('/a');

    expect(flights[2]?.call.headers).toEqual([['if-none-match', '"a"']]);
  });

  it('is as fresh again after a 304 without a date, which came when it came', async () => {
    const { ask, clock, fill, flights, flown } = aCache();
    await fill('/a', { ...etag, 'cache-control': 'max-age=10' });
    await clock.advance(10_000);
    const reply = ask('/a');
    // As the items of a batch are, which no HTTP server has put a date on.
    flights[1]?.land(aReply({ status: 304, headers: [] }));
    await reply;

    await clock.advance(9999);
    void ask('/a');

    expect(flown()).toHaveLength(2);
  });

  it('is replaced by another answer', async () => {
    const { ask, fill, flights, told } = aCache({ ttlMs: 0 });
    await fill('/a', etag);
    told();
    const reply = ask('/a');
    flights[1]?.land(found({ etag: '"b"', 'cache-control': 'max-age=9' }));

    expect(bodyOf(await reply)).toBe('body');
    await drained();
    expect(told()).toEqual(['miss /a', 'stored /a']);
    expect(bodyOf(await ask('/a'))).toBe('body');
    expect(flights).toHaveLength(2);
  });

  it('is asked for anew, without conditions, when a 304 speaks of something else', async () => {
    const { ask, fill, flights } = aCache({ ttlMs: 0 });
    await fill('/a', etag);
    const reply = ask('/a');
    flights[1]?.land(aReply({ status: 304, headers: [['etag', '"z"']], body: null }));
    await drained();

    expect(flights[2]?.call.headers).toEqual([]);
    flights[2]?.land(found({}, { body: bytesOf('new') }));

    expect(bodyOf(await reply)).toBe('new');
  });

  it('of many URLs is asked about in one turn', async () => {
    const { ask, clock, fill, flights } = aCache({ ttlMs: 1000 });
    const paths = Array.from({ length: 50 }, (_, n) => `/${String(n)}`);
    for (const path of paths) await fill(path, { etag: `"${path}"` });
    await clock.advance(1000);

    for (const path of paths) void ask(path);

    // Nothing has been awaited in between: they are in one window.
    expect(flights.slice(50).map(({ call }) => call.headers)).toEqual(
      paths.map((path) => [['if-none-match', `"${path}"`]]),
    );
  });

  it('without validators is asked for as if there were nothing', async () => {
    const { ask, fill, flights } = aCache({ ttlMs: 0 });
    await fill('/a');

    void ask('/a');

    expect(flights[1]?.call.headers).toEqual([]);
  });

  it('goes when its place is taken by what may not be kept', async () => {
    const { ask, fill, flights } = aCache({ ttlMs: 0 });
    await fill('/a', etag);
    await fill('/a', { 'cache-control': 'no-store' });

    void ask('/a');

    expect(flights[2]?.call.headers).toEqual([]);
  });

  it('stays when its server fails', async () => {
    const { ask, fill, flights } = aCache({ ttlMs: 0 });
    await fill('/a', etag);
    const reply = ask('/a');
    flights[1]?.land(aReply({ status: 500 }));
    await reply;

    void ask('/a');

    expect(flights[2]?.call.headers).toEqual([['if-none-match', '"a"']]);
  });
});

describe('a HEAD', () => {
  it('that is answered by the server is not kept for GET', async () => {
    const { ask, fill, flown } = aCache();
    await fill('/a', {}, { method: 'HEAD' });

    void ask('/a');
    void ask('/a', { method: 'HEAD' });

    expect(flown()).toHaveLength(3);
  });

  it('that shows another entity tag makes the kept GET go', async () => {
    const { ask, fill, flights } = aCache({ ttlMs: 0 });
    await fill('/a', etag);
    await fill('/a', { etag: '"b"' }, { method: 'HEAD' });

    void ask('/a');

    expect(flights[2]?.call.headers).toEqual([]);
  });

  it('that agrees freshens the kept GET', async () => {
    const { ask, fill, flown } = aCache({ ttlMs: 0 });
    await fill('/a', etag);
    await fill('/a', { ...etag, 'cache-control': 'max-age=9' }, { method: 'HEAD' });

    const reply = await ask('/a');

    expect(bodyOf(reply)).toBe('/a');
    expect(flown()).toHaveLength(2);
  });
});

describe('what is on its way', () => {
  it.each(['invalidate', 'wrote'] as const)(
    'is not kept when it is made invalid: by `%s`',
    async (how) => {
      const { ask, flights, flown, invalidate, told, wrote } = aCache();
      const reply = ask('/a');
      if (how === 'invalidate') await invalidate({ match: '/a' });
      else void wrote(['https://app.test/a'], 'POST', 200, []);
      flights[0]?.land(found());

      expect(bodyOf(await reply)).toBe('body');
      await drained();
      expect(told()).not.toContain('stored /a');
      void ask('/a');
      expect(flown()).toHaveLength(2);
    },
  );

  it('is kept where something else is made invalid', async () => {
    const { ask, flights, flown, invalidate } = aCache();
    const reply = ask('/a');
    await invalidate({ match: '/b' });
    flights[0]?.land(found());
    await reply;
    await drained();

    await ask('/a');

    expect(flown()).toHaveLength(1);
  });

  it('is not kept when it is confirmed after that, either', async () => {
    const { ask, fill, flights, invalidate } = aCache({ ttlMs: 0 });
    await fill('/a', etag);
    const reply = ask('/a');
    await invalidate({ all: true });
    flights[1]?.land(aReply({ status: 304 }));

    expect(bodyOf(await reply)).toBe('/a');
    void ask('/a');
    expect(flights[2]?.call.headers).toEqual([]);
  });

  it('is not kept when its user goes', async () => {
    const { ask, flights, setIdentity, told } = aCache();
    setIdentity('ann');
    const reply = ask('/a');
    setIdentity('bob');
    flights[0]?.land(found());

    expect(bodyOf(await reply)).toBe('body');
    await drained();
    expect(told()).toEqual(['miss /a']);
    setIdentity('ann');
    void ask('/a');
    expect(flights).toHaveLength(2);
  });

  it('fails as it failed, where nothing is kept', async () => {
    const { ask, flights } = aCache({ sieMs: 1e9 });
    const failure = failureOf(ask('/a'));
    const error = new TypeError('lost');

    flights[0]?.fail(error);

    expect(await failure).toBe(error);
  });
});
