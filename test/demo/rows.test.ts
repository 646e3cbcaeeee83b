import { describe, expect, it } from 'vitest';
import { toRows } from '../../demo/compare/rows.ts';
import type { Measurement } from '../../demo/compare/rows.ts';
import { formatTable } from '../../demo/compare/table.ts';

const aMeasurement = (overrides: Partial<Measurement> = {}): Measurement => ({
  contender: 'sequential',
  requests: 20,
  totalMs: 3000,
  deduplicated: 0,
  cacheHits: 0,
  roundTrips: 20,
  bytesUp: 4000,
  bytesDown: 30_000,
  ...overrides,
});

describe('toRows', () => {
  it('works out averages, rates and the improvement on the sequential total', () => {
    const rows = toRows([
      aMeasurement(),
      aMeasurement({ contender: 'carpool', totalMs: 180, deduplicated: 6, roundTrips: 1 }),
    ]);

    expect(rows[1]).toEqual({
      contender: 'carpool',
      totalMs: 180,
      averageMs: 9,
      requestsPerSecond: 111.1,
      deduplicationRate: 0.3,
      cacheHitRate: 0,
      roundTrips: 1,
      bytesUp: 4000,
      bytesDown: 30_000,
      improvement: 94,
    });
  });

  it('the sequential contender is no improvement on itself', () => {
    expect(toRows([aMeasurement()])[0]?.improvement).toBe(0);
  });

  it('a slower contender has a negative improvement', () => {
    const rows = toRows([aMeasurement(), aMeasurement({ contender: 'parallel', totalMs: 3300 })]);

    expect(rows[1]?.improvement).toBe(-10);
  });

  it('refuses to compare without a sequential measurement', () => {
    expect(() => toRows([aMeasurement({ contender: 'carpool' })])).toThrow(RangeError);
  });
});

describe('formatTable', () => {
  it('lines up names to the left and figures to the right', () => {
    const rows = toRows([
      aMeasurement(),
      aMeasurement({ contender: 'carpool', totalMs: 180, deduplicated: 6, roundTrips: 1 }),
    ]);

    const lines = formatTable(rows).split('\n');

    expect(lines).toHaveLength(4);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[2]).toMatch(/^sequential {2,}3,000 ms .* 20 .* –$/);
    expect(lines[3]).toMatch(/^carpool {2,}180 ms .* 30 % .* 94\.0 %$/);
  });
});
