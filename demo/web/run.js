/** @import { Mode } from './settings.js' */
/** @import { Source } from './sources.js' */
/** @import { WireEntry } from './wire.js' */

/**
 * How many calls the cache was asked about, and how many of them it answered without a request.
 *
 * @typedef {{ hits: number, lookups: number }} CacheCount
 */

/**
 * What one load of the page has cost so far.
 *
 * @typedef {object} Result
 * @property {Mode} mode
 * @property {'loading' | 'done'} state `done`: every widget is rendered or has failed
 * @property {number} widgets
 * @property {number} failed
 * @property {number} requests on the wire, finished
 * @property {boolean} isCounted false while requests may still be reported
 * @property {number} bytes received by them
 * @property {CacheCount | null} cache null without one
 * @property {Readonly<Record<Source, number>>} sources tiles by where their answer came from
 * @property {number | null} firstMs from the start of the load until a widget was on the page
 * @property {number | null} medianMs
 * @property {number | null} lastMs
 * @property {readonly number[]} arrivalsMs in order of arrival
 */

/**
 * Keeps the books of one load.
 *
 * @param {Mode} mode
 * @param {number} widgets how many will arrive or fail
 * @param {number} startedAt on `performance.now()`'s clock
 * @param {(() => CacheCount) | null} readCache the cache's own count, since whenever
 */
export function createRun(mode, widgets, startedAt, readCache) {
  /** @type {number[]} */
  const arrivalsMs = [];
  /** @type {Record<Source, number>} */
  const sources = { network: 0, validated: 0, memory: 0, disk: 0 };
  const before = readCache?.();
  let failed = 0;
  let requests = 0;
  let local = 0;
  let bytes = 0;

  /** @type {CacheCount | null} */
  let cache = null;
  function count() {
    if (!readCache || !before) return;
    const { hits, lookups } = readCache();
    cache = { hits: hits - before.hits, lookups: lookups - before.lookups };
  }

  return {
    startedAt,

    /**
     * @param {number} now
     * @param {Source | null} source
     * @returns how long the widget took, and as which one it came, from 1
     */
    arrived(now, source) {
      if (source) sources[source]++;
      // Not when the result is read: by then the cache may have answered others.
      count();
      return { ms: now - startedAt, order: arrivalsMs.push(now - startedAt), source };
    },

    failed() {
      failed++;
      count();
    },

    /** A widget that had failed is fetched once more. */
    retried() {
      failed--;
    },

    /** @param {WireEntry} entry */
    counted(entry) {
      if (entry.local) local++;
      else requests++;
      bytes += entry.bytes;
    },

    /** @returns {Result} */
    result() {
      const settled = arrivalsMs.length + failed >= widgets;
      return {
        mode,
        state: settled ? 'done' : 'loading',
        widgets,
        failed,
        requests,
        // Requests are reported late. That there is none to come is certain if the cache had it all.
        isCounted: requests + local > 0 || (settled && isComplete(cache)),
        bytes,
        cache,
        sources: { ...sources },
        firstMs: arrivalsMs[0] ?? null,
        medianMs: median(arrivalsMs, settled ? arrivalsMs.length : widgets),
        lastMs: settled ? (arrivalsMs.at(-1) ?? null) : null,
        arrivalsMs: [...arrivalsMs],
      };
    },
  };
}

/** @param {CacheCount | null} cache */
const isComplete = (cache) => cache !== null && cache.hits === cache.lookups;

/**
 * The middle of `count` values, of which the smallest are known: as soon as half of them are, so is
 * the median.
 *
 * @param {readonly number[]} sorted
 * @param {number} [count]
 * @returns {number | null}
 */
export function median(sorted, count = sorted.length) {
  const upper = sorted[Math.floor(count / 2)];
  const lower = sorted[Math.floor((count - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
