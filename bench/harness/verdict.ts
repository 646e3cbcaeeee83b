import { figureOf, type Grid } from './grid.ts';
import type { Samples } from './rounds.ts';
import { formatRatio, formatSpan, summarizeRatio, type Summary } from './statistics.ts';
import { formatNumber } from './table.ts';

export interface Verdict {
  /** What must hold. */
  readonly bar: string;
  readonly holds: boolean;
  /** The ratio that decides, taken round by round; absent where medians are compared. */
  readonly ratio?: Summary;
  /** The medians that are compared. */
  readonly medians?: {
    readonly ours: number;
    readonly theirs: number;
    /** Whose it is, where it is the best of several. */
    readonly whose?: string;
  };
}

export interface Comparison {
  readonly samples: Samples;
  readonly row: string;
  readonly baseline: string;
  /** The largest ratio of times that will do, in the median. */
  readonly limit: number;
}

/** Judges one row against another: it must take at most `limit` times as long, round by round. */
export function judge(bar: string, { samples, row, baseline, limit }: Comparison): Verdict {
  const ratio = summarizeRatio(samples.get(row) ?? [], samples.get(baseline) ?? []);
  return { bar, holds: ratio.median <= limit, ratio };
}

/** A median that must be at most `limit` times the least of the others'. */
export interface MedianComparison {
  readonly grid: Grid;
  readonly measure: string;
  readonly row: string;
  readonly others: readonly string[];
  readonly limit: number;
}

/** @throws RangeError if one of the rows has not been measured */
export function judgeMedians(bar: string, comparison: MedianComparison): Verdict {
  const { grid, measure, row, others, limit } = comparison;
  const medianOf = (name: string): number => {
    const figure = figureOf(grid, name, measure);
    if (figure) return figure.median;
    throw new RangeError(`${measure} of ${name} has not been measured`);
  };
  const [best] = others
    .map((name) => ({ name, median: medianOf(name) }))
    .toSorted((a, b) => a.median - b.median);
  if (!best) throw new RangeError('there is nobody to compare with');
  const ours = medianOf(row);
  return {
    bar,
    holds: ours <= best.median * limit,
    medians: {
      ours,
      theirs: best.median,
      ...(others.length > 1 && { whose: best.name }),
    },
  };
}

function formatFigure({ ratio, medians }: Verdict): string {
  if (ratio) return `${formatRatio(ratio.median)} (${formatSpan(ratio)})`;
  if (!medians) return '';
  const { ours, theirs, whose } = medians;
  const of = whose === undefined ? '' : `, ${whose}`;
  return `${formatRatio(ours / theirs)} (${formatNumber(ours)} to ${formatNumber(theirs)}${of})`;
}

export const formatVerdict = (verdict: Verdict): string =>
  `- ${verdict.holds ? '✓ holds' : '✗ missed'}: ${verdict.bar}: ${formatFigure(verdict)}`;
