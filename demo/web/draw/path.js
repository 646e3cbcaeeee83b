/**
 * Where values go in a box of 100 by 100, y downwards; the box is stretched to fit its place.
 *
 * @param {readonly number[]} values
 * @param {{ low: number, high: number }} range
 */
export function toPlaces(values, { low, high }) {
  const span = high - low || 1;
  const step = 100 / Math.max(1, values.length - 1);
  return values.map((value, index) => ({
    x: Math.round(index * step * 100) / 100,
    y: Math.round((1 - (value - low) / span) * 10_000) / 100,
  }));
}

/**
 * The range that shows those values with a little air above and below.
 *
 * @param {readonly number[]} values
 */
export function rangeOf(values) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = (high - low || 1) * 0.12;
  return { low: low - air, high: high + air };
}

/** @param {readonly { x: number, y: number }[]} places */
export function linePath(places) {
  return places.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
}

/** @param {readonly { x: number, y: number }[]} places */
export function areaPath(places) {
  return `${linePath(places)}L100 100L0 100Z`;
}

/**
 * Round values for a few grid lines, from low to high.
 *
 * @param {number} high
 * @param {number} count
 */
export function ticksTo(high, count) {
  const rough = high / count;
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, index) => index * step);
}
