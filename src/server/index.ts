export { createBatchHandler } from './handler.ts';
export type { BatchHandlerOptions, BatchStats } from './options.ts';
export type {
  BatchRefusedEvent,
  BatchServerEvent,
  CookiesDroppedEvent,
  ItemErrorEvent,
  ItemTimeoutEvent,
} from './events.ts';
export type { Duration } from '../core/durations.ts';
export type { Priority } from '../core/types.ts';
