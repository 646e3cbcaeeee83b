import { figureOf, type Grid } from '../harness/grid.ts';
import type { Verdict } from '../harness/verdict.ts';

const most = 1.3;

export interface Cell {
  readonly grid: Grid;
  readonly measure: string;
}

export interface Growth {
  readonly row: string;
  /** Its cost for few calls, and for many. */
  readonly from: Cell;
  readonly to: Cell;
}

/** Judges what a call costs among many, by what it costs among few. What has failed has no figure, and misses. */
export function judgeGrowth(bar: string, { row, from, to }: Growth): Verdict {
  const [few = NaN, many = NaN] = [from, to].map(
    ({ grid, measure }) => figureOf(grid, row, measure)?.median,
  );
  return { bar, holds: many <= most * few, medians: { ours: many, theirs: few } };
}
