import { callable, flag, list, must, orFalse, strings, type Check } from './checks.ts';
import { readOptions } from './read-options.ts';
import { parseDuration, parseLimit, type Duration } from './durations.ts';

/** What became of one attempt. */
export interface Attempt {
  readonly method: string;
  readonly url: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** The status it was answered with; undefined where it failed. */
  readonly status?: number | undefined;
  /** What it failed with; undefined where it was answered. */
  readonly error?: unknown;
}

/** Retry: of the calls that failed only, which go back into the window together. */
export interface RetryOptions {
  /** Attempts beyond the first. @default 2 */
  readonly limit?: number | undefined;
  /** Unsafe ones only if the call has an `Idempotency-Key`. @default GET, HEAD, POST, PUT, PATCH, DELETE */
  readonly methods?: readonly string[] | undefined;
  /** 413 only with `Retry-After`; 401 and 403 can't be among them. @default 408, 413, 429, 500, 502, 503, 504 */
  readonly statuses?: readonly number[] | undefined;
  /** Backoff before retry n, from 0: anything up to `delay` · 2ⁿ (full jitter). @default 300 */
  readonly delay?: Duration | undefined;
  /** …and at most this. A `Retry-After` is obeyed whatever its length. @default '30s' */
  readonly maxDelay?: Duration | undefined;
  /** How long one attempt may take; false for no limit but the call's `timeout`. @default false */
  readonly attemptTimeout?: Duration | false | undefined;
  /** Overrules what the other options say of a failed attempt; undefined leaves it to them. */
  readonly shouldRetry?: ((attempt: Attempt) => boolean | undefined) | undefined;
  /** Retries are at most `ratio` of the calls within `window`, or `floor` if that is more; false for no bound. */
  readonly budget?:
    | {
        /** @default 0.2 */
        readonly ratio?: number | undefined;
        /** @default 60 */
        readonly floor?: number | undefined;
        /** @default '1m' */
        readonly window?: Duration | undefined;
      }
    | false
    | undefined;
  /** Give unsafe calls an `Idempotency-Key`, so that they can be retried. @default false */
  readonly idempotencyKey?: boolean | undefined;
}

export interface ResolvedBudget {
  readonly ratio: number;
  readonly floor: number;
  readonly windowMs: number;
}

export interface ResolvedRetryOptions {
  readonly limit: number;
  readonly methods: readonly string[];
  readonly statuses: readonly number[];
  readonly delayMs: number;
  readonly maxDelayMs: number;
  readonly attemptTimeoutMs: number | false;
  readonly shouldRetry: (attempt: Attempt) => boolean | undefined;
  readonly budget: ResolvedBudget | false;
  readonly idempotencyKey: boolean;
}

const atLeastZero: Check<number> = /* @__PURE__ */ must(
  'a number >= 0',
  (value) => typeof value === 'number' && value >= 0,
  RangeError,
);

const wholeAtLeastZero: Check<number> = /* @__PURE__ */ must(
  'an integer >= 0',
  (value) => Number.isInteger(value) && value >= 0,
  RangeError,
);

const failure: Check<number> = /* @__PURE__ */ must(
  'from 400 to 599 and not 401 or 403, which are answers',
  (value) =>
    Number.isInteger(value) && value >= 400 && value <= 599 && !/^40[13]$/.test(`${value}`),
  RangeError,
);

function toBudget(
  given: Exclude<RetryOptions['budget'], undefined>,
  name: string,
): ResolvedBudget | false {
  if (given === false) return false;
  const { ratio, floor, window } = readOptions(given, name, orFalse, {
    ratio: [0.2, atLeastZero],
    floor: [60, atLeastZero],
    window: ['1m', parseDuration],
  });
  return { ratio, floor, windowMs: window };
}

/** Fills in defaults and checks each value. @throws TypeError or RangeError with the value received. */
export function resolveRetryOptions(given: RetryOptions): ResolvedRetryOptions {
  const { delay, maxDelay, attemptTimeout, ...rest } = readOptions(given, 'retry', orFalse, {
    limit: [2, wholeAtLeastZero],
    methods: [
      ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      (value, name) => strings(value, name).map((method) => method.toUpperCase()),
    ],
    statuses: [
      [408, 413, 429, 500, 502, 503, 504],
      (value, name) => list(value, name).map((status) => failure(status, name)),
    ],
    delay: [300, parseDuration],
    maxDelay: ['30s', parseDuration],
    attemptTimeout: [false, parseLimit],
    shouldRetry: [() => undefined, callable],
    budget: [{}, toBudget],
    idempotencyKey: [false, flag],
  });
  return { ...rest, delayMs: delay, maxDelayMs: maxDelay, attemptTimeoutMs: attemptTimeout };
}
