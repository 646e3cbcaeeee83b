import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../src/http/retry-after.ts';

const now = Date.UTC(2026, 0, 15, 12);

describe('`Retry-After`', () => {
  it.each<[string | undefined, number | undefined]>([
    ['0', 0],
    ['120', 120_000],
    ['Thu, 15 Jan 2026 12:00:05 GMT', 5000],
    ['Thursday, 15-Jan-26 12:00:05 GMT', 5000],
    ['Thu Jan 15 12:00:05 2026', 5000],
    ['Thu, 15 Jan 2026 12:00:00 GMT', 0],
    ['Thu, 15 Jan 2026 11:59:00 GMT', 0],
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['2026-01-15T12:00:05Z', undefined],
  ])('%j is %s ms from now', (value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected);
  });
});
