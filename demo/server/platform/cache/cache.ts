import { BentoCache, bentostore } from 'bentocache';
import type { Bus } from '../bus.ts';
import type { Database } from '../database.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisLink } from '../redis.ts';
import { createBusTransport } from './bus-transport.ts';
import { createFlight, type Entry, type Flight, type Found } from './flight.ts';
import { kinds, patternsOf, tagsOf, toKey, toMatcher, type Kind } from './kinds.ts';
import { createLayers } from './layers.ts';
import { createMemoryLevel } from './memory-level.ts';
import { createRedisLevel } from './redis-level.ts';
import { measure, type Sizes } from './sizes.ts';
import { createSqliteLevel } from './sqlite-level.ts';
import { createCacheCounter, type Counts } from './statistics.ts';

export interface CacheParts {
  readonly database: Database;
  readonly redis: RedisLink | null;
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly log: Log;
  /** How long anybody waits for something fresh where there is something stale. @default 1000 */
  readonly patienceMs?: number;
}

export interface Cache {
  /**
   * What is known of `subject`: from memory, from Redis, from SQLite, or else loaded, once for all who ask
   * at the same time. Where loading fails, what is stale is still found for a day.
   *
   * @throws what `load` throws, if there is nothing stale
   */
  readonly lookUp: <T>(kind: Kind, subject: string, load: () => Promise<T>) => Promise<Found<T>>;
  /**
   * Removes what has one of the tags, or whose key the pattern describes, on all levels and in all processes, and
   * announces the tags.
   *
   * @returns how many entries were removed from levels that this process sees
   */
  readonly invalidate: (what: {
    readonly tags?: readonly string[];
    readonly pattern?: string | undefined;
  }) => Promise<number>;
  readonly countsOf: (kind: Kind) => Counts;
  readonly measure: () => Promise<Sizes>;
  readonly close: () => Promise<void>;
}

const staleMs = 86_400_000;

/** Beyond so many, a whole kind is announced instead. */
const maxAnnouncedKeys = 100;

/**
 * The cache of what is loaded from elsewhere: bentocache over memory and, behind it, Redis and SQLite. Redis may go
 * and come back at any time.
 */
