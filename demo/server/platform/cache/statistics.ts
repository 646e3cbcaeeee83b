import type { Metrics } from '../metrics.ts';
import { kindNames, type Kind } from './kinds.ts';

/** Where an answer came from: a level, or what it was loaded from. */
export type Source = 'memory' | 'redis' | 'sqlite' | 'upstream';

/** What became of look-ups of one kind since the start. */
export interface Counts {
  /** Answered by what was fresh. */
  readonly hits: Readonly<Record<Exclude<Source, 'upstream'>, number>>;
  /** Loaded, or tried to. */
  readonly misses: number;
  /** Waited for another's loading of the same. */
  readonly collapsed: number;
  /** Answered by what was no longer fresh, because loading failed or took too long. */
  readonly stale: number;
  /** Loading failed, whether or not there was something stale. */
  readonly failures: number;
  readonly writes: number;
}

/** What is counted: a level that answered, or another outcome. */
export type Outcome = keyof Counts['hits'] | Exclude<keyof Counts, 'hits'>;

export interface CacheCounter {
  readonly note: (kind: Kind, outcome: Outcome) => void;
  readonly of: (kind: Kind) => Counts;
}

/** Counts for the statistics of the cache, and for the metrics of the server. */
export function createCacheCounter(metrics: Metrics): CacheCounter {
  const zeros: Readonly<Record<Outcome, number>> = {
    memory: 0,
    redis: 0,
    sqlite: 0,
    misses: 0,
    collapsed: 0,
    stale: 0,
    failures: 0,
    writes: 0,
  };
  const counts = new Map(kindNames.map((kind) => [kind, { ...zeros }]));
  return {
    note: (kind, outcome) => {
      counts.get(kind)![outcome]++;
      metrics.cache.inc({ cache: kind, outcome });
    },
    of: (kind) => {
      const { memory, redis, sqlite, ...others } = counts.get(kind)!;
      return { hits: { memory, redis, sqlite }, ...others };
    },
  };
}

/** The share of look-ups that nothing had to be loaded for, from 0 to 1; 0 before the first. */
export function hitRateOf({ hits, misses, collapsed, stale }: Counts): number {
  const fresh = hits.memory + hits.redis + hits.sqlite + collapsed;
  const all = fresh + misses + stale;
  return all === 0 ? 0 : Math.round((fresh / all) * 10_000) / 10_000;
}

/** The counts of all kinds together. */
export const sum = (all: readonly Counts[]): Counts => {
  const total = (pick: (counts: Counts) => number) =>
    all.reduce((so, counts) => so + pick(counts), 0);
  return {
    hits: {
      memory: total(({ hits }) => hits.memory),
      redis: total(({ hits }) => hits.redis),
      sqlite: total(({ hits }) => hits.sqlite),
    },
    misses: total(({ misses }) => misses),
    collapsed: total(({ collapsed }) => collapsed),
    stale: total(({ stale }) => stale),
    failures: total(({ failures }) => failures),
    writes: total(({ writes }) => writes),
  };
};
