/** @import { FeedWidget } from '../../server/widgets/types.ts' */
import { html } from '../dom.js';
import { time } from '../format.js';

/** As many entries as a tile has room for. */
const maxItems = 5;

/** @param {FeedWidget} widget */
export function drawFeed({ items }) {
  return html(
    'ol',
    { class: 'feed' },
    ...items
      .slice(0, maxItems)
      .map(({ actor, text, at, tone }) =>
        html(
          'li',
          { class: `feed__item feed__item--${tone}` },
          html('span', { class: 'feed__initials', 'aria-hidden': 'true' }, initials(actor)),
          html(
            'p',
            { class: 'feed__text' },
            html('span', { class: 'feed__actor' }, actor),
            ` ${text}`,
          ),
          html('time', { class: 'feed__time', datetime: at }, time(at)),
        ),
      ),
  );
}

/** @param {string} name */
function initials(name) {
  const words = name.split(' ');
  return `${words[0]?.[0] ?? ''}${words.at(-1)?.[0]?.toUpperCase() ?? ''}`;
}
