export { createCarpool, type Carpool } from './carpool.ts';
export { BatchError, type BatchErrorCode } from './core/errors.ts';
export type { Duration } from './core/durations.ts';
export type { CacheOptions, Ttl } from './core/cache-options.ts';
export type {
  BatchEvent,
  CacheEvent,
  CallEvent,
  CarpoolEvents,
  FallbackEvent,
  Level,
  RetryEvent,
} from './core/events.ts';
export type { Invalidation } from './core/filter.ts';
export type { Match } from './core/match.ts';
export type { CallHints, CarpoolOptions, CarpoolRequestInit } from './core/options.ts';
export type { Attempt, RetryOptions } from './core/retry-options.ts';
export type { Rule } from './core/rules.ts';
export type { Priority } from './core/types.ts';
export type { CarpoolFetch } from './edge/fetch.ts';
export type { CacheStats, CarpoolStats } from './observe/statistics.ts';
