import * as fc from 'fast-check';
import CachePolicy from 'http-cache-semantics';
import { describe, expect, it } from 'vitest';
import { directivesOf } from '../../src/http/directives.ts';
import { toTerms } from '../../src/http/keeping.ts';
import { ageAt, mayStandIn, usesOf, type Kept } from '../../src/http/reusing.ts';

/**
 * Another implementation of the same rules, `http-cache-semantics` as a private cache, must come to the same
 * decisions: whether a response is kept, how long it is fresh, how old it is, and how it may be used.
 *
 * What is left out, since one of the two deviates from RFC 9111 there (R), or both choose what it leaves
 * open (C):
 *
 * - R Directives not in lower case, repeated, with spaces about their `=` or commas in their quotes: theirs
 *   compares case, takes the last and splits at every comma.
 * - R Values that are no delta-seconds, such as `60x` or `-1`: theirs reads as much of them as is a number.
 * - R Delta-seconds from 2^31 on: theirs has no bound (1.2.2).
 * - R Dates that aren't IMF-fixdates: theirs takes whatever `Date.parse` takes, in local time.
 * - R An `Age` less than what `Date` shows, and the time a response was on its way: theirs goes by `Age` alone
 *   (4.2.3). So here a `Date` is never further back than `Age` says, and a response takes no time.
 * - R `must-revalidate` on a fresh response: theirs never uses it unasked (5.2.2.2: only once it is stale).
 *   Nor does theirs mind it when an error is to be stood in for. So it has no part in reuse here.
 * - R `no-cache` beside a window or `max-stale`: theirs uses it unasked in them (5.2.2.4).
 * - R `max-stale` by exactly as much as a response is stale: theirs doesn't take it (5.2.1.2: “by no more than”).
 * - R `must-understand`: theirs doesn't know it.
 * - C Responses without `max-age` and `Expires`: we have a `ttl`, theirs a tenth of the time since
 *   `Last-Modified`, or nothing.
 * - C Statuses that theirs doesn't know, such as 201, 403 or 503: we keep any that is final and has a time.
 * - C `immutable` beside `Expires`: theirs takes it to mean a day at least.
 * - C `Pragma` in responses, which theirs takes for `no-cache`.
 * - C `Vary: *`: theirs keeps what it never uses. `Vary: Cookie`: a page can't see it, so we always ask.
 */
const start = Date.UTC(2026, 0, 15, 12);
const dateAt = (seconds: number): string => new Date(start + seconds * 1000).toUTCString();

/** Seconds, most of them so few that they meet. */
const seconds = fc.oneof(
  fc.nat(9),
  fc.nat(20),
  fc.nat(1000),
  fc.integer({ min: 0, max: 2 ** 31 - 1 }),
);

const statuses = [200, 203, 204, 206, 300, 301, 302, 303, 304, 307, 308, 404, 405, 410, 414, 501];

/** How long after its arrival it is looked at, in ms: often to the second, where one thing turns into another. */
const elapsed = fc.oneof(
  fc.nat(40).map((n) => n * 1000),
  fc.nat(40).map((n) => n * 1000),
  fc.nat(2_000_000),
);

/** Directives that speak to others, or say what holds anyway. */
const noise = fc.subarray([
  'private',
  'public',
  'proxy-revalidate',
  's-maxage=5',
  'no-transform',
  'x-own=1',
  'x-quoted="a"',
]);

const response = fc
  .record({
    status: fc.constantFrom(...statuses),
    maxAge: fc.option(seconds),
    isQuoted: fc.boolean(),
    // By when its server's clock says so; no date at all.
    expires: fc.option(
      fc.oneof(
        fc.integer({ min: -20, max: 20 }),
        fc.integer({ min: -2000, max: 2000 }),
        fc.constant('never'),
      ),
    ),
    age: fc.option(seconds),
    // Of what `Age` allows, or how far ahead its server's clock is; no date at all.
    date: fc.option(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant('none'))),
    ahead: fc.nat(100),
    forbids: fc.constantFrom('', '', '', '', 'no-store', 'no-cache', 'must-revalidate'),
    swr: fc.option(seconds),
    sie: fc.option(seconds),
    noise,
    order: fc.infiniteStream(fc.nat(100)),
  })
  .filter(({ maxAge, expires }) => maxAge !== null || expires !== null)
  .map(({ status, maxAge, isQuoted, expires, age, date, ahead, forbids, swr, sie, ...rest }) => {
    const q = isQuoted ? '"' : '';
    const always = forbids === 'no-cache';
    const directives = [
      ...(maxAge === null ? [] : [`max-age=${q}${String(maxAge)}${q}`]),
      ...(forbids ? [forbids] : []),
      ...(swr === null || always ? [] : [`stale-while-revalidate=${String(swr)}`]),
      ...(sie === null ? [] : [`stale-if-error=${String(sie)}`]),
      ...rest.noise,
    ];
    const shuffled = directives
      .map((directive) => [rest.order.next().value, directive] as const)
      .sort(([a], [b]) => a - b)
      .map(([, directive]) => directive);
    const behind = typeof date === 'number' ? Math.floor(date * Math.min(age ?? 0, 1e6)) : 0;
    const headers: Record<string, string> = {
      ...(shuffled.length > 0 && { 'cache-control': shuffled.join(', ') }),
      ...(expires !== null && {
        expires: typeof expires === 'number' ? dateAt(expires) : expires,
      }),
      ...(age !== null && { age: String(age) }),
      ...(date !== null && {
        date: typeof date === 'number' ? dateAt(behind > 0 ? -behind : ahead) : date,
      }),
    };
    return { status, headers, always, isStrict: forbids === 'must-revalidate' };
  });

