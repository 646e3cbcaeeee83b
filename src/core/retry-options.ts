import { flag, invalid, list, orFalse, section, strings } from './checks.ts';
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

function atLeastZero(value: number, name: string): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw invalid(`${name} must be a number >= 0`, value, RangeError);
}

function resolveBudget(given: Exclude<NonNullable<RetryOptions['budget']>, false>): ResolvedBudget {
  const {
    ratio = 0.2,
    floor = 60,
    window = '1m',
  } = section(given, 'retry.budget', 'ratio, floor, window', orFalse);
  return {
    ratio: atLeastZero(ratio, 'retry.budget.ratio'),
    floor: atLeastZero(floor, 'retry.budget.floor'),
    windowMs: parseDuration(window, 'retry.budget.window'),
  };
}

/** Fills in defaults and checks each value. @throws TypeError or RangeError with the value received. */
export function resolveRetryOptions(given: RetryOptions): ResolvedRetryOptions {
  const {
    limit = 2,
    methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    statuses = [408, 413, 429, 500, 502, 503, 504],
    delay = 300,
    maxDelay = '30s',
    attemptTimeout = false,
    shouldRetry = () => undefined,
    budget = {},
    idempotencyKey = false,
  } = section(
    given,
    'retry',
    'limit, methods, statuses, delay, maxDelay, attemptTimeout, shouldRetry, budget, idempotencyKey',
    orFalse,
  );
  if (!(Number.isInteger(limit) && limit >= 0)) {
    throw invalid('retry.limit must be an integer >= 0', limit, RangeError);
  }
  for (const status of list(statuses, 'retry.statuses')) {
    if (Number.isInteger(status) && status >= 400 && status <= 599 && !/^40[13]$/.test(`${status}`))
      continue;
    throw invalid(
      'retry.statuses must be from 400 to 599 and not 401 or 403, which are answers',
      status,
      RangeError,
    );
  }
  if (typeof shouldRetry !== 'function') {
    throw invalid('retry.shouldRetry must be a function', shouldRetry);
  }
  return {
    limit,
    methods: strings(methods, 'retry.methods').map((method) => method.toUpperCase()),
    statuses,
    delayMs: parseDuration(delay, 'retry.delay'),
    maxDelayMs: parseDuration(maxDelay, 'retry.maxDelay'),
    attemptTimeoutMs: parseLimit(attemptTimeout, 'retry.attemptTimeout'),
    shouldRetry,
    budget: budget === false ? false : resolveBudget(budget),
    idempotencyKey: flag(idempotencyKey, 'retry.idempotencyKey'),
  };
}
