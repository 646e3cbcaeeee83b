import { describe, expect, test } from 'vitest';
import { formatGrid, toGrid, type Grid } from '../../bench/harness/grid.ts';
import { formatVerdict, judge, judgeMedians } from '../../bench/harness/verdict.ts';

/** Medians by row, of one measure. */
const aGrid = (medians: Record<string, readonly number[]>): Grid =>
  toGrid({
    title: 'a grid',
    measures: [{ name: 'last', unit: 'ms' }],
    subjects: ['ours'],
    samples: new Map(
      Object.entries(medians).map(([name, samples]) => [name, new Map([['last', samples]])]),
    ),
  });

const grid = aGrid({ ours: [99, 100, 300], fast: [90, 95, 96], slow: [200] });
const comparison = { grid, measure: 'last', row: 'ours', others: ['fast', 'slow'] };

describe('judgeMedians', () => {
  test('holds up to the limit, against the best of the others', () => {
    const verdict = judgeMedians('a bar', { ...comparison, limit: 1.06 });

    expect(verdict).toEqual({
      bar: 'a bar',
      holds: true,
      medians: { ours: 100, theirs: 95, whose: 'fast' },
    });
  });

  test('is missed beyond it', () => {
    expect(judgeMedians('a bar', { ...comparison, limit: 1.05 }).holds).toBe(false);
  });

  test('who was not measured is no reason for a bar to hold', () => {
    expect(() => judgeMedians('a bar', { ...comparison, others: ['gone'], limit: 1 })).toThrow(
      'last of gone has not been measured',
    );
  });

  test('reads as a line that says by how much, and against whom', () => {
    const verdict = judgeMedians('a bar', { ...comparison, limit: 1.05 });

    expect(formatVerdict(verdict)).toBe('- ✗ missed: a bar: 1.05 (100 to 95, fast)');
  });
});

describe('judge', () => {
  test('compares round by round', () => {
    const samples = new Map([
      ['ours', [1, 20, 300]],
      ['theirs', [2, 10, 100]],
    ]);

    const verdict = judge('a bar', { samples, row: 'ours', baseline: 'theirs', limit: 2 });

    expect(formatVerdict(verdict)).toBe('- ✓ holds: a bar: 2.00 (0.50–3.00)');
  });
});

describe('formatGrid', () => {
  test('has the figures of all, then the ratios of ours to everybody else', () => {
    expect(formatGrid(grid)).toBe(`#### a grid

| median (min–max) |   N |     last, ms |
| ---------------- | --: | -----------: |
| ours             |   3 | 100 (99–300) |
| fast             |   3 |   95 (90–96) |
| slow             |   1 |          200 |

| ours: ratio to | last |
| -------------- | ---: |
| fast           | 1.05 |
| slow           | 0.50 |`);
  });
});
