/**
 * @typedef {'carpool' | 'fetch'} Mode
 * @typedef {{ mode: Mode, delayMs: number, stragglerMs: number }} Settings
 */

/** The server takes no longer waits than this. */
const maxDelayMs = 10_000;

/**
 * @param {URLSearchParams} query
 * @param {string} name
 * @param {number} fallback
 */
function readMs(query, name, fallback) {
  const text = query.get(name) ?? '';
  return /^\d{1,5}$/.test(text) && Number(text) <= maxDelayMs ? Number(text) : fallback;
}

/**
 * Reads `?mode=carpool|fetch&delay=ms&straggler=ms`; whatever makes no sense falls back to the default.
 *
 * @param {string} search
 * @returns {Settings}
 */
export function readSettings(search) {
  const query = new URLSearchParams(search);
  return {
    mode: query.get('mode') === 'fetch' ? 'fetch' : 'carpool',
    delayMs: readMs(query, 'delay', 80),
    stragglerMs: readMs(query, 'straggler', 0),
  };
}

/**
 * The other way round, so that a reload or a copied address shows the same.
 *
 * @param {Settings} settings
 */
export function writeSettings({ mode, delayMs, stragglerMs }) {
  return `?${new URLSearchParams({ mode, delay: String(delayMs), straggler: String(stragglerMs) })}`;
}
