/** @import { StatusWidget } from '../../server/widgets/types.ts' */
import { html, svg } from '../dom.js';

const words = { operational: 'Operational', degraded: 'Degraded', down: 'Down' };

/** @param {StatusWidget} widget */
export function drawStatus({ services }) {
  return html(
    'ul',
    { class: 'health' },
    ...services.map(({ name, health, uptime, latencyMs, days }) =>
      html(
        'li',
        { class: `health__row health__row--${health}` },
        html('span', { class: 'health__dot', 'aria-hidden': 'true' }),
        html('span', { class: 'health__name' }, name),
        html('span', { class: 'hidden' }, words[health]),
        drawDays(days),
        html('span', { class: 'health__latency' }, `${latencyMs} ms`),
        html('span', { class: 'health__uptime' }, `${uptime.toFixed(2)} %`),
      ),
    ),
  );
}

/** One upright mark a day. @param {readonly (0 | 1 | 2)[]} days */
function drawDays(days) {
  const step = 100 / days.length;
  return svg(
    'svg',
    { class: 'health__days', 'aria-hidden': 'true' },
    ...days.map((day, index) =>
      svg('rect', {
        class: `health__day health__day--${day}`,
        x: `${(index * step).toFixed(2)}%`,
        width: `${(step * 0.62).toFixed(2)}%`,
        height: '100%',
        rx: 1,
      }),
    ),
  );
}
