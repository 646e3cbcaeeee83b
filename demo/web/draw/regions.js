/** @import { RegionsWidget } from '../../server/widgets/types.ts' */
import { html, svg } from '../dom.js';
import { figure, shortFigure } from '../format.js';

/**
 * Where a country's square lies: column, row. Neighbours are kept together, sizes are not.
 *
 * @type {Record<string, readonly [column: number, row: number]>}
 */
const squares = {
  NO: [3, 0],
  SE: [4, 0],
  FI: [5, 0],
  IE: [0, 1],
  GB: [1, 1],
  DK: [3, 1],
  EE: [5, 1],
  BE: [1, 2],
  NL: [2, 2],
  DE: [3, 2],
  PL: [4, 2],
  FR: [1, 3],
  CH: [2, 3],
  AT: [3, 3],
  CZ: [4, 3],
  SK: [5, 3],
  PT: [0, 4],
  ES: [1, 4],
  IT: [2, 4],
  SI: [3, 4],
  HU: [4, 4],
  RO: [5, 4],
  HR: [3, 5],
  GR: [4, 5],
};

/** Steps of shade, 0 palest. */
const shades = 5;

/** How many countries are also written out beside the map. */
const named = 6;

/** @param {RegionsWidget} widget */
export function drawRegions({ title, unit, regions }) {
  const ranked = [...regions].sort((a, b) => b.value - a.value);
  // By rank, not by value: one big country would leave all others in the palest shade.
  const shadeOf = new Map(
    ranked.map(({ code }, rank) => [
      code,
      shades - 1 - Math.floor((rank / ranked.length) * shades),
    ]),
  );
  const top = ranked[0];
  const label = top ? `${title}: most in ${top.name}, ${figure(top.value, unit)}` : title;

  return html(
    'div',
    { class: 'regions' },
    svg(
      'svg',
      { class: 'regions__map', viewBox: '0 0 60 60', role: 'img', 'aria-label': label },
      ...regions.flatMap(({ code, name, value }) => {
        const [column, row] = squares[code] ?? [];
        if (column === undefined || row === undefined) return [];
        return svg(
          'g',
          { class: `square square--${shadeOf.get(code) ?? 0}` },
          svg('title', {}, `${name}: ${figure(value, unit)}`),
          svg('rect', {
            x: column * 10 + 0.4,
            y: row * 10 + 0.4,
            width: 9.2,
            height: 9.2,
            rx: 1.8,
          }),
          svg('text', { x: column * 10 + 5, y: row * 10 + 6.3 }, code),
        );
      }),
    ),
    html(
      'ol',
      { class: 'regions__list' },
      ...ranked
        .slice(0, named)
        .map(({ name, value }) =>
          html(
            'li',
            {},
            html('span', { class: 'regions__name' }, name),
            html('span', { class: 'regions__value' }, shortFigure(value, unit)),
          ),
        ),
    ),
  );
}
