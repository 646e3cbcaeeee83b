import type { Samples } from './rounds.ts';
import { formatRatio, formatSpan, summarizeRatio, type Summary } from './statistics.ts';

export interface Verdict {
  /** What must hold. */
  readonly bar: string;
  readonly holds: boolean;
  /** The ratio that decides; absent where what decides is no ratio. */
  readonly ratio?: Summary;
  /** What was measured, in words, where more is to be said than the ratio. */
  readonly figure?: string;
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

export function formatVerdict({ bar, holds, ratio, figure }: Verdict): string {
  const found = [ratio && `${formatRatio(ratio.median)} (${formatSpan(ratio)})`, figure];
  return `- ${holds ? '✓ holds' : '✗ missed'}: ${bar}: ${found.filter(Boolean).join(', ')}`;
}
