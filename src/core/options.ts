import { parseDuration, type Duration } from './durations.ts';
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
   * - `'auto'`: an idle client sends at once; a busy one gathers while a batch is under way.
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
  /** How long a riding call may take until its response; false for no limit. @default 30000 */
  readonly timeout?: Duration | false | undefined;
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
  readonly timeoutMs: number | false;
  readonly rollout: number;
}

function positiveInteger(value: number, name: string): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(`${name} must be an integer >= 1, got ${String(value)}`);
}

function list<T>(value: readonly T[], name: string): readonly T[] {
  if (Array.isArray(value)) return value;
  throw new TypeError(`${name} must be an array, got ${String(value)}`);
}

function flag(value: boolean, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`${name} must be true or false, got ${String(value)}`);
}

// On whatever page: an endpoint that is no URL, or of another scheme, would silently never be used.
const isEndpoint = (value: string): boolean =>
  typeof value === 'string' &&
  value !== '' &&
  URL.canParse(value, 'https://page') &&
  /^https?:/.test(new URL(value, 'https://page').href);

function toOrigin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url && url.origin !== 'null') return url.origin;
  throw new TypeError(
    `origins must be absolute, such as 'https://api.example.com', got ${String(value)}`,
  );
}

/**
 * Fills in defaults and checks each value.
 *
 * @throws TypeError or RangeError naming the option and the value received.
 */
export function resolveOptions({
  endpoint = '/batch',
  origins = [],
  window = 'microtask',
  maxItems = 50,
  maxBytes = 262_144,
  maxBodyBytes = 65_536,
  maxInFlight = 4,
  batchSingle = false,
  dedupe = true,
  rules = [],
  timeout = 30_000,
  rollout = 1,
}: CarpoolOptions = {}): ResolvedOptions {
  if (!isEndpoint(endpoint)) {
    throw new TypeError(
      `endpoint must be a URL or a path such as '/batch', got ${String(endpoint)}`,
    );
  }
  if (!(typeof rollout === 'number' && rollout >= 0 && rollout <= 1)) {
    throw new RangeError(`rollout must be a share from 0 to 1, got ${String(rollout)}`);
  }
  return {
    endpoint,
    origins: list(origins, 'origins').map(toOrigin),
    window: window === 'microtask' || window === 'auto' ? window : parseDuration(window, 'window'),
    maxItems: positiveInteger(maxItems, 'maxItems'),
    maxBytes: positiveInteger(maxBytes, 'maxBytes'),
    maxBodyBytes: positiveInteger(maxBodyBytes, 'maxBodyBytes'),
    maxInFlight: positiveInteger(maxInFlight, 'maxInFlight'),
    batchSingle: flag(batchSingle, 'batchSingle'),
    dedupe: flag(dedupe, 'dedupe'),
    findRule: createRules(list(rules, 'rules')),
    timeoutMs: timeout === false ? false : parseDuration(timeout, 'timeout'),
    rollout,
  };
}
