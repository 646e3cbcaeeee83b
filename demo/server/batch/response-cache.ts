import type { MiddlewareHandler } from 'hono';
import { LRUCache } from 'lru-cache';
import type { AppContext, AppEnv } from '../http/context.ts';
import { isMatch, toUnchanged } from '../http/etag.ts';
import { isItem } from '../http/tracing.ts';
import type { Bus } from '../platform/bus.ts';
import type { Metrics } from '../platform/metrics.ts';
import { directivesOf, keepingMs, tagsOf, toleratedAgeMs } from './freshness.ts';

export interface ResponseCacheOptions {
  /** @default 2000 */
  readonly maxEntries?: number;
  /** The longest that anything is kept, in ms. @default 120_000 */
  readonly ttlMs?: number;
  /** Milliseconds; monotonic. */
  readonly now?: () => number;
}

interface Kept {
  readonly user: string;
  readonly path: string;
  readonly tags: readonly string[];
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ArrayBuffer;
  readonly etag: string | null;
  readonly at: number;
  readonly untilMs: number;
}

/** Of all bodies together, and of one. */
const [maxBytes, maxEntryBytes] = [64_000_000, 640_000];
const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether one path is the other, or leads to it: a collection and what is in it. */
const isRelated = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);

function toResponse(kept: Kept, now: number, ifNoneMatch: string | undefined): Response {
  const response = isMatch(ifNoneMatch, kept.etag)
    ? toUnchanged(kept.headers)
    : new Response(kept.body, { headers: kept.headers.map(([...field]) => field) });
  const { headers } = response;
  headers.set('age', String(Math.floor((now - kept.at) / 1000)));
  headers.set('cache-status', `carpool-demo; hit; ttl=${Math.floor((kept.untilMs - now) / 1000)}`);
  return response;
}

/**
 * Keeps what items of batches got, each user's apart: 200 answers to GETs that allow it, by
 * `Cache-Control: max-age` or by naming a `Cache-Tag` that takes them back; least recently used out first.
 * It stands behind the guard and the limits: a hit is a request like any other.
 *
 * A write that succeeds, in a batch or not, takes back what has a tag of its answer, and what is at its
 * path, above it or below it; an announcement, what has one of its tags. What was asked for before
 * such an event and answered after it is not kept.
 */
export function createResponseCache(
  { bus, metrics }: { readonly bus: Bus; readonly metrics: Metrics },
  { maxEntries = 2000, ttlMs = 120_000, now = () => performance.now() }: ResponseCacheOptions = {},
): MiddlewareHandler<AppEnv> {
  const entries = new LRUCache<string, Kept>({
    max: maxEntries,
    maxSize: maxBytes,
    maxEntrySize: maxEntryBytes,
    // A size is at least 1.
    sizeCalculation: ({ body }) => body.byteLength + 1,
  });
  /** Counts what has been taken back. */
  let epoch = 0;

  const takeBack = (isMeant: (kept: Kept) => boolean): void => {
    epoch++;
    for (const [key, kept] of entries.entries()) if (isMeant(kept)) entries.delete(key);
  };
  bus.listen(({ tags, user }) => {
    takeBack(
      (kept) =>
        (user === undefined || user === kept.user) && kept.tags.some((tag) => tags.includes(tag)),
    );
  });

  const find = (key: string, oldestMs: number): Kept | undefined => {
    const kept = entries.get(key);
    if (kept === undefined || now() - kept.at > oldestMs) return undefined;
    if (now() < kept.untilMs) return kept;
    entries.delete(key);
    return undefined;
  };
  const keep = async (
    key: string,
    user: string,
    c: AppContext,
    before: number,
  ): Promise<boolean> => {
    const forMs = keepingMs(c.res, ttlMs);
    if (forMs === 0) return false;
    const { headers } = c.res;
    const body = await c.res.clone().arrayBuffer();
    if (epoch !== before) return false;
    const at = now();
    entries.set(key, {
      user,
      path: c.req.path,
      tags: tagsOf(headers),
      headers: [...headers],
      body,
      etag: headers.get('etag'),
      at,
      untilMs: at + forMs,
    });
    return entries.has(key);
  };

  return async (c, next) => {
    if (!safe.has(c.req.method)) {
      await next();
      if (c.res.status >= 400) return undefined;
      const tags = tagsOf(c.res.headers);
      const { path } = c.req;
      takeBack((kept) => isRelated(kept.path, path) || kept.tags.some((tag) => tags.includes(tag)));
      return undefined;
    }
    const user = (c.get('user') as AppEnv['Variables']['user'] | undefined)?.id;
    const asked = directivesOf(c.req.header('cache-control') ?? c.req.header('pragma'));
    const isOurs = isItem(c) && c.req.method === 'GET' && c.req.header('range') === undefined;
    if (user === undefined || !isOurs || asked.has('no-store')) return next();

    const key = [user, c.req.header('accept') ?? '', c.req.url].join('\n');
    const kept = find(key, toleratedAgeMs(asked));
    if (kept) {
      metrics.cache.inc({ cache: 'responses', outcome: 'hit' });
      return toResponse(kept, now(), c.req.header('if-none-match'));
    }
    const before = epoch;
    await next();
    const isKept = await keep(key, user, c, before);
    metrics.cache.inc({ cache: 'responses', outcome: isKept ? 'miss' : 'not kept' });
    return undefined;
  };
}
