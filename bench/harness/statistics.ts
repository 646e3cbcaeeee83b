/** What is reported of a series of measurements. */
export interface Summary {
  readonly n: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError if there is nothing to sum up */
export function summarize(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  const n = sorted.length;
  const [low, high] = [sorted[Math.ceil(n / 2) - 1], sorted[Math.floor(n / 2)]];
  if (low === undefined || high === undefined) throw new RangeError('no samples to sum up');
  return { n, median: (low + high) / 2, min: sorted[0] ?? low, max: sorted[n - 1] ?? high };
}

/**
 * How many times as long one series took as another, round by round: what slows the machine down for a
 * while slows both, so this spreads less than the quotient of two medians.
 *
 * @throws RangeError unless both have one sample for each round
 */
export function summarizeRatio(samples: readonly number[], baseline: readonly number[]): Summary {
  if (samples.length !== baseline.length) {
    throw new RangeError(`${samples.length} samples can't be paired with ${baseline.length}`);
  }
  return summarize(samples.map((sample, round) => sample / (baseline[round] ?? NaN)));
}

/** Ratios far below 1 need more digits. */
export const formatRatio = (ratio: number): string =>
  ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(ratio < 100 ? 2 : 0);

export const formatSpan = ({ min, max }: Summary): string =>
  `${formatRatio(min)}–${formatRatio(max)}`;
