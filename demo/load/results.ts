import type { Figures } from './measure.ts';

export interface Measured {
  readonly name: string;
  readonly figures: Figures;
}

/** What a run has found; latencies in ms. */
export interface Results {
  readonly at: string;
  readonly connections: number;
  readonly items: number;
  readonly seconds: number;
  readonly rounds: number;
  /** The same GETs at the same number of connections; of several rounds, the one in the middle. */
  readonly ways: readonly Measured[];
  /** Batches before a spike, in it and after it. */
  readonly spike: readonly Measured[];
}

/** The round in the middle, by its rate; of an even number, the slower of the two. */
export function middleOf(rounds: readonly Figures[]): Figures {
  const sorted = rounds.toSorted((a, b) => a.itemsPerSecond - b.itemsPerSecond);
  const middle = sorted[Math.ceil(sorted.length / 2) - 1];
  if (!middle) throw new RangeError('no rounds to choose from');
  // What was lost in any of them counts.
  return { ...middle, lost: rounds.reduce((sum, { lost }) => sum + lost, 0) };
}

/** How many times as many items a second as the first way does. */
export function speedup({ ways }: Results, name: string): number {
  const found = ways.find((way) => way.name === name);
  return (found?.figures.itemsPerSecond ?? 0) / (ways[0]?.figures.itemsPerSecond ?? NaN);
}

/** How many times as much of a processor the first way takes for an item; NaN where that isn't known. */
export function cpuSaved({ ways }: Results, name: string): number {
  const found = ways.find((way) => way.name === name);
  return (ways[0]?.figures.cpuPerItem ?? NaN) / (found?.figures.cpuPerItem ?? NaN);
}

/** A scheduler's hiccup is no trace of the spike. */
const toleranceMs = 10;

/** Whether the slowest answers after the spike are as before it: at most twice as slow. */
export function hasRecovered({ spike }: Results): boolean {
  const [before, , after] = spike;
  if (!before || !after) return false;
  return after.figures.p99 <= 2 * before.figures.p99 + toleranceMs;
}

export const lostIn = ({ ways, spike }: Results): number =>
  [...ways, ...spike].reduce((sum, { figures }) => sum + figures.lost, 0);