const request = fc
  .record({
    bare: fc.option(fc.constantFrom('no-cache', 'max-stale')),
    maxAge: fc.option(seconds),
    minFresh: fc.option(seconds),
    maxStale: fc.option(seconds),
  })
  .map(({ bare, maxAge, minFresh, maxStale }) => ({
    maxStale: bare === 'max-stale' ? null : maxStale,
    value: [
      ...(bare === null ? [] : [bare]),
      ...(maxAge === null ? [] : [`max-age=${String(maxAge)}`]),
      ...(minFresh === null ? [] : [`min-fresh=${String(minFresh)}`]),
      ...(maxStale === null || bare === 'max-stale' ? [] : [`max-stale=${String(maxStale)}`]),
    ].join(', '),
  }));

interface Given {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Both caches, after the response has come. */
function both({ status, headers }: Given) {
  let now = start;
  class Policy extends CachePolicy {
    override now(): number {
      return now;
    }
  }
  const asked = { method: 'GET', url: '/', headers: {} };
  const theirs = new Policy(asked, { status, headers }, { shared: false });
  const terms = toTerms(
    status,
    Object.entries(headers),
    { requestTime: start, responseTime: start },
    { ttlMs: false, swrMs: 0, sieMs: 0 },
  );
  const ours: Kept | null = terms && { ...terms, storedAt: start };
  return {
    theirs,
    ours,
    waitUntil: (ms: number): void => {
      now = ms;
    },
  };
}

const times = { numRuns: 1000 };

describe('as another implementation does', () => {
  it('a response is kept, or not', () => {
    fc.assert(
      fc.property(response, (given) => {
        const { theirs, ours } = both(given);

        expect(ours !== null).toBe(theirs.storable());
      }),
      times,
    );
  });

  it('a response is fresh that long, and has that age from then on', () => {
    fc.assert(
      fc.property(response, elapsed, (given, ms) => {
        const { theirs, ours, waitUntil } = both(given);
        fc.pre(ours !== null);

        waitUntil(start + ms);

        expect(ageAt(ours, start + ms) / 1000).toBeCloseTo(theirs.age(), 6);
        if (!given.always) expect(ours.freshMs / 1000).toBe(theirs.maxAge());
      }),
      times,
    );
  });

  it('a response is used as it is, while it is refreshed, or once it has been validated', () => {
    fc.assert(
      fc.property(response, request, elapsed, (given, asks, ms) => {
        fc.pre(!given.isStrict && !(given.always && /max-stale/.test(asks.value)));
        const { theirs, ours, waitUntil } = both(given);
        fc.pre(ours !== null);
        const headers: Record<string, string> = asks.value ? { 'cache-control': asks.value } : {};
        waitUntil(start + ms);
        const staleMs = ageAt(ours, start + ms) - ours.freshMs;
        fc.pre(asks.maxStale === null || staleMs !== asks.maxStale * 1000);

        const use = usesOf(ours, directivesOf(Object.entries(headers)), start + ms);
        const result = theirs.evaluateRequest({ method: 'GET', url: '/', headers });

        const expected = !result.response ? 'validate' : result.revalidation ? 'stale' : 'fresh';
        expect(use).toBe(expected);
        expect(result.revalidation?.synchronous ?? false).toBe(expected === 'validate');
      }),
      times,
    );
  });

  it('a response stands in for an error, or doesn’t', () => {
    fc.assert(
      fc.property(response, fc.constantFrom(500, 502, 503, 504), elapsed, (...all) => {
        const [given, status, ms] = all;
        fc.pre(!given.isStrict && !given.always);
        const { theirs, ours, waitUntil } = both(given);
        fc.pre(ours !== null);
        waitUntil(start + ms);

        const { policy } = theirs.revalidatedPolicy({ headers: {} }, { status, headers: {} });

        expect(mayStandIn(ours, new Map(), start + ms)).toBe(policy === theirs);
      }),
      times,
    );
  });
});
