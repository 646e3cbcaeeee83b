/** @import { Load } from './widget.js' */
import { find, html } from './dom.js';
import { sections, widgetUrl } from './layout.js';
import { createWidget } from './widget.js';

/** Puts the sections and their empty tiles on the page. */
export function createDashboard() {
  const navigation = find('.shop__nav', HTMLElement);
  const tiles = sections.flatMap(({ title, placements }) => {
    const id = title.toLowerCase();
    const grid = html('div', { class: 'grid' });
    navigation.append(html('a', { href: `#${id}` }, title));
    find('.shop__sections', HTMLElement).append(
      html(
        'section',
        { id, 'aria-labelledby': `${id}-title` },
        html('h3', { id: `${id}-title` }, title),
        grid,
      ),
    );
    return placements.map((placement) => {
      const widget = createWidget(placement.size);
      grid.append(widget.element);
      return { ...placement, widget };
    });
  });

  return {
    size: tiles.length,
    distinct: new Set(tiles.map(({ id }) => id)).size,

    /**
     * Starts every tile in one go, as a framework's first render does.
     *
     * @param {Load} load
     * @param {{ delayMs: number, stragglerMs: number }} work
     */
    load(load, work) {
      return Promise.all(tiles.map(({ id, widget }) => widget.start(load, widgetUrl(id, work))));
    },
  };
}
