/** @import { DonutWidget } from '../../server/widgets/types.ts' */
import { html, svg } from '../dom.js';
import { shortFigure } from '../format.js';

/** A radius with a circumference of 100, so that a share is a dash length as it stands. */
const radius = 100 / (2 * Math.PI);

/** Half the gap between two segments, in percent of the ring. */
const gap = 0.7;

/** @param {DonutWidget} widget */
export function drawDonut({ unit, total, segments }) {
  let start = 0;
  const rings = segments.map(({ value }, index) => {
    const share = (value / total) * 100;
    const ring = svg('circle', {
      class: `donut__ring stroke-${index + 1}`,
      r: radius,
      'stroke-dasharray': `${Math.max(0.5, share - 2 * gap)} 100`,
      'stroke-dashoffset': -(start + gap),
    });
    start += share;
    return ring;
  });

  return html(
    'div',
    { class: 'donut' },
    svg(
      'svg',
      { class: 'donut__plot', viewBox: '-20 -20 40 40', 'aria-hidden': 'true' },
      svg('g', { transform: 'rotate(-90)' }, ...rings),
      svg('text', { class: 'donut__total', y: 1 }, shortFigure(total, unit)),
      svg('text', { class: 'donut__note', y: 5.6 }, 'total'),
    ),
    html(
      'ul',
      { class: 'donut__legend' },
      ...segments.map(({ label, share }, index) =>
        html(
          'li',
          {},
          html('span', { class: `swatch swatch--${index + 1}` }),
          html('span', { class: 'donut__label' }, label),
          html('span', { class: 'donut__share' }, `${share.toFixed(0)} %`),
        ),
      ),
    ),
  );
}
