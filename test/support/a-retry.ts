import { BatchError, type BatchErrorCode } from '../../src/core/errors.ts';
import type { RetryEvent } from '../../src/core/events.ts';
import { resolveRetryOptions, type RetryOptions } from '../../src/core/retry-options.ts';
import type { Layer, Reply } from '../../src/core/types.ts';
import { createRetry } from '../../src/layers/retry.ts';
import { onTop, type LayerBench } from './a-layer.ts';
import { aReply } from './calls.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';

export interface RetryBench extends LayerBench {
  readonly layer: Layer;
  readonly clock: FakeClock;
  readonly events: RetryEvent[];
  readonly end: () => void;
  /** Says what the next `random()` is; 1 without it, for the longest wait there is. */
  readonly roll: (value: number) => void;
  readonly goOffline: () => void;
  /** Answers the newest flights, one for each status given. */
  readonly answer: (...statuses: number[]) => Promise<void>;
  /** Paths of the flights that have begun since the last time. */
  readonly begun: () => string[];
}

interface RetryBenchParts {
  readonly timeoutMs?: number | false;
  readonly clock?: FakeClock;
}

/** The moment at which the bench's clocks start, by the wall clock. */
export const start: number = Date.UTC(2026, 0, 15, 12);

export const failureBy = (code: BatchErrorCode, status?: number): BatchError =>
  new BatchError(code, `failed: ${code}`, { status });

export const refusal = (status: number, retryAfter?: string): Reply =>
  aReply({ status, headers: retryAfter === undefined ? [] : [['retry-after', retryAfter]] });

/** The retry layer, on clocks that stand still until the test moves them. */
export function aRetry(
  options: RetryOptions = {},
  { timeoutMs = 30_000, clock = fakeClock() }: RetryBenchParts = {},
): RetryBench {
  const events: RetryEvent[] = [];
  const rolls: number[] = [];
  let isOnline = true;
  let keys = 0;
  let told = 0;
  const { layer, end } = createRetry({
    options: resolveRetryOptions(options),
    timeoutMs,
    clock,
    wallNow: () => start + clock.now(),
    random: () => rolls.shift() ?? 1,
    newKey: () => `key-${String(++keys)}`,
    isOnline: () => isOnline,
    tell: (event) => events.push(event),
  });
  const bench = onTop(layer);
  return {
    ...bench,
    layer,
    clock,
    events,
    end,
    roll: (value) => rolls.push(value),
    goOffline: () => {
      isOnline = false;
    },
    answer: async (...statuses) => {
      const latest = bench.flights.slice(-statuses.length);
      for (const [n, status] of statuses.entries()) latest[n]?.land(refusal(status));
      await clock.endTask();
    },
    begun: () => {
      const flights = bench.flights.slice(told);
      told = bench.flights.length;
      return flights.map(({ call }) => new URL(call.url).pathname);
    },
  };
}
