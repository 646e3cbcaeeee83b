import { describe, expect, it } from 'vitest';
import { toTerms, type Silent, type Terms } from '../../src/http/keeping.ts';

const at = Date.UTC(2026, 0, 15, 12);
const dateAt = (seconds: number): string => new Date(at + seconds * 1000).toUTCString();
const silent: Silent = { ttlMs: 120_000, swrMs: 5000, sieMs: 86_400_000 };

interface Given {
  readonly status?: number;
  readonly delayMs?: number;
  readonly silent?: Partial<Silent>;
}

/** The terms of a response that has just come. */
const terms = (
  headers: Readonly<Record<string, string>> = {},
  { status = 200, delayMs = 0, silent: own = {} }: Given = {},
): Terms | null =>
  toTerms(
    status,
    Object.entries(headers),
    { requestTime: at - delayMs, responseTime: at },
    { ...silent, ...own },
  );

const says = (value: string, given?: Given): Terms | null =>
  terms({ 'cache-control': value }, given);

describe('what its server says nothing of', () => {
  it.each([200, 203, 204, 300, 301, 308, 410])('is kept for the `ttl`: %i', (status) => {
    expect(terms({}, { status })).toEqual({
      ageMs: 0,
      freshMs: 120_000,
      swrMs: 5000,
      sieMs: 86_400_000,
      mayBeStale: true,
      always: false,
    });
  });

  it.each([
    201, 202, 205, 206, 302, 303, 304, 307, 400, 401, 403, 404, 405, 406, 408, 409, 414, 429, 500,
    501, 502, 503, 504, 599,
  ])('is not kept: %i', (status) => {
    expect(terms({}, { status })).toBeNull();
  });

  it('is not kept where the `ttl` is false', () => {
    expect(terms({}, { silent: { ttlMs: false } })).toBeNull();
    expect(terms({ etag: '"a"' }, { silent: { ttlMs: false } })).toBeNull();
  });

  it('is kept, and stale at once, where the `ttl` is 0', () => {
    expect(terms({}, { silent: { ttlMs: 0 } })).toMatchObject({ freshMs: 0 });
  });

  it.each(['public', 'private', 'must-revalidate', 's-maxage=5', 'immutable', 'proxy-revalidate'])(
    'has the `ttl`, whatever else it says: %s',
    (value) => {
      expect(says(value)).toMatchObject({ freshMs: 120_000 });
      expect(says(value, { status: 404 })).toBeNull();
    },
  );
});

describe('what its server gives a time', () => {
  it.each([200, 201, 302, 307, 400, 404, 405, 410, 414, 418, 429, 500, 501, 503, 599])(
    'is kept, whatever its final status: %i',
    (status) => {
      expect(says('max-age=60', { status })).toMatchObject({ freshMs: 60_000 });
      expect(terms({ expires: dateAt(60) }, { status })).toMatchObject({ freshMs: 60_000 });
    },
  );

  it.each([206, 304])('is not kept where it is part of something else: %i', (status) => {
    expect(says('max-age=60', { status })).toBeNull();
  });

  it.each<[Record<string, string>, number]>([
    [{ 'cache-control': 'max-age=0' }, 0],
    [{ 'cache-control': 'max-age="60"' }, 60_000],
    [{ 'cache-control': 's-maxage=5, max-age=60' }, 60_000],
    [{ 'cache-control': 'max-age=x' }, 0],
    [{ 'cache-control': 'max-age' }, 0],
    [{ 'cache-control': 'max-age=-5' }, 0],
    [{ 'cache-control': 'max-age=60', expires: dateAt(5) }, 60_000],
    [{ 'cache-control': 'max-age=0', expires: dateAt(5) }, 0],
    [{ expires: dateAt(60), date: dateAt(0) }, 60_000],
    [{ expires: dateAt(60), date: dateAt(20) }, 40_000],
    [{ expires: dateAt(60), date: dateAt(-20) }, 80_000],
    [{ expires: dateAt(60), date: 'today' }, 60_000],
    [{ expires: dateAt(-60) }, 0],
    [{ expires: '0' }, 0],
    [{ expires: '-1' }, 0],
    [{ expires: '' }, 0],
    [{ expires: '0', date: 'today' }, 0],
    [{ expires: `${dateAt(60)}, ${dateAt(60)}` }, 0],
  ])('is fresh that long: %j', (headers, freshMs) => {
    expect(terms(headers, { silent: { ttlMs: false } })).toMatchObject({ freshMs });
  });
});

