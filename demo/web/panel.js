/** @import { Mode } from './settings.js' */
/** @import { Result } from './run.js' */
import { createArrivals } from './arrivals.js';
import { allSources, badge } from './badge.js';
import { find, html } from './dom.js';
import { kilobytes, milliseconds } from './format.js';

const pending = '…';

/** @type {Record<string, (result: Result) => string>} */
const measures = {
  requests: ({ requests, isCounted }) => (isCounted ? String(requests) : pending),
  bytes: ({ bytes, isCounted }) => (isCounted ? kilobytes(bytes) : pending),
  cache: ({ cache }) => (cache === null ? '–' : `${cache.hits} of ${cache.lookups}`),
  firstMs: ({ firstMs }) => (firstMs === null ? pending : milliseconds(firstMs)),
  medianMs: ({ medianMs }) => (medianMs === null ? pending : milliseconds(medianMs)),
  lastMs: ({ lastMs }) => (lastMs === null ? pending : milliseconds(lastMs)),
};

/** @type {Record<Mode, string>} */
const names = { carpool: 'Carpool', fetch: 'Plain fetch' };

/** @param {Result} result */
function sentence({ mode, state, widgets, failed, requests, bytes, cache, lastMs }) {
  if (state === 'loading') return `${names[mode]}: loading ${widgets} widgets…`;
  const sent = `${requests} ${requests === 1 ? 'request' : 'requests'}`;
  const kept = cache === null ? '' : `, ${cache.hits} of ${cache.lookups} from the cache`;
  const trouble = failed === 0 ? '' : `, ${failed} failed`;
  const last = lastMs === null ? '' : `, last after ${milliseconds(lastMs)}`;
  return `${names[mode]}: ${widgets} widgets, ${sent}, ${kilobytes(bytes)}${kept}${last}${trouble}`;
}

/**
 * The line that says what the tiles' badges mean, and how many there are of each.
 *
 * @param {HTMLElement} root
 */
function createSources(root) {
  const counts = allSources.map((source) => {
    const count = html('b', {});
    root.append(html('li', { 'data-source': source }, badge(source), count));
    return { source, count };
  });

  /** @param {Result} result */
  return ({ cache, sources }) => {
    root.hidden = cache === null;
    for (const { source, count } of counts) count.textContent = String(sources[source]);
  };
}

/** The panel's counts and strips. `show` may be called as often as anything changes. */
export function createPanel() {
  const table = find('#counts', HTMLTableElement);
  const live = find('#live', HTMLElement);
  const arrivals = createArrivals(find('.arrivals__rows', HTMLElement));
  const showSources = createSources(find('#sources', HTMLElement));

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let announcing;

  /** @param {string} text */
  function announce(text) {
    clearTimeout(announcing);
    // The counts come in a burst; a screen reader should hear the last of them, once.
    announcing = setTimeout(() => {
      if (live.textContent !== text) live.textContent = text;
    }, 120);
  }

  return {
    /**
     * @param {Partial<Record<Mode, Result>>} results
     * @param {Mode} current
     */
    show(results, current) {
      for (const [measure, text] of Object.entries(measures)) {
        for (const mode of /** @type {const} */ (['carpool', 'fetch'])) {
          const result = results[mode];
          const cell = find(`[data-measure=${measure}] [data-mode=${mode}]`, HTMLElement, table);
          cell.textContent = result ? text(result) : '–';
        }
      }
      table.dataset['current'] = current;
      arrivals.show(results);
      const result = results[current];
      if (!result) return;
      showSources(result);
      announce(sentence(result));
    },
  };
}
