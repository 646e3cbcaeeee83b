import type { Measure } from '../harness/grid.ts';
import type { Reading } from './measure.ts';

/** When the first, the median and the last answer came, from the first call on. */
export const times: readonly Measure[] = ['first', 'median', 'last'].map((name) => ({
  name,
  unit: 'ms',
}));

export function readTimes(answeredAt: readonly number[]): Record<string, number> {
  const sorted = answeredAt.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  return {
    first: at(0),
    median: at(Math.floor((sorted.length - 1) / 2)),
    last: at(sorted.length - 1),
  };
}

export const bytes: readonly Measure[] = ['up', 'down'].map((name) => ({ name, unit: 'kB' }));

export const requests: Measure = { name: 'requests' };

export const readAll: Reading = ({ answeredAt, kBUp, kBDown, requests, connections }) => ({
  ...readTimes(answeredAt),
  up: kBUp,
  down: kBDown,
  requests,
  connections,
});
