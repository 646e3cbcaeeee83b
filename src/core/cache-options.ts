import { parseDuration, type Duration } from './durations.ts';
import { flag, must, orFalse, positiveInteger, section, type Check } from './checks.ts';
import { readOptions } from './read-options.ts';

/** A duration, or the name of one in `cache.ttls`; false: only what the server says counts. */
export type Ttl = Duration | false | (string & {});

/** The cache: memory over IndexedDB, by the rules of RFC 9111 for a private cache. */
export interface CacheOptions {
  /**
   * How long a response is fresh where neither its server nor its rule says so; false: such a response
   * isn't kept.
   *
   * @default '2m'
   */
  readonly ttl?: Ttl | undefined;
  /** Durations by name, for use as a `ttl`. @default {} */
  readonly ttls?: Readonly<Record<string, Duration>> | undefined;
  /** The most responses, in memory and on disk each; the least recently used go first. @default 2000 */
  readonly maxEntries?: number | undefined;
  /** The most bytes, in memory and on disk each. @default 33554432 */
  readonly maxBytes?: number | undefined;
  /** Keep responses in IndexedDB too. @default true */
  readonly persist?: boolean | undefined;
  /** Clients with the same name and endpoint share what is stored. @default 'carpool' */
  readonly name?: string | undefined;
  /**
   * How long past its freshness a response may be served while it is refreshed in the background,
   * where the server says nothing (RFC 5861, 3).
   *
   * @default 0
   */
  readonly staleWhileRevalidate?: Duration | undefined;
  /**
   * How long past its freshness a response may stand in for one that fails, where the server says
   * nothing (RFC 5861, 4).
   *
   * @default '1d'
   */
  readonly staleIfError?: Duration | undefined;
}

/** Reads a `ttl`. @throws TypeError naming what it is for and the value received. */
export type ParseTtl = (ttl: Ttl, name: string) => number | false;

export interface ResolvedCacheOptions {
  readonly ttlMs: number | false;
  readonly parseTtl: ParseTtl;
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly persist: boolean;
  readonly name: string;
  readonly swrMs: number;
  readonly sieMs: number;
}

function toNamed(
  ttls: Readonly<Record<string, Duration>>,
  name: string,
): ReadonlyMap<string, number> {
  const entries = Object.entries(section(ttls, name));
  return new Map(entries.map(([key, value]) => [key, parseDuration(value, `${name}.${key}`)]));
}

const someText: Check<string> = /* @__PURE__ */ must(
  'a non-empty string',
  (value) => typeof value === 'string' && value !== '',
);

/** Fills in defaults and checks each value. @throws TypeError or RangeError with the value received. */
export function resolveCacheOptions(given: CacheOptions): ResolvedCacheOptions {
  const { ttl, ttls, staleWhileRevalidate, staleIfError, ...rest } = readOptions(
    given,
    'cache',
    orFalse,
    {
      ttl: ['2m', (value) => value],
      ttls: [{}, toNamed],
      maxEntries: [2000, positiveInteger],
      maxBytes: [33_554_432, positiveInteger],
      persist: [true, flag],
      name: ['carpool', someText],
      staleWhileRevalidate: [0, parseDuration],
      staleIfError: ['1d', parseDuration],
    },
  );
  const parseTtl: ParseTtl = (value, what) =>
    value === false
      ? false
      : (ttls.get(String(value)) ??
        parseDuration(value as Duration, what, ', or a name in `cache.ttls`, or false'));
  return {
    ...rest,
    parseTtl,
    ttlMs: parseTtl(ttl, 'cache.ttl'),
    swrMs: staleWhileRevalidate,
    sieMs: staleIfError,
  };
}
