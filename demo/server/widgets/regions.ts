import type { Body, Of } from './body.ts';
import type { Random } from './random.ts';
import { roundFor } from './series.ts';
import type { RegionsWidget } from './types.ts';

const countries = [
  ['DE', 'Germany', 2.4],
  ['FR', 'France', 1.9],
  ['GB', 'United Kingdom', 1.8],
  ['AT', 'Austria', 1.5],
  ['CH', 'Switzerland', 1.4],
  ['IT', 'Italy', 1.3],
  ['NL', 'Netherlands', 1.1],
  ['SE', 'Sweden', 1.05],
  ['NO', 'Norway', 1],
  ['ES', 'Spain', 0.95],
  ['PL', 'Poland', 0.85],
  ['BE', 'Belgium', 0.7],
  ['DK', 'Denmark', 0.65],
  ['FI', 'Finland', 0.55],
  ['CZ', 'Czechia', 0.5],
  ['IE', 'Ireland', 0.45],
  ['PT', 'Portugal', 0.4],
  ['SI', 'Slovenia', 0.3],
  ['SK', 'Slovakia', 0.25],
  ['HU', 'Hungary', 0.22],
  ['RO', 'Romania', 0.2],
  ['HR', 'Croatia', 0.18],
  ['GR', 'Greece', 0.15],
  ['EE', 'Estonia', 0.12],
] as const;

export function regions(recipe: Of<'regions'>, random: Random): Body<RegionsWidget> {
  const { unit, base } = recipe;
  // Times differ far less between countries than counts do.
  const spread = unit === 'hours' ? 0.3 : 1;
  const values = countries.map(([, , weight]) =>
    roundFor(unit, base * weight ** spread * random.between(0.8, 1.2)),
  );
  const total = values.reduce((sum, value) => sum + value, 0);
  return {
    unit,
    regions: countries.map(([code, name], index) => {
      const value = values[index] ?? 0;
      return {
        code,
        name,
        value,
        share: Math.round((value / total) * 1000) / 10,
        change: Math.round(random.between(-15, 18) * 10) / 10,
      };
    }),
  };
}
