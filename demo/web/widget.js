/** @import { Size } from './layout.js' */
/** @import { Source } from './sources.js' */
/** @import { Widget } from '../server/widgets/types.ts' */
import { badge } from './badge.js';
import { html } from './dom.js';
import { draw } from './draw/draw.js';
import { milliseconds } from './format.js';

/**
 * @typedef {object} Load one load of the page, as a widget sees it
 * @property {typeof fetch} fetch
 * @property {AbortSignal} signal
 * @property {(url: string) => Arrival} arrived
 * @property {(url: string, error: unknown) => void} failed
 * @property {() => void} retried
 */

/**
 * How a tile was filled: after how long, as which one, from 1, and from where if there is a cache.
 *
 * @typedef {{ ms: number, order: number, source: Source | null }} Arrival
 */

/**
 * A tile: it knows its URL and its size, fetches the one and fills the other when the answer comes.
 *
 * `data-state` is `loading`, `ready` or `failed`; `data-rendered-at` is the time since the load
 * began, in ms, `data-order` its place in the order of arrival, from 1, and `data-source` where the
 * answer came from, if there is a cache.
 *
 * @param {Size} size
 */
export function createWidget(size) {
  const element = html('article', { class: `card card--${size}` });

  /** @param {string} url */
  function showSkeleton(url) {
    element.dataset['state'] = 'loading';
    element.dataset['url'] = url;
    delete element.dataset['renderedAt'];
    delete element.dataset['order'];
    delete element.dataset['source'];
    element.ariaBusy = 'true';
    const late = url.includes('straggler=');
    element.replaceChildren(
      html(
        'div',
        { class: 'skeleton' },
        html('span', { class: 'skeleton__line' }),
        html('span', { class: 'skeleton__line skeleton__line--short' }),
        html('span', { class: 'skeleton__block' }),
      ),
      html('p', { class: late ? 'card__late' : 'hidden' }, late ? 'Straggler' : 'Loading'),
    );
  }

  /** @param {Widget} widget */
  function showWidget(widget) {
    element.dataset['kind'] = widget.kind;
    element.replaceChildren(
      html(
        'header',
        { class: 'card__head' },
        html('h4', {}, widget.title),
        html('p', { class: 'card__subtitle' }, widget.subtitle),
      ),
      draw(widget),
    );
  }

  /** @param {Arrival} arrival */
  function showArrival({ ms, order, source }) {
    element.dataset['renderedAt'] = ms.toFixed(1);
    element.dataset['order'] = String(order);
    if (source) element.dataset['source'] = source;
    const title = 'From the start of the load until this tile was filled';
    element.append(
      html(
        'p',
        { class: 'card__arrival' },
        ...(source ? [badge(source)] : []),
        html('span', { class: 'card__ms', title }, milliseconds(ms)),
      ),
    );
  }

  /** @param {Load} load @param {string} url */
  function showFailure(load, url) {
    const again = html('button', { type: 'button', class: 'button button--small' }, 'Try again');
    again.addEventListener('click', () => {
      load.retried();
      void start(load, url);
    });
    element.replaceChildren(
      html('div', { class: 'card__failure' }, html('p', {}, "This widget didn't load."), again),
    );
  }

  /**
   * Settles when the tile is filled, has failed, or the load was aborted; never rejects.
   *
   * @param {Load} load
   * @param {string} url
   */
  async function start(load, url) {
    showSkeleton(url);
    try {
      const response = await load.fetch(url, { signal: load.signal });
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
      showWidget(await response.json());
      element.dataset['state'] = 'ready';
      showArrival(load.arrived(url));
    } catch (error) {
      // The next load has taken this tile over already.
      if (load.signal.aborted) return;
      element.dataset['state'] = 'failed';
      showFailure(load, url);
      load.failed(url, error);
    }
    element.ariaBusy = 'false';
  }

  return { element, start };
}