describe('what its server forbids to keep', () => {
  it.each(['no-store', 'no-store, max-age=60', 'NO-STORE', 'private, no-store=1'])(
    'is not kept: %s',
    (value) => {
      expect(says(value)).toBeNull();
    },
  );

  it.each([
    [200, 'must-understand, no-store', true],
    [404, 'must-understand, no-store, max-age=60', true],
    [599, 'must-understand, no-store, max-age=60', false],
    [599, 'must-understand, max-age=60', false],
  ])(
    'is kept by who understands its status, if it says so: %i, %s: %s',
    (status, value, isKept) => {
      expect(says(value, { status }) !== null).toBe(isKept);
    },
  );

  it.each(['*', 'accept, *', ' * '])('is not kept: `Vary: %s`', (vary) => {
    expect(terms({ vary, 'cache-control': 'max-age=60' })).toBeNull();
  });
});

describe('what must be asked for each time', () => {
  it.each<Record<string, string>>([
    { 'cache-control': 'no-cache' },
    { 'cache-control': 'no-cache="set-cookie", max-age=60' },
    { vary: 'Cookie' },
    { vary: 'accept, cookie', 'cache-control': 'max-age=60' },
  ])('is kept, and never used unasked: %j', (headers) => {
    expect(terms(headers)).toMatchObject({ always: true, mayBeStale: false });
  });

  it('is kept without any `ttl`: its server has spoken', () => {
    expect(says('no-cache', { silent: { ttlMs: false } })).toMatchObject({ always: true });
    expect(says('no-cache', { status: 404, silent: { ttlMs: false } })).toBeNull();
  });
});

describe('what may not be used stale', () => {
  it('is what says `must-revalidate`', () => {
    expect(says('max-age=60, must-revalidate')).toMatchObject({
      mayBeStale: false,
      always: false,
      freshMs: 60_000,
    });
  });

  it.each(['proxy-revalidate', 'private', 's-maxage=1'])(
    'is not what speaks to shared caches: %s',
    (value) => {
      expect(says(`max-age=60, ${value}`)).toMatchObject({ mayBeStale: true });
    },
  );
});

describe('the windows past freshness', () => {
  it('are the server’s where it gives them, the options’ else', () => {
    expect(says('max-age=1, stale-while-revalidate=7')).toMatchObject({
      swrMs: 7000,
      sieMs: 86_400_000,
    });
    expect(says('max-age=1, stale-if-error=9')).toMatchObject({ swrMs: 5000, sieMs: 9000 });
    expect(says('stale-while-revalidate=0, stale-if-error=0')).toMatchObject({
      swrMs: 0,
      sieMs: 0,
    });
  });
});

describe('the age of what has just come', () => {
  it.each<[string, Record<string, string>, number, number]>([
    ['is 0', {}, 0, 0],
    ['is what `Age` says', { age: '7' }, 0, 7000],
    ['counts the time it was on its way', { age: '7' }, 2500, 9500],
    ['counts that without an `Age` too', {}, 2500, 2500],
    ['is since its `Date`, if that is longer ago', { age: '7', date: dateAt(-9) }, 500, 9000],
    ['is by its `Age`, if that is more', { age: '7', date: dateAt(-7) }, 500, 7500],
    ['is not less than 0 for a `Date` in the future', { date: dateAt(60) }, 0, 0],
    ['is not moved by a `Date` that is none', { date: 'today', age: '3' }, 0, 3000],
    ['is by the first of several values', { age: '5, 100' }, 0, 5000],
    ['is not moved by an `Age` that makes no sense', { age: '-7' }, 1000, 1000],
    ['is not moved by an `Age` with a fraction', { age: '7.5' }, 0, 0],
    ['has a bound', { age: '99999999999999' }, 0, 2_147_483_648_000],
  ])('%s: %s', (_, headers, delayMs, ageMs) => {
    expect(terms(headers, { delayMs })).toMatchObject({ ageMs });
  });

  it('is not negative where the clock was set back in between', () => {
    expect(terms({}, { delayMs: -5000 })).toMatchObject({ ageMs: 0 });
  });
});
