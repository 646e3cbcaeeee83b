/** @import { Source } from './sources.js' */
import { html, svg } from './dom.js';

/** @type {Record<Source, { name: string, title: string, shape: string }>} */
const looks = {
  disk: {
    name: 'disk',
    title: 'From the cache on disk (IndexedDB)',
    // A drum.
    shape: 'M2 3.2C2 1.2 10 1.2 10 3.2V8.8C10 10.8 2 10.8 2 8.8ZM2 3.2C2 5.2 10 5.2 10 3.2',
  },
  memory: {
    name: 'memory',
    title: 'From the cache in memory',
    // A flash.
    shape: 'M6.8 1.2 2.6 6.8H5.8L5.2 10.8 9.4 5.2H6.2Z',
  },
  validated: {
    name: 'checked',
    title: 'From the cache, after the server said that it still holds (304)',
    // A tick.
    shape: 'M2 6.6 4.8 9.2 10 2.8',
  },
  network: {
    name: 'network',
    title: 'From the server',
    // An arrow that comes down.
    shape: 'M6 1.4V8M3 5.4 6 8.4 9 5.4M2 10.6H10',
  },
};

/** In the order of distance. */
export const allSources = /** @type {const} */ (['memory', 'disk', 'validated', 'network']);

/**
 * A mark that tells where a tile's answer came from; narrow tiles show the icon alone.
 *
 * @param {Source} source
 */
export function badge(source) {
  const { name, title, shape } = looks[source];
  return html(
    'span',
    { class: `badge badge--${source}`, title },
    svg('svg', { viewBox: '0 0 12 12', 'aria-hidden': 'true' }, svg('path', { d: shape })),
    html('span', { class: 'badge__name' }, name),
  );
}
