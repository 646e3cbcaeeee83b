import { html } from '../dom.js';
import { signed } from '../format.js';

/**
 * A change as a coloured note; the arrow and the sign say the same to those who don't see the colour.
 *
 * @param {number} change percent
 * @param {'up' | 'down'} [better]
 */
export function drawChange(change, better = 'up') {
  const good = change === 0 || change > 0 === (better === 'up');
  const arrow = change > 0 ? '▲' : change < 0 ? '▼' : '■';
  return html(
    'span',
    { class: `change change--${good ? 'good' : 'bad'}` },
    html('span', { class: 'change__arrow', 'aria-hidden': 'true' }, arrow),
    signed(change),
  );
}
