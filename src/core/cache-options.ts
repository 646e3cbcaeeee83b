import { parseDuration, type Duration } from './durations.ts';
import { flag, invalid, orFalse, positiveInteger, section } from './checks.ts';

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

/** Fills in defaults and checks each value. @throws TypeError or RangeError with the value received. */
export function resolveCacheOptions(given: CacheOptions): ResolvedCacheOptions {
  const {
    ttl = '2m',
    ttls = {},
    maxEntries = 2000,
    maxBytes = 33_554_432,
    persist = true,
    name = 'carpool',
    staleWhileRevalidate = 0,
    staleIfError = '1d',
  } = section(
    given,
    'cache',
    'ttl, ttls, maxEntries, maxBytes, persist, name, staleWhileRevalidate, staleIfError',
    orFalse,
  );
  const named = new Map(
    Object.entries(section(ttls, 'cache.ttls')).map(([key, value]) => [
      key,
      parseDuration(value, `cache.ttls.${key}`),
    ]),
  );
  const parseTtl: ParseTtl = (value, what) =>
    value === false
      ? false
      : (named.get(String(value)) ??
        parseDuration(value as Duration, what, ', or a name in `cache.ttls`, or false'));
  if (typeof name !== 'string' || name === '') {
    throw invalid('cache.name must be a non-empty string', name);
  }
  return {
    ttlMs: parseTtl(ttl, 'cache.ttl'),
    parseTtl,
    maxEntries: positiveInteger(maxEntries, 'cache.maxEntries'),
    maxBytes: positiveInteger(maxBytes, 'cache.maxBytes'),
    persist: flag(persist, 'cache.persist'),
    name,
    swrMs: parseDuration(staleWhileRevalidate, 'cache.staleWhileRevalidate'),
    sieMs: parseDuration(staleIfError, 'cache.staleIfError'),
  };
}
