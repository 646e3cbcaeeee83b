import { describe, expect, test } from 'vitest';
import { formatRatio, summarize, summarizeRatio } from '../../bench/harness/statistics.ts';

describe('summarize', () => {
  test('an odd number of samples has its middle one as the median', () => {
    expect(summarize([9, 1, 4])).toEqual({ n: 3, median: 4, min: 1, max: 9 });
  });

  test('an even number has the mean of the middle two', () => {
    expect(summarize([1, 10, 4, 2])).toEqual({ n: 4, median: 3, min: 1, max: 10 });
  });

  test('sorts by size, not by spelling', () => {
    expect(summarize([100, 20, 3]).median).toBe(20);
  });

  test('there is nothing to say of no samples', () => {
    expect(() => summarize([])).toThrow(RangeError);
  });
});

describe('summarizeRatio', () => {
  test('is taken round by round', () => {
    expect(summarizeRatio([10, 40, 90], [10, 20, 30])).toEqual({ n: 3, median: 2, min: 1, max: 3 });
  });

  test('series of different lengths have no rounds in common', () => {
    expect(() => summarizeRatio([1, 2], [1])).toThrow("2 samples can't be paired with 1");
  });
});

test.each([
  [1.0449, '1.04'],
  [0.0131, '0.013'],
  [250.4, '250'],
])('the ratio %d is written as %s', (ratio, text) => {
  expect(formatRatio(ratio)).toBe(text);
});
