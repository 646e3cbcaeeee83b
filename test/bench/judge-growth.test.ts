import { describe, expect, test } from 'vitest';
import { judgeGrowth } from '../../bench/client/judge-growth.ts';
import { toGrid } from '../../bench/harness/grid.ts';

const measures = [{ name: 'few' }, { name: 'many' }];

/** What a call costs among few, and among many; the last may have failed. */
function gridOf(few: number, many?: number) {
  const row = new Map([['few', [few]]]);
  if (many !== undefined) row.set('many', [many]);
  return toGrid({ title: '', measures, subjects: [], samples: new Map([['client', row]]) });
}

function holds(few: number, many?: number): boolean {
  const grid = gridOf(few, many);
  const [from, to] = [
    { grid, measure: 'few' },
    { grid, measure: 'many' },
  ] as const;
  return judgeGrowth('', { row: 'client', from, to }).holds;
}

describe('judgeGrowth', () => {
  test('1.3 times as much is still linear', () => {
    expect(holds(10, 13)).toBe(true);
  });

  test('more than that is not', () => {
    expect(holds(10, 13.1)).toBe(false);
  });

  test('who has failed among many has missed the bar', () => {
    expect(holds(10)).toBe(false);
  });
});
