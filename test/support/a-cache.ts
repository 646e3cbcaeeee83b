import { vi } from 'vitest';
import type { ParseTtl } from '../../src/core/cache-options.ts';
import type { CacheEvent } from '../../src/core/events.ts';
import { createRules, type Rule } from '../../src/core/rules.ts';
import type { CacheTerms, Call, HeaderList, Reply } from '../../src/core/types.ts';
import { createWhose } from '../../src/core/identity.ts';
import { createCache, type Cache, type CacheParts } from '../../src/layers/cache.ts';
import { createSharedStore, type SharedStore } from '../../src/store/shared-store.ts';
import { onTop, type Flight } from './a-layer.ts';
import { aReply, bytesOf } from './calls.ts';
import { drained } from './drained.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';

export interface Asked extends Partial<Omit<Call, 'cache'>> {
  /** What differs from the terms of a call without hints; null for no cache. */
  readonly cache?: Partial<CacheTerms> | null;
}

export interface CacheBench extends Pick<Cache, 'wrote' | 'invalidate'> {
  readonly flights: Flight[];
  readonly clock: FakeClock;
  readonly events: CacheEvent[];
  /** What has been told since the last time, such as `'miss /a'`. */
  readonly told: () => string[];
  /** Paths of all flights so far. */
  readonly flown: () => string[];
  readonly ask: (path: string, given?: Asked) => Promise<Reply>;
  /** Asks, and has the newest flight answered so; the body is the path's unless given. */
  readonly fill: (path: string, headers?: Fields, given?: Asked) => Promise<Reply>;
  readonly setIdentity: (identity: (() => string | null) | string | null) => void;
  readonly setOnline: (isOnline: boolean) => void;
  /** How many windows are held open. */
  readonly held: () => number;
  /** Lets the look-ups that are under way end, where the store is a slow one. */
  readonly lookUp: () => Promise<void>;
  /** Lets what has to be forgotten on the slow store's disk be forgotten. */
  readonly erase: () => Promise<void>;
  /** Invalidations that the slow store's disk is about to carry out. */
  readonly erasing: () => number;
}

type Fields = Readonly<Record<string, string>>;

export interface CacheBenchParts extends Partial<CacheParts['options']> {
  readonly rules?: readonly Rule[];
  readonly parseTtl?: ParseTtl;
  readonly maxEntries?: number;
  /** Its look-ups and invalidations take until the test says so, as those of a disk do. */
  readonly isSlow?: boolean;
}

/** The moment at which the bench's clocks start, by the wall clock. */
export const start: number = Date.UTC(2026, 0, 15, 12);

export const found = (fields: Fields = {}, given: Partial<Reply> = {}): Reply =>
  aReply({ headers: Object.entries(fields), body: bytesOf('body'), ...given });

export const ageOf = ({ headers }: { readonly headers: HeaderList }): string | undefined =>
  headers.find(([name]) => name === 'age')?.[1];

/** The cache layer over a store in memory, on a clock that stands still until the test moves it. */
export function aCache({
  rules = [],
  maxEntries = 100,
  ...given
}: CacheBenchParts = {}): CacheBench {
  // One tab by itself.
  vi.stubGlobal('BroadcastChannel', undefined);
  const { isSlow = false, parseTtl = (): number => 0, ...own } = given;
  const options = {
    ttlMs: 60_000,
    swrMs: 0,
    sieMs: 0,
    maxBytes: 100_000,
    timeoutMs: 30_000,
    ...own,
  };
  const clock = fakeClock();
  const now = (): number => start + clock.now();
  const events: CacheEvent[] = [];
  let told = 0;
  let identity: () => string | null = () => null;
  let isOnline = true;
  let held = 0;
  const lookUps: (() => void)[] = [];
  const erasures: (() => void)[] = [];
  const tell = (event: CacheEvent): void => {
    events.push(event);
  };
  const whose = createWhose(
    () => identity(),
    (error) => {
      tell({ url: '', outcome: 'failure', reason: 'identity', error });
    },
  );
  const hold = (): (() => void) => {
    held++;
    return () => {
      held--;
    };
  };
  const memory = createSharedStore({
    options: { maxEntries, maxBytes: options.maxBytes },
    name: 'test',
    database: null,
    hold,
    whose,
    isOnline: () => isOnline,
    clock,
    now,
    onEvict: (url) => {
      tell({ url, outcome: 'evicted' });
    },
    onForgotten: () => {},
    onFailure: (reason, error) => {
      tell({ url: '', outcome: 'failure', reason, error });
    },
  });
  const slow: SharedStore = {
    ...memory,
    find: (visit, call) =>
      new Promise((resolve) => {
        lookUps.push(() => {
          resolve(memory.find(visit, call));
        });
      }),
    forget: (filter) => {
      memory.forget(filter);
      const done = new Promise<void>((resolve) => {
        erasures.push(resolve);
      });
      return { isKnown: true, done };
    },
  };
  const { layer, wrote, invalidate } = createCache({
    options,
    store: isSlow ? slow : memory,
    clock,
    now,
    isOnline: () => isOnline,
    findRule: createRules(rules, parseTtl),
    baseUrl: () => 'https://app.test/page',
    tell,
  });
  const bench = onTop(layer);
  const url = (path: string): string => new URL(path, 'https://app.test').href;
  const pathOf = (href: string): string => href.replace('https://app.test', '');
  const terms: CacheTerms = { mode: 'default', ttlMs: undefined, tags: [], credentialed: false };
  const ask: CacheBench['ask'] = (path, { cache = {}, ...rest } = {}) =>
    bench.ask({ url: url(path), who: whose(), cache: cache && { ...terms, ...cache }, ...rest });
  const settle = async (waiting: (() => void)[]): Promise<void> => {
    for (const go of waiting.splice(0)) go();
    await drained();
  };

  return {
    flights: bench.flights,
    clock,
    events,
    wrote,
    invalidate,
    ask,
    told: () =>
      events
        .slice(told, (told = events.length))
        .map(({ outcome, url: href }) => `${outcome} ${pathOf(href)}`.trim()),
    flown: () => bench.flights.map(({ call }) => pathOf(call.url)),
    fill: async (path, fields = {}, more = {}) => {
      const reply = ask(path, more);
      const latest = bench.flights.at(-1);
      latest?.land(found(fields, { url: url(path), body: bytesOf(path) }));
      const landed = await reply;
      await drained();
      return landed;
    },
    setIdentity: (who) => {
      identity = typeof who === 'function' ? who : () => who;
    },
    setOnline: (value) => {
      isOnline = value;
    },
    held: () => held,
    lookUp: () => settle(lookUps),
    erase: () => settle(erasures),
    erasing: () => erasures.length,
  };
}
