import type { Found } from '../platform/cache/found.ts';

/** The name of this server's cache in `Cache-Status`. */
const cacheName = 'carpool';

/**
 * What the cache did, as RFC 9211 has it: `carpool; hit; ttl=212; detail=memory`, or
 * `carpool; fwd=miss; stored; ttl=300`. What is stale was asked for anew, in vain.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9211
 */
export function toCacheStatus({
  source,
  ttlSeconds,
  isStale,
  isCollapsed,
}: Found<unknown>): string {
  const ttl = `ttl=${ttlSeconds}`;
  const detail = `detail=${source}`;
  if (isStale) return [cacheName, 'fwd=stale', ttl, detail].join('; ');
  if (source !== 'upstream') return [cacheName, 'hit', ttl, detail].join('; ');
  return [cacheName, 'fwd=miss', isCollapsed ? 'collapsed' : 'stored', ttl].join('; ');
}

/** The fields of an answer that was found in the cache: clients may keep it for what is left of its time. */
export function toCacheFields(found: Found<unknown>): Record<string, string> {
  const seconds = found.isStale ? 0 : Math.max(0, found.ttlSeconds);
  return {
    'cache-control': `private, max-age=${seconds}`,
    'cache-tag': found.tags.join(', '),
    'cache-status': toCacheStatus(found),
  };
}
