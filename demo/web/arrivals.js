/** @import { Mode } from './settings.js' */
/** @import { Result } from './run.js' */
import { html, svg } from './dom.js';
import { milliseconds } from './format.js';

/**
 * Rounds up to a number that reads well at the end of an axis.
 *
 * @param {number} ms
 */
export function axisEnd(ms) {
  const power = 10 ** Math.floor(Math.log10(Math.max(ms, 10)));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= ms) ?? 10;
  return step * power;
}

/**
 * One strip a mode, a tick a widget, both on one scale.
 *
 * @param {HTMLElement} root
 */
export function createArrivals(root) {
  const strips = /** @type {const} */ (['carpool', 'fetch']).map((mode) => {
    const plot = svg('svg', { class: 'strip__plot', role: 'img' });
    const name = mode === 'carpool' ? 'Carpool' : 'Plain fetch';
    const label = html('span', { class: 'strip__name' }, name);
    root.append(html('div', { class: 'strip', 'data-mode': mode }, label, plot));
    return { mode, name, plot };
  });
  const axis = html('div', { class: 'strip__axis', 'aria-hidden': 'true' });
  root.append(axis);

  return {
    /** @param {Partial<Record<Mode, Result>>} results */
    show(results) {
      const latest = Object.values(results).flatMap(({ arrivalsMs }) => arrivalsMs.slice(-1));
      const end = axisEnd(Math.max(100, ...latest));

      for (const { mode, name, plot } of strips) {
        const arrivals = results[mode]?.arrivalsMs ?? [];
        plot.ariaLabel = `${name}: ${arrivals.length} widgets, ${describe(arrivals)}`;
        plot.replaceChildren(
          svg('line', { class: 'strip__base', x1: '0%', x2: '100%', y1: '50%', y2: '50%' }),
          ...arrivals.map((ms) => {
            const x = `${((ms / end) * 100).toFixed(2)}%`;
            return svg('line', { class: 'strip__tick', x1: x, x2: x, y1: '12%', y2: '88%' });
          }),
        );
      }
      axis.replaceChildren(
        ...[0, 0.25, 0.5, 0.75, 1].map((share) => html('span', {}, milliseconds(share * end))),
      );
    },
  };
}

/** @param {readonly number[]} arrivals */
function describe(arrivals) {
  const first = arrivals[0];
  const last = arrivals.at(-1);
  if (first === undefined || last === undefined) return 'not run yet';
  return `from ${milliseconds(first)} to ${milliseconds(last)}`;
}
