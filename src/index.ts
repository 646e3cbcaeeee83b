export { createCarpool, type Carpool } from './carpool.ts';
export { BatchError, type BatchErrorCode } from './core/errors.ts';
export type { Duration } from './core/durations.ts';
export type { BatchEvent, CallEvent, CarpoolEvents, FallbackEvent } from './core/events.ts';
export type { CallHints, CarpoolOptions, CarpoolRequestInit } from './core/options.ts';
export type { Match, Rule } from './core/rules.ts';
export type { Priority } from './core/types.ts';
export type { CarpoolFetch } from './edge/fetch.ts';
export type { CarpoolStats } from './observe/statistics.ts';
