/** @import { TableWidget } from '../../server/widgets/types.ts' */
import { html } from '../dom.js';
import { shortFigure } from '../format.js';
import { drawSparkline } from './sparkline.js';

/** As many rows as a tile has room for. */
const maxRows = 6;

/** @param {TableWidget} widget */
export function drawTable({ title, columns, rows }) {
  return html(
    'table',
    { class: 'list', 'aria-label': title },
    html(
      'thead',
      {},
      html(
        'tr',
        {},
        html('th', { scope: 'col' }, html('span', { class: 'hidden' }, 'Name')),
        html('th', { class: 'list__trend' }, html('span', { class: 'hidden' }, 'Trend')),
        ...columns.map(({ label }) => html('th', { scope: 'col', class: 'list__number' }, label)),
      ),
    ),
    html(
      'tbody',
      {},
      ...rows
        .slice(0, maxRows)
        .map(({ name, note, values, weeks }) =>
          html(
            'tr',
            {},
            html(
              'th',
              { scope: 'row' },
              html('span', { class: 'list__name' }, name),
              html('span', { class: 'list__note' }, note),
            ),
            html('td', { class: 'list__trend' }, drawSparkline(weeks)),
            ...values.map((value, index) =>
              html(
                'td',
                { class: 'list__number' },
                shortFigure(value, columns[index]?.unit ?? 'count'),
              ),
            ),
          ),
        ),
    ),
  );
}
