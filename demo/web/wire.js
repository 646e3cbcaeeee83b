/**
 * @typedef {object} WireEntry
 * @property {number} startedAt on `performance.now()`'s clock
 * @property {number} bytes received, heads included
 * @property {boolean} local the browser's own cache has answered it, and nothing was sent
 */

/** @param {string} url */
function isOurs(url) {
  const { pathname } = new URL(url);
  return pathname === '/batch' || pathname.startsWith('/api/widgets/');
}

/**
 * @param {PerformanceResourceTiming} entry
 * @returns {WireEntry}
 */
function toWireEntry({ startTime, transferSize, decodedBodySize }) {
  // What failed has no size at all: it has been sent.
  const local = transferSize === 0 && decodedBodySize > 0;
  return { startedAt: startTime, bytes: transferSize, local };
}

/**
 * Tells of each finished request for widgets, as the browser itself has seen it: a batch is one
 * entry, whatever was in it. A request is reported when its last byte has been read.
 *
 * @param {(entry: WireEntry) => void} report
 */
export function watchWire(report) {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry instanceof PerformanceResourceTiming && isOurs(entry.name)) {
        report(toWireEntry(entry));
      }
    }
    // The observer has its own copy; without this the browser's buffer (250 entries) would fill.
    performance.clearResourceTimings();
  });
  observer.observe({ type: 'resource' });
}
