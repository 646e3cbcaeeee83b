import type { ContenderName } from './contenders.ts';

/** What was measured of one contender. */
export interface Measurement {
  readonly contender: ContenderName;
  readonly requests: number;
  readonly totalMs: number;
  readonly deduplicated: number;
  readonly cacheHits: number;
  readonly roundTrips: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

/** What is reported of it. Rates are shares from 0 to 1. */
export interface Row {
  readonly contender: ContenderName;
  readonly totalMs: number;
  readonly averageMs: number;
  readonly requestsPerSecond: number;
  readonly deduplicationRate: number;
  readonly cacheHitRate: number;
  readonly roundTrips: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Percent below the sequential total; negative when slower. */
  readonly improvement: number;
}

const round = (value: number, decimals: number): number => Number(value.toFixed(decimals));

/**
 * Works out the rows of a comparison.
 *
 * @throws RangeError if nothing was measured sequentially: there would be nothing to compare with
 */
export function toRows(measurements: readonly Measurement[]): Row[] {
  const baseline = measurements.find(({ contender }) => contender === 'sequential');
  if (!baseline) throw new RangeError('a comparison needs a sequential measurement');

  return measurements.map((measured) => ({
    contender: measured.contender,
    totalMs: round(measured.totalMs, 1),
    averageMs: round(measured.totalMs / measured.requests, 2),
    requestsPerSecond: round(measured.requests / (measured.totalMs / 1000), 1),
    deduplicationRate: round(measured.deduplicated / measured.requests, 4),
    cacheHitRate: round(measured.cacheHits / measured.requests, 4),
    roundTrips: measured.roundTrips,
    bytesUp: measured.bytesUp,
    bytesDown: measured.bytesDown,
    improvement: round((1 - measured.totalMs / baseline.totalMs) * 100, 1),
  }));
}
