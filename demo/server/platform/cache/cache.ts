import type { Bus } from '../bus.ts';
import type { Database } from '../database.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisLink } from '../redis.ts';
import { createFlights, type Flight } from './flights.ts';
import { toFound, type Entry, type Found } from './found.ts';
import { kinds, patternsOf, tagsOf, toKey, toMatcher, type Kind } from './kinds.ts';
import { createLevels } from './levels.ts';
import { measure, type Sizes } from './sizes.ts';
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

/** Beyond so many, whole kinds are announced instead. */
const maxAnnouncedKeys = 100;

/**
 * The cache of what is loaded from elsewhere. Redis may go and come back at any time.
 *
 * Tags are not bentocache's: those are looked up at each hit, and leave what they invalidate to be found stale.
 */
export function createCache({
  database,
  redis: link,
  bus,
  metrics,
  log,
  patienceMs = 1_000,
}: CacheParts): Cache {
  const counter = createCacheCounter(metrics);
  const flights = createFlights();
  const { all, memory, redis, sqlite, close } = createLevels({
    database,
    redis: link,
    patienceMs,
    onHit: (key, level) => {
      const flight = flights.find(key);
      if (flight) flight.level = level;
    },
    onReturn: (patterns) => bus.announce({ tags: [], patterns }),
  });

  const forget = (patterns: readonly string[]): readonly string[] => {
    flights.outdate(toMatcher(patterns));
    return [...memory.drop(patterns), ...sqlite.drop(patterns)];
  };
  const stopListening = bus.listen(({ tags, patterns = [] }) => {
    const heard = [...patterns, ...tags.flatMap(patternsOf)];
    if (heard.length > 0) forget(heard);
  });

  async function fly<T>(kind: Kind, flight: Flight, load: () => Promise<T>): Promise<Found<T>> {
    const { key } = flight;
    const ttlMs = kinds[kind].ttlSeconds * 1000;
    let loaded: Entry<T> | undefined;
    let isKept = true;
    let failure: { readonly error: unknown } | undefined;

    const entry = await all
      .getOrSet<Entry<T> | undefined>({
        key,
        ttl: ttlMs,
        // Counted from the writing, not from when it is stale.
        grace: ttlMs + staleMs,
        factory: async (context) => {
          try {
            loaded = { value: await flights.load(flight, load), storedAt: Date.now() };
          } catch (error) {
            counter.note(kind, 'failures');
            failure = { error };
            throw error;
          }
          isKept = !flight.isOutdated;
          if (!isKept) return context.skip();
          counter.note(kind, 'writes');
          return loaded;
        },
      })
      .catch((error: unknown) => {
        counter.note(kind, 'misses');
        throw failure ? failure.error : error;
      });

    // Invalidated on its way from one level to another.
    if (flight.isOutdated && isKept) await all.delete({ key });

    if (loaded) {
      counter.note(kind, 'misses');
      return toFound(kind, key, loaded, 'upstream', false);
    }
    const source = flight.level ?? 'memory';
    const found = toFound(kind, key, entry!, source, failure !== undefined);
    counter.note(kind, found.isStale ? 'stale' : source);
    if (failure) log.warn({ key, error: failure.error }, 'answered with what is stale');
    return found;
  }

  return {
    lookUp: async (kind, subject, load) => {
      const found = await flights.join(toKey(kind, subject), (flight) => fly(kind, flight, load));
      if (found.isCollapsed) counter.note(kind, 'collapsed');
      return found;
    },
    invalidate: async ({ tags = [], pattern }) => {
      const patterns = [...tags.flatMap(patternsOf), ...(pattern === undefined ? [] : [pattern])];
      const own = forget(patterns);
      const shared = (await redis?.drop(patterns)) ?? [];
      const keys = [...new Set([...own, ...shared])];
      const [whole, single] = [0, 1];
      const removed = keys.map(
        (key) => tagsOf(key)[keys.length > maxAnnouncedKeys ? whole : single]!,
      );
      bus.announce({ tags: [...new Set([...tags, ...removed])], patterns });
      return keys.length;
    },
    countsOf: counter.of,
    measure: () => measure(memory, redis, sqlite),
    close: async () => {
      stopListening();
      await close();
    },
  };
}
