import type { Random } from './random.ts';
import type { Point, Unit } from './types.ts';

/** The moment at which every widget was "measured"; fixed, because answers must be repeatable. */
export const measuredAt: number = Date.UTC(2026, 2, 2, 15, 0);

const hourMs = 3_600_000;

/** Rounds as the unit is read: money and counts whole, shares and times to one place. */
export function roundFor(unit: Unit, value: number): number {
  return unit === 'eur' || unit === 'count' || unit === 'ms'
    ? Math.round(value)
    : Math.round(value * 10) / 10;
}

export const percentChange = (now: number, before: number): number =>
  before === 0 ? 0 : Math.round(((now - before) / before) * 1000) / 10;

/**
 * Hourly points up to {@link measuredAt}: a daily rhythm, a slow drift and some noise round `base`.
 *
 * @param swing share of `base` by which the daily rhythm moves it, 0 to 1
 */
export function hourly(
  random: Random,
  { base, swing, count, unit }: { base: number; swing: number; count: number; unit: Unit },
): Point[] {
  const phase = random.between(0, 2 * Math.PI);
  const drift = random.between(-0.4, 0.6) * swing;

  return Array.from({ length: count }, (_, index) => {
    const rhythm = Math.sin(phase + (index / 24) * 2 * Math.PI) * swing;
    const slope = (index / count - 0.5) * drift;
    const noise = random.between(-0.25, 0.25) * swing;
    const value = Math.max(0, base * (1 + rhythm + slope + noise));
    return {
      at: new Date(measuredAt - (count - 1 - index) * hourMs).toISOString(),
      value: roundFor(unit, value),
    };
  });
}

/** Weekly totals, oldest first. */
export function weekly(random: Random, base: number, count: number, unit: Unit): number[] {
  return Array.from({ length: count }, () => roundFor(unit, base * random.between(0.7, 1.2)));
}
