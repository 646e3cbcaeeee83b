/** @import { KpiWidget } from '../../server/widgets/types.ts' */
import { html } from '../dom.js';
import { figure } from '../format.js';
import { drawChange } from './change.js';
import { drawSparkline } from './sparkline.js';

/** @param {KpiWidget} widget */
export function drawKpi({ unit, value, change, better, series }) {
  return html(
    'div',
    { class: 'kpi' },
    html(
      'p',
      { class: 'kpi__row' },
      html('span', { class: 'kpi__value' }, figure(value, unit)),
      drawChange(change, better),
    ),
    drawSparkline(
      series.map((point) => point.value),
      { area: true },
    ),
  );
}