export function createCache({
  database,
  redis: link,
  bus,
  metrics,
  log,
  patienceMs = 1_000,
}: CacheParts): Cache {
  const now = Date.now;
  const counter = createCacheCounter();
  const flights = new Map<
    string,
    { readonly flight: Flight; readonly found: Promise<Found<unknown>> }
  >();
  /** Some go on loading when nobody waits for them any more. */
  const loading = new Set<Flight>();

  const memory = createMemoryLevel(now);
  const sqlite = createSqliteLevel(database, now);
  const redis = link
    ? createRedisLevel(link, {
        now,
        onReturn: (patterns) => bus.announce({ tags: [], patterns }),
      })
    : null;
  const layers = createLayers({
    redis,
    sqlite,
    now,
    onHit: (key, level) => {
      const running = flights.get(key);
      if (running) running.flight.level = level;
    },
  });
  const store = bentostore()
    .useL1Layer({ options: {}, factory: () => memory })
    .useL2Layer({ options: {}, factory: () => layers });
  if (link) {
    store.useBus({
      options: { retryQueue: { enabled: true, maxSize: 1_000 } },
      // What was announced in the meantime is not known: the levels behind it are asked again.
      factory: () => createBusTransport(link, () => memory.clear()),
    });
  }
  const bento = new BentoCache({
    default: 'cache',
    stores: { cache: store },
    prefix: 'carpool',
    timeout: patienceMs,
    graceBackoff: 0,
  });
  bento.use();

  const forget = (patterns: readonly string[]): readonly string[] => {
    const isOutdated = toMatcher(patterns);
    // Who asks from now on must not get what was asked for before.
    for (const [key, { flight }] of flights) {
      if (!isOutdated(key)) continue;
      flight.isOutdated = true;
      flights.delete(key);
    }
    for (const flight of loading) flight.isOutdated ||= isOutdated(flight.key);
    return [...memory.drop(patterns), ...sqlite.drop(patterns)];
  };
  const stopListening = bus.listen(({ tags, patterns = [] }) => {
    const all = [...patterns, ...tags.flatMap(patternsOf)];
    if (all.length > 0) forget(all);
  });

  async function fly<T>(kind: Kind, flight: Flight, load: () => Promise<T>): Promise<Found<T>> {
    const { key } = flight;
    const counts = counter.of(kind);
    const ttlMs = kinds[kind].ttlSeconds * 1000;

    const factory = async (): Promise<Entry<T>> => {
      loading.add(flight);
      try {
        return { value: await load(), storedAt: now() };
      } catch (error) {
        counts.failures++;
        flight.error = error;
        flight.hasFailed = true;
        throw error;
      } finally {
        loading.delete(flight);
      }
    };
    const entry = await bento
      .getOrSet<Entry<T> | undefined>({
        key,
        ttl: ttlMs,
        // Counted from the writing, not from when it is stale.
        grace: ttlMs + staleMs,
        factory: async (context) => {
          const loaded = await factory();
          flight.loaded = loaded;
          flight.isPassedOn = flight.isOutdated;
          if (flight.isPassedOn) return context.skip();
          counts.writes++;
          return loaded;
        },
      })
      .catch((error: unknown) => {
        counts.misses++;
        metrics.cache.inc({ cache: 'market', outcome: 'miss' });
        throw flight.hasFailed ? flight.error : error;
      });

    // Invalidated while it was on its way from one level to another.
    if (flight.isOutdated && !flight.isPassedOn) await bento.delete({ key });

    const { value, storedAt } = (entry ?? flight.loaded) as Entry<T>;
    const ttlSeconds = Math.ceil((storedAt + ttlMs - now()) / 1000);
    const source = flight.loaded ? 'upstream' : (flight.level ?? 'memory');
    const isStale = !flight.loaded && (flight.hasFailed || ttlSeconds <= 0);
    if (isStale) counts.stale++;
    else if (source === 'upstream') counts.misses++;
    else counts.hits[source]++;
    if (flight.hasFailed) log.warn({ key, error: flight.error }, 'answered with what is stale');
    const outcome = isStale ? 'stale' : source === 'upstream' ? 'miss' : source;
    metrics.cache.inc({ cache: 'market', outcome });
    return { value, source, ttlSeconds, isStale, isCollapsed: false, tags: tagsOf(key) };
  }

  async function lookUp<T>(kind: Kind, subject: string, load: () => Promise<T>): Promise<Found<T>> {
    const key = toKey(kind, subject);
    const running = flights.get(key);
    if (running) {
      const found = (await running.found) as Found<T>;
      counter.of(kind).collapsed++;
      metrics.cache.inc({ cache: 'market', outcome: 'collapsed' });
      return { ...found, isCollapsed: true };
    }
    const flight = createFlight(key);
    const found = fly(kind, flight, load);
    flights.set(key, { flight, found });
    try {
      return await found;
    } finally {
      if (flights.get(key)?.flight === flight) flights.delete(key);
    }
  }

  return {
    lookUp,
    invalidate: async ({ tags = [], pattern }) => {
      const patterns = [...tags.flatMap(patternsOf), ...(pattern === undefined ? [] : [pattern])];
      const own = forget(patterns);
      const shared = (await redis?.drop(patterns)) ?? [];
      const keys = [...new Set([...own, ...shared])];
      const removed = keys.map((key) => tagsOf(key)[keys.length > maxAnnouncedKeys ? 0 : 1]!);
      bus.announce({ tags: [...new Set([...tags, ...removed])], patterns });
      return keys.length;
    },
    countsOf: counter.of,
    measure: () => measure(memory, redis, sqlite),
    close: async () => {
      stopListening();
      redis?.close();
      await bento.disconnectAll();
    },
  };
}
