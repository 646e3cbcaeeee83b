import type { Chart } from '../harness/chart.ts';
import { figureOf, type Grid } from '../harness/grid.ts';

/** A grid's measure as bars, the quickest first. */
export function chartOf(name: string, grid: Grid, measure: string, title: string): Chart {
  const unit = grid.measures.find((one) => one.name === measure)?.unit ?? '';
  const bars = grid.rows.flatMap(({ name: label }) => {
    const figure = figureOf(grid, label, measure);
    if (!figure) return [];
    const { median, min, max } = figure;
    return [{ label, value: median, min, max, isOurs: label.startsWith('Carpool') }];
  });
  return { name, title, unit, bars: bars.toSorted((a, b) => a.value - b.value) };
}
