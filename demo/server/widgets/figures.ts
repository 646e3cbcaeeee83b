import type { Body, Of } from './body.ts';
import type { Random } from './random.ts';
import { hourly, percentChange, roundFor, weekly } from './series.ts';
import type { BarWidget, DonutWidget, KpiWidget, LineWidget, TableWidget } from './types.ts';

export function kpi(recipe: Of<'kpi'>, random: Random): Body<KpiWidget> {
  const { unit, base, swing, better } = recipe;
  const series = hourly(random, { base, swing, unit, count: 30 });
  const value = series.at(-1)?.value ?? 0;
  return {
    unit,
    value,
    change: percentChange(value, series.at(-25)?.value ?? value),
    better,
    series,
  };
}

export function line(recipe: Of<'line'>, random: Random): Body<LineWidget> {
  const { unit, base, swing, names } = recipe;
  const first = hourly(random, { base, swing, unit, count: 30 });
  // Lower, and never across: the lines can be told apart without their colour, and a p50 stays below its p95.
  const second = first.map(({ at, value }) => ({
    at,
    value: roundFor(unit, value * random.between(0.58, 0.76)),
  }));
  return {
    unit,
    lines: [
      { name: names[0], points: first },
      { name: names[1], points: second },
    ],
  };
}

export function bar(recipe: Of<'bar' | 'donut'>, random: Random): Body<BarWidget> {
  const { unit, base, labels } = recipe;
  return {
    unit,
    bars: labels.map((label) => {
      const value = roundFor(unit, base * random.between(0.35, 1.3));
      const previous = roundFor(unit, value * random.between(0.8, 1.2));
      const change = percentChange(value, previous);
      return { label, value, previous, change, weeks: weekly(random, value, 39, unit) };
    }),
  };
}

export function donut(recipe: Of<'bar' | 'donut'>, random: Random): Body<DonutWidget> {
  const { unit, base, labels } = recipe;
  const values = labels.map((_, index) =>
    roundFor(unit, (base * random.between(0.8, 1.5)) / (index + 1)),
  );
  const total = values.reduce((sum, value) => sum + value, 0);
  return {
    unit,
    total,
    segments: labels.map((label, index) => {
      const value = values[index] ?? 0;
      return {
        label,
        value,
        share: Math.round((value / total) * 1000) / 10,
        change: Math.round(random.between(-12, 14) * 10) / 10,
        weeks: weekly(random, value, 39, unit),
      };
    }),
  };
}

export function table(recipe: Of<'table'>, random: Random): Body<TableWidget> {
  return {
    columns: recipe.columns.map(({ label, unit }) => ({ label, unit })),
    rows: recipe.rows.map(([name, note], index) => ({
      name,
      note,
      // Later rows are smaller: a top list reads from the top.
      values: recipe.columns.map(({ base, unit }) =>
        roundFor(unit, base * (1.6 - index * 0.15) * random.between(0.92, 1.08)),
      ),
      change: Math.round(random.between(-18, 24) * 10) / 10,
      weeks: weekly(random, recipe.columns[0]?.base ?? 100, 13, 'count'),
    })),
  };
}
