/**
 * How `url` was last reached, as an ALPN protocol id such as `'h2'`; empty where that isn't known.
 *
 * @see https://www.w3.org/TR/resource-timing/#dom-performanceresourcetiming-nexthopprotocol
 */
export function protocolOf(url: string): string {
  const entry = performance.getEntriesByName(url, 'resource').at(-1);
  return (entry as PerformanceResourceTiming | undefined)?.nextHopProtocol ?? '';
}
