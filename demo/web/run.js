/** @import { Mode } from './settings.js' */
/** @import { WireEntry } from './wire.js' */

/**
 * What one load of the page has cost so far.
 *
 * @typedef {object} Result
 * @property {Mode} mode
 * @property {'loading' | 'done'} state `done`: every widget is rendered or has failed
 * @property {number} widgets
 * @property {number} failed
 * @property {number} requests on the wire, finished
 * @property {number} bytes received by them
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
 */
export function createRun(mode, widgets, startedAt) {
  /** @type {number[]} */
  const arrivalsMs = [];
  let failed = 0;
  let requests = 0;
  let bytes = 0;

  return {
    startedAt,

    /**
     * @param {number} now
     * @returns how long the widget took, and as which one it came, from 1
     */
    arrived(now) {
      return { ms: now - startedAt, order: arrivalsMs.push(now - startedAt) };
    },

    failed() {
      failed++;
    },

    /** A widget that had failed is fetched once more. */
    retried() {
      failed--;
    },

    /** @param {WireEntry} entry */
    counted(entry) {
      requests++;
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
        bytes,
        firstMs: arrivalsMs[0] ?? null,
        medianMs: median(arrivalsMs, settled ? arrivalsMs.length : widgets),
        lastMs: settled ? (arrivalsMs.at(-1) ?? null) : null,
        arrivalsMs: [...arrivalsMs],
      };
    },
  };
}

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
