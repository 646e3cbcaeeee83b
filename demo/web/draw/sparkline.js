import { svg } from '../dom.js';
import { areaPath, linePath, rangeOf, toPlaces } from './path.js';

/**
 * A line without axes; decoration beside a figure that is also written out.
 *
 * @param {readonly number[]} values
 * @param {{ area?: boolean }} [options]
 */
export function drawSparkline(values, { area = false } = {}) {
  const places = toPlaces(values, rangeOf(values));
  return svg(
    'svg',
    { class: 'spark', viewBox: '0 0 100 100', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    ...(area ? [svg('path', { class: 'spark__area', d: areaPath(places) })] : []),
    svg('path', { class: 'spark__line', d: linePath(places) }),
  );
}
