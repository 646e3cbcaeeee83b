/** @import { Widget } from '../../server/widgets/types.ts' */
import { drawBar } from './bar.js';
import { drawDonut } from './donut.js';
import { drawFeed } from './feed.js';
import { drawKpi } from './kpi.js';
import { drawLine } from './line.js';
import { drawRegions } from './regions.js';
import { drawStatus } from './status.js';
import { drawTable } from './table.js';

/**
 * The figure of a widget.
 *
 * @param {Widget} widget
 * @returns {Element}
 */
export function draw(widget) {
  switch (widget.kind) {
    case 'kpi':
      return drawKpi(widget);
    case 'line':
      return drawLine(widget);
    case 'bar':
      return drawBar(widget);
    case 'table':
      return drawTable(widget);
    case 'feed':
      return drawFeed(widget);
    case 'status':
      return drawStatus(widget);
    case 'regions':
      return drawRegions(widget);
    case 'donut':
      return drawDonut(widget);
  }
}
