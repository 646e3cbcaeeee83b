/** What readings are like as a whole. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** Of the sample: over n − 1. */
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
}

/** How readings fit between limits; null where they don't vary. */
export interface Capability {
  /** The width of the limits in sixfold standard deviations. */
  readonly cp: number | null;
  /** The same to the nearer limit. */
  readonly cpk: number | null;
  /** How many readings lie outside. */
  readonly outside: number;
}

/** A chart of individual values. */
export interface ControlChart {
  readonly lower: number;
  readonly centre: number;
  readonly upper: number;
  /** The readings, by index, beyond these limits. */
  readonly beyond: readonly number[];
  /** Where a run of eight or more on one side of the centre begins, by index. */
  readonly runs: readonly number[];
}

export interface Trend {
  /** By how much a reading is above the one before, on the line that fits best. */
  readonly slope: number;
  /** How much of the variation that line explains, 0 to 1. */
  readonly r2: number;
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const meanOf = (values: readonly number[]): number => sum(values) / values.length;

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1));
}

/** @param readings two at least */
export const summarize = (readings: readonly number[]): Summary => ({
  count: readings.length,
  mean: round(meanOf(readings)),
  standardDeviation: round(deviationOf(readings)),
  min: Math.min(...readings),
  max: Math.max(...readings),
});

export function capabilityOf(
  readings: readonly number[],
  lower: number,
  upper: number,
): Capability {
  const mean = meanOf(readings);
  const deviation = deviationOf(readings);
  const outside = readings.filter((value) => value < lower || value > upper).length;
  if (deviation === 0) return { cp: null, cpk: null, outside };
  return {
    cp: round((upper - lower) / (6 * deviation)),
    cpk: round(Math.min(upper - mean, mean - lower) / (3 * deviation)),
    outside,
  };
}

/** 3 / d₂ for moving ranges of two. */
const rangeFactor = 2.66;
const longRun = 8;

/**
 * The chart of individual values and moving ranges.
 *
 * @see https://www.itl.nist.gov/div898/handbook/pmc/section3/pmc322.htm
 */
export function controlChart(readings: readonly number[]): ControlChart {
  const centre = meanOf(readings);
  const ranges = readings.slice(1).map((value, index) => Math.abs(value - readings[index]!));
  const reach = rangeFactor * meanOf(ranges);
  const [lower, upper] = [centre - reach, centre + reach];
  const runs: number[] = [];
  let length = 0;
  for (const [index, value] of readings.entries()) {
    const before = readings[index - 1];
    const goesOn = before !== undefined && Math.sign(value - centre) === Math.sign(before - centre);
    length = value === centre ? 0 : goesOn ? length + 1 : 1;
    if (length === longRun) runs.push(index - longRun + 1);
  }
  return {
    lower: round(lower),
    centre: round(centre),
    upper: round(upper),
    beyond: readings.flatMap((value, index) => (value < lower || value > upper ? [index] : [])),
    runs,
  };
}

/** Fits a line by least squares. */
export function trendOf(readings: readonly number[]): Trend {
  const middle = (readings.length - 1) / 2;
  const mean = meanOf(readings);
  const sxx = sum(readings.map((_, index) => (index - middle) ** 2));
  const sxy = sum(readings.map((value, index) => (index - middle) * (value - mean)));
  const syy = sum(readings.map((value) => (value - mean) ** 2));
  return { slope: round(sxy / sxx), r2: syy === 0 ? 0 : round(sxy ** 2 / (sxx * syy)) };
}
