/** @import { LineWidget } from '../../server/widgets/types.ts' */
import { html, svg } from '../dom.js';
import { figure, shortFigure, time } from '../format.js';
import { drawLegend } from './legend.js';
import { areaPath, linePath, ticksTo, toPlaces } from './path.js';

/** @param {LineWidget} widget */
export function drawLine({ title, unit, lines }) {
  const highest = Math.max(...lines.flatMap(({ points }) => points.map(({ value }) => value)));
  const range = { low: 0, high: highest * 1.08 };
  const ticks = ticksTo(range.high, 4);
  const summary = lines
    .map(({ name, points }) => `${name} ${figure(points.at(-1)?.value ?? 0, unit)}`)
    .join(', ');

  const plot = svg(
    'svg',
    {
      class: 'plot__area',
      viewBox: '0 0 100 100',
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `${title}: ${summary} now`,
    },
    ...ticks.map((tick) => {
      const y = 100 - (tick / range.high) * 100;
      return svg('line', { class: 'plot__grid', x1: 0, x2: 100, y1: y, y2: y });
    }),
    ...lines.flatMap(({ points }, index) => {
      const places = toPlaces(
        points.map(({ value }) => value),
        range,
      );
      const line = svg('path', { class: `plot__line stroke-${index + 1}`, d: linePath(places) });
      const fill = svg('path', { class: `plot__fill fill-${index + 1}`, d: areaPath(places) });
      return index === 0 ? [fill, line] : [line];
    }),
  );

  const points = lines[0]?.points ?? [];
  const hours = [0, 0.25, 0.5, 0.75, 1].map(
    (share) => points[Math.round(share * (points.length - 1))]?.at,
  );

  return html(
    'div',
    { class: 'plot' },
    drawLegend(lines.map(({ name }) => name)),
    html(
      'div',
      { class: 'plot__values', 'aria-hidden': 'true' },
      svg(
        'svg',
        {},
        ...ticks.map((tick) =>
          svg(
            'text',
            { x: '100%', y: `${100 - (tick / range.high) * 100}%`, dy: '0.32em' },
            shortFigure(tick, unit),
          ),
        ),
      ),
    ),
    plot,
    html(
      'div',
      { class: 'plot__hours', 'aria-hidden': 'true' },
      ...hours.map((at) => html('span', {}, at === undefined ? '' : time(at))),
    ),
  );
}
