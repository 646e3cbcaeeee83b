/** @import { BarWidget } from '../../server/widgets/types.ts' */
import { html, svg } from '../dom.js';
import { figure, shortFigure } from '../format.js';

/** Short labels stand under columns; longer ones read better beside bars. @param {BarWidget} widget */
export function drawBar(widget) {
  const short = widget.bars.every(({ label }) => label.length <= 3);
  return short ? drawColumns(widget) : drawRows(widget);
}

/** @param {BarWidget} widget */
function drawRows({ unit, bars }) {
  const highest = Math.max(...bars.flatMap(({ value, previous }) => [value, previous]));
  const width = (/** @type {number} */ value) => `${((value / highest) * 100).toFixed(1)}%`;
  return html(
    'ul',
    { class: 'bars' },
    ...bars.map(({ label, value, previous }) =>
      html(
        'li',
        { class: 'bars__row' },
        html('span', { class: 'bars__label' }, label),
        html('span', { class: 'bars__value' }, shortFigure(value, unit)),
        svg(
          'svg',
          { class: 'bars__plot', 'aria-hidden': 'true' },
          svg('rect', { class: 'bars__rail', width: '100%', height: '100%', rx: 3 }),
          svg('rect', { class: 'bars__bar', width: width(value), height: '100%', rx: 3 }),
          svg('rect', {
            class: 'bars__mark',
            x: width(previous * 0.995),
            width: 2,
            height: '100%',
          }),
        ),
      ),
    ),
  );
}

/** @param {BarWidget} widget */
function drawColumns({ unit, bars }) {
  const highest = Math.max(...bars.map(({ value }) => value));
  return html(
    'ol',
    { class: 'columns' },
    ...bars.map(({ label, value }) => {
      const height = (value / highest) * 100;
      return html(
        'li',
        { class: value === highest ? 'columns__column columns__column--best' : 'columns__column' },
        html('span', { class: 'columns__value' }, shortFigure(value, unit)),
        svg(
          'svg',
          { 'aria-hidden': 'true' },
          svg('rect', {
            width: '100%',
            height: `${height.toFixed(1)}%`,
            y: `${(100 - height).toFixed(1)}%`,
            rx: 4,
          }),
        ),
        html('span', { title: figure(value, unit) }, label),
      );
    }),
  );
}
