/** @import { Settings } from './settings.js' */
/** @import { Load } from './widget.js' */
import { find, html } from './dom.js';
import { createSections, widgetUrl } from './layout.js';
import { createWidget } from './widget.js';

/** Puts the sections and their empty tiles on the page. */
export function createDashboard() {
  const navigation = find('.shop__nav', HTMLElement);
  const tiles = createSections().flatMap(({ title, placements }) => {
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

    /**
     * Starts every tile in one go, as a framework's first render does.
     *
     * @param {Load} load
     * @param {Settings} settings
     */
    load(load, settings) {
      return Promise.all(
        tiles.map(({ id, ownId, widget }) =>
          widget.start(load, widgetUrl(settings.distinct ? ownId : id, settings)),
        ),
      );
    },
  };
}
