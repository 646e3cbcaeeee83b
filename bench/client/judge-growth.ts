import { figureOf, type Grid } from '../harness/grid.ts';
import type { Verdict } from '../harness/verdict.ts';

const most = 1.3;

export interface Growth {
  readonly grid: Grid;
  readonly row: string;
  /** The measure for few calls, and the one for many. */
  readonly from: string;
  readonly to: string;
}

/** Judges what a call costs among many, by what it costs among few. What has failed has no figure, and misses. */
export function judgeGrowth(bar: string, { grid, row, from, to }: Growth): Verdict {
  const few = figureOf(grid, row, from)?.median ?? NaN;
  const many = figureOf(grid, row, to)?.median ?? NaN;
  return { bar, holds: many <= most * few, medians: { ours: many, theirs: few } };
}
