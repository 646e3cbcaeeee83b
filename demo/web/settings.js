/**
 * `maxAge` is how long an answer may be kept, in seconds; 0 is no cache at all. `distinct` gives
 * every tile a widget of its own.
 *
 * @typedef {'carpool' | 'fetch'} Mode
 * @typedef {object} Settings
 * @property {Mode} mode
 * @property {number} delayMs
 * @property {number} stragglerMs
 * @property {number} maxAge
 * @property {boolean} distinct
 */

/** The server takes no longer waits than this. */
const maxDelayMs = 10_000;

/** Nor longer lives: a day. */
const maxMaxAge = 86_400;

/**
 * @param {URLSearchParams} query
 * @param {string} name
 * @param {number} most
 * @param {number} fallback
 */
function readWhole(query, name, most, fallback) {
  const text = query.get(name) ?? '';
  return /^\d{1,5}$/.test(text) && Number(text) <= most ? Number(text) : fallback;
}

/**
 * Reads `?mode=carpool|fetch&delay=ms&straggler=ms&cache=seconds&distinct=0|1`; whatever makes no
 * sense falls back to the default.
 *
 * @param {string} search
 * @returns {Settings}
 */
export function readSettings(search) {
  const query = new URLSearchParams(search);
  return {
    mode: query.get('mode') === 'fetch' ? 'fetch' : 'carpool',
    delayMs: readWhole(query, 'delay', maxDelayMs, 80),
    stragglerMs: readWhole(query, 'straggler', maxDelayMs, 0),
    maxAge: readWhole(query, 'cache', maxMaxAge, 0),
    distinct: query.get('distinct') === '1',
  };
}

/**
 * The other way round, so that a reload or a copied address shows the same.
 *
 * @param {Settings} settings
 */
export function writeSettings({ mode, delayMs, stragglerMs, maxAge, distinct }) {
  const query = new URLSearchParams({
    mode,
    delay: String(delayMs),
    straggler: String(stragglerMs),
    cache: String(maxAge),
    distinct: distinct ? '1' : '0',
  });
  return `?${query}`;
}
