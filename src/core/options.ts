import {
  resolveCacheOptions,
  type CacheOptions,
  type ParseTtl,
  type ResolvedCacheOptions,
  type Ttl,
} from './cache-options.ts';
import {
  callable,
  flag,
  invalid,
  list,
  must,
  orLeftOut,
  positiveInteger,
  type Check,
} from './checks.ts';
import { parseDuration, parseLimit, type Duration } from './durations.ts';
import { toFilter } from './filter.ts';
import { readOptions } from './read-options.ts';
import {
  resolveRetryOptions,
  type ResolvedRetryOptions,
  type RetryOptions,
} from './retry-options.ts';
import { createRules, type FindRule, type Rule } from './rules.ts';
import type { Priority } from './types.ts';

/** What `createCarpool` takes; every member has a default. */
export interface CarpoolOptions {
  /** Where batches go: a path on the page's origin, or an absolute URL. @default '/batch' */
  readonly endpoint?: string | undefined;
  /**
   * Other origins whose calls ride too, each to this same endpoint path on that origin, such as
   * `'https://api.example.com'`. Their servers must allow the page's origin (CORS).
   *
   * @default []
   */
  readonly origins?: readonly string[] | undefined;
  /**
   * How long calls are gathered:
   *
   * - `'microtask'`: what one task, and the microtasks after it, ask for.
   * - a duration: from the first call on.
   * - `'auto'`: an idle client sends at once; a busy one gathers briefly, unless that has proved to be slower.
   *
   * @default 'microtask'
   */
  readonly window?: 'microtask' | 'auto' | Duration | undefined;
  /** The most calls in one batch. @default 50 */
  readonly maxItems?: number | undefined;
  /** The most bytes in one batch's request body. @default 262144 */
  readonly maxBytes?: number | undefined;
  /** A call with a larger body, in bytes, goes to native `fetch`. @default 65536 */
  readonly maxBodyBytes?: number | undefined;
  /** The most batches open at once. @default 4 */
  readonly maxInFlight?: number | undefined;
  /** Send a lone call as a batch of one instead of as a native `fetch`. @default false */
  readonly batchSingle?: boolean | undefined;
  /** Let identical GET and HEAD calls share one flight. @default true */
  readonly dedupe?: boolean | undefined;
  /** Priority and routing by URL; the first match wins. @default [] */
  readonly rules?: readonly Rule[] | undefined;
  /** The cache over IndexedDB; off unless given. @default false */
  readonly cache?: CacheOptions | false | undefined;
  /**
   * Whose data this is: what partitions the cache, and what a response must belong to to be kept on
   * disk. Asked at every call; null or an empty string for nobody. @default () => null
   */
  readonly identity?: (() => string | number | null | undefined) | undefined;
  /** Retry of failed calls; off unless given, so that it doesn't multiply with yours. @default false */
  readonly retry?: RetryOptions | false | undefined;
  /** How long a riding call may take until its response, over all attempts; false for no limit. @default 30000 */
  readonly timeout?: Duration | false | undefined;
  /**
   * How long a streamed answer may be silent before it counts as cut; servers of this protocol send a
   * heartbeat every 15 s. False for no limit. @default '30s'
   */
  readonly idleTimeout?: Duration | false | undefined;
  /** The share of sessions that batch at all, 0 to 1. @default 1 */
  readonly rollout?: number | undefined;
}

/** A call's own hints, given as `init.carpool`; they win over every rule. */
export interface CallHints {
  readonly priority?: Priority | undefined;
  /** False sends this call past batching. */
  readonly batch?: boolean | undefined;
  /** False gives this call a flight of its own. */
  readonly dedupe?: boolean | undefined;
  /** False keeps the cache out of it. */
  readonly cache?: boolean | undefined;
  /** How long the response is fresh if its server doesn't say. */
  readonly ttl?: Ttl | undefined;
  /** What `invalidate({ tags })` finds the response by, besides its rule's and its server's. */
  readonly tags?: readonly string[] | undefined;
}

/** `RequestInit` with Carpool's hints. */
export interface CarpoolRequestInit extends RequestInit {
  readonly carpool?: CallHints | undefined;
}

/** Options with every default filled in; durations in milliseconds. */
export interface ResolvedOptions {
  readonly endpoint: string;
  readonly origins: readonly string[];
  readonly window: 'microtask' | 'auto' | number;
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly maxBodyBytes: number;
  readonly maxInFlight: number;
  readonly batchSingle: boolean;
  readonly dedupe: boolean;
  readonly findRule: FindRule;
  readonly cache: ResolvedCacheOptions | false;
  readonly parseTtl: ParseTtl;
  readonly identity: () => string | number | null | undefined;
  readonly retry: ResolvedRetryOptions | false;
  readonly timeoutMs: number | false;
  readonly idleTimeoutMs: number | false;
  readonly rollout: number;
}

const endpointUrl: Check<string> = /* @__PURE__ */ must(
  "a URL or a path such as '/batch'",
  (value) => {
    // On whatever page: one that is no URL, or of another scheme, would silently never be used.
    const base = 'https://page';
    const isUrl = typeof value === 'string' && value !== '' && URL.canParse(value, base);
    return isUrl && /^https?:/.test(new URL(value, base).href);
  },
);

function toOrigin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url && url.origin !== 'null') return url.origin;
  throw invalid("origins must be absolute, such as 'https://api.example.com'", value);
}

const share: Check<number> = /* @__PURE__ */ must(
  'a share from 0 to 1',
  (value) => typeof value === 'number' && value >= 0 && value <= 1,
  RangeError,
);

/**
 * Fills in defaults and checks each value.
 *
 * @throws TypeError or RangeError naming the option and the value received.
 */
export function resolveOptions(given: CarpoolOptions = {}): ResolvedOptions {
  const { cache, rules, timeout, idleTimeout, ...rest } = readOptions(given, '', orLeftOut, {
    endpoint: ['/batch', endpointUrl],
    origins: [[], (value, name) => list(value, name).map(toOrigin)],
    window: [
      'microtask',
      (value, name) =>
        value === 'microtask' || value === 'auto'
          ? value
          : parseDuration(value, name, ", or 'microtask' or 'auto'"),
    ],
    maxItems: [50, positiveInteger],
    maxBytes: [262_144, positiveInteger],
    maxBodyBytes: [65_536, positiveInteger],
    maxInFlight: [4, positiveInteger],
    batchSingle: [false, flag],
    dedupe: [true, flag],
    rules: [[], list<Rule>],
    cache: [false, (value) => value],
    identity: [() => null, callable],
    retry: [false, (value) => value !== false && resolveRetryOptions(value)],
    timeout: [30_000, parseLimit],
    idleTimeout: ['30s', parseLimit],
    rollout: [1, share],
  });
  // Without a cache its names are still read, so that one table of rules serves both.
  const cacheOptions = resolveCacheOptions(cache === false ? {} : cache);
  const findRule = createRules(rules, cacheOptions.parseTtl);
  for (const { invalidates = [] } of rules)
    for (const what of invalidates) toFilter(what, 'https://page');
  return {
    ...rest,
    findRule,
    cache: cache && cacheOptions,
    parseTtl: cacheOptions.parseTtl,
    timeoutMs: timeout,
    idleTimeoutMs: idleTimeout,
  };
}
