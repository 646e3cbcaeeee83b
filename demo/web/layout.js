/**
 * How much of the twelve columns a tile takes.
 * @typedef {'s' | 'm' | 'l' | 'xl'} Size
 * @typedef {object} Placement
 * @property {number} id the widget that is shown
 * @property {number} ownId one like it that no other tile shows
 * @property {Size} size
 * @typedef {{ readonly title: string, readonly placements: readonly Placement[] }} Section
 */

/**
 * @param {Size} size
 * @param {...number} ids
 */
const tiles = (size, ...ids) => ids.map((id) => ({ id, size }));

/** Widgets so far apart show the same kind of figures, for another market. */
const catalogueSize = 42;

/**
 * The dashboard: sixty tiles over forty-two widgets. As on many a real one, a figure that two
 * departments care about is shown to both, by two components that don't know of each other.
 */
const plan = [
  {
    title: 'Overview',
    placements: [
      ...tiles('s', 1, 2, 3, 4, 5, 9),
      ...tiles('xl', 15),
      ...tiles('m', 37, 41),
      ...tiles('l', 31, 26, 34),
    ],
  },
  {
    title: 'Sales',
    placements: [
      ...tiles('s', 1, 2, 3, 4, 7, 6),
      ...tiles('xl', 16),
      ...tiles('m', 21, 40),
      ...tiles('l', 26, 30, 22),
    ],
  },
  {
    title: 'Fulfilment',
    placements: [
      ...tiles('s', 8, 9, 7, 2, 12, 13),
      ...tiles('xl', 19),
      ...tiles('m', 23, 25),
      ...tiles('l', 27, 35, 39),
    ],
  },
  {
    title: 'Customers',
    placements: [
      ...tiles('s', 5, 6, 14, 13, 12, 4),
      ...tiles('xl', 20),
      ...tiles('m', 42, 24),
      ...tiles('l', 38, 33, 28),
    ],
  },
  {
    title: 'Platform',
    placements: [
      ...tiles('s', 10, 11, 5, 4, 2, 1),
      ...tiles('xl', 18, 17),
      ...tiles('m', 29, 34, 32, 36),
    ],
  },
];

/** @returns {readonly Section[]} */
export function createSections() {
  /** @type {Map<number, number>} */
  const shown = new Map();
  return plan.map(({ title, placements }) => ({
    title,
    placements: placements.map(({ id, size }) => {
      const times = shown.get(id) ?? 0;
      shown.set(id, times + 1);
      return { id, ownId: id + times * catalogueSize, size };
    }),
  }));
}

/** The widget that can be made late. It is shown once, so that exactly one tile waits for it. */
export const stragglerId = 37;

/**
 * A tile's URL. Work differs from widget to widget, from half to one and a half times `delayMs`,
 * as it does behind real dashboards; the same widget always has the same URL.
 *
 * @param {number} id
 * @param {{ delayMs: number, stragglerMs: number, maxAge: number }} work
 */
export function widgetUrl(id, { delayMs, stragglerMs, maxAge }) {
  const query = new URLSearchParams();
  // 37 and 100 share no factor, so the steps fill the whole range.
  const share = 0.5 + ((id * 37) % 100) / 100;
  if (delayMs > 0) query.set('delay', String(Math.round(delayMs * share)));
  if (stragglerMs > 0 && id === stragglerId) query.set('straggler', String(stragglerMs));
  if (maxAge > 0) query.set('maxAge', String(maxAge));
  return `/api/widgets/${id}${query.size > 0 ? `?${query}` : ''}`;
}
