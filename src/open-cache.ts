import type { Wrote } from './cache/writes.ts';
import type { Emit } from './core/events.ts';
import type { Invalidation } from './core/filter.ts';
import type { Whose } from './core/identity.ts';
import type { ResolvedOptions } from './core/options.ts';
import type { Clock, Layer } from './core/types.ts';
import { createCache, type Cache } from './layers/cache.ts';
import { createDatabase } from './store/indexeddb.ts';
import { createSharedStore } from './store/shared-store.ts';

export interface OpenCacheParts {
  readonly clock: Clock;
  /** The wall clock, in ms. */
  readonly wallNow: () => number;
  readonly isOnline: () => boolean;
  readonly whose: Whose;
  readonly hold: () => () => void;
  /** What a relative URL is relative to. */
  readonly baseUrl: () => string | undefined;
  /** Something has been invalidated, here or in another tab. */
  readonly onForgotten: () => void;
  readonly emit: Emit;
}

/** The cache layer and the store beneath it, as one client sees them. */
export interface OpenCache {
  /** None where there is no cache. */
  readonly layers: readonly Layer[];
  readonly recall: Cache['recall'];
  readonly wrote: Wrote;
  readonly noteWrites: Layer;
  readonly invalidate: (what: Invalidation) => Promise<void>;
  /** Writes what waits to be written. */
  readonly flush: () => Promise<void>;
  /** The page may get into the back/forward cache. */
  readonly sleep: () => void;
  /** It has come back from there. */
  readonly wake: () => void;
  readonly size: () => { readonly entries: number; readonly bytes: number };
  readonly close: () => void;
}

const noCache: OpenCache = {
  layers: [],
  recall: () => undefined,
  wrote: () => undefined,
  noteWrites: (next) => next,
  invalidate: () => Promise.resolve(),
  flush: () => Promise.resolve(),
  sleep: () => {},
  wake: () => {},
  size: () => ({ entries: 0, bytes: 0 }),
  close: () => {},
};

/** Opens the cache that the options ask for, if any. */
export function openCache(
  { cache: options, endpoint, findRule, timeoutMs }: ResolvedOptions,
  { clock, wallNow: now, isOnline, whose, hold, baseUrl, onForgotten, emit }: OpenCacheParts,
): OpenCache {
  if (!options) return noCache;
  const name = `${options.name} ${endpoint}`;
  const store = createSharedStore({
    options,
    name,
    database: options.persist && 'indexedDB' in globalThis ? createDatabase(name) : null,
    whose,
    clock,
    now,
    isOnline,
    hold,
    onEvict: (url) => {
      emit('cache', { url, outcome: 'evicted' });
    },
    onForgotten,
    onFailure: (reason, error) => {
      emit('cache', { url: '', outcome: 'failure', reason, error });
    },
  });
  const { layer, ...cache } = createCache({
    options: { ...options, timeoutMs },
    store,
    clock,
    now,
    isOnline,
    findRule,
    baseUrl,
    tell: (event) => {
      emit('cache', event);
    },
  });
  return { ...store, ...cache, layers: [layer] };
}
