import { html } from '../dom.js';

/** @param {readonly string[]} names in the order of the colours */
export function drawLegend(names) {
  return html(
    'ul',
    { class: 'legend' },
    ...names.map((name, index) =>
      html('li', {}, html('span', { class: `swatch swatch--${index + 1}` }), name),
    ),
  );
}
