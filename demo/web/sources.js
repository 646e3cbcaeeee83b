/** @import { CarpoolEvents } from '/assets/carpool.min.js' */
/** @import { Carpool } from './clients.js' */

/**
 * Where an answer came from; `validated` is one that was kept, and asked after before it was used.
 *
 * @typedef {'network' | 'validated' | 'memory' | 'disk'} Source
 * @typedef {CarpoolEvents['cache']} CacheEvent
 */

/** Enough for many loads; a page that is left open must not collect for ever. */
const maxEvents = 2000;

/**
 * @param {CacheEvent} event
 * @returns {Source | undefined}
 */
function toSource({ outcome, from }) {
  if (outcome === 'hit' || outcome === 'stale') return from === 'store' ? 'disk' : 'memory';
  if (outcome === 'miss') return 'network';
  if (outcome === 'revalidated') return 'validated';
  return undefined;
}

/** Remembers where each URL's answer came from, as the cache tells. */
export function createSources() {
  /** @type {Map<string, Source>} */
  const sources = new Map();
  /** @type {CacheEvent[]} */
  const events = [];
  /** @type {Carpool | undefined} */
  let watched;

  return {
    /** What the cache has told, oldest first. @type {readonly CacheEvent[]} */
    events,

    /**
     * A new load begins: what earlier ones have brought is forgotten.
     *
     * @param {Carpool} carpool
     */
    watch(carpool) {
      sources.clear();
      if (carpool === watched) return;
      watched = carpool;
      carpool.on('cache', (event) => {
        events.push(event);
        if (events.length > maxEvents) events.shift();
        const source = toSource(event);
        if (source) sources.set(event.url, source);
      });
    },

    /** @param {string} url */
    of: (url) => sources.get(new URL(url, location.href).href) ?? 'network',
  };
}
