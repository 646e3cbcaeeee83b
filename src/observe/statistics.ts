import type { CarpoolEvents, Emit } from '../core/events.ts';

/** What `carpool.stats()` tells, counted since the client was created. */
export interface CarpoolStats {
  /** Calls made through the client, whichever road they took. */
  readonly calls: number;
  /** Calls that rode in batches, and the batches. */
  readonly batched: number;
  readonly batches: number;
  /** Lone calls that went out as a plain native `fetch`. */
  readonly single: number;
  /** Calls that joined an identical one's flight. */
  readonly deduplicated: number;
  /** Calls that could not ride, in all and by reason. */
  readonly bypassed: number;
  readonly bypassReasons: Readonly<Record<string, number>>;
  /** Riding calls that were rejected, for whatever reason. */
  readonly failed: number;
  /** Requests on the wire that batching and deduplication made unnecessary. */
  readonly savedRequests: number;
  /** Bytes of batch bodies, sent and read. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Attempts beyond the first. */
  readonly retries: number;
  readonly cache: CacheStats;
  /** Calls that wait for a batch, and batches that are open, now. */
  readonly waiting: number;
  readonly inFlight: number;
  /** Milliseconds from call to response over the last 1,024 riding calls; undefined without any. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
}

/** What the cache has done since the client was created, and what it holds now. */
export interface CacheStats {
  /** Responses kept, in memory, on disk or both, and roughly their bytes. */
  readonly entries: number;
  readonly bytes: number;
  /** Calls answered from memory or from IndexedDB; `staleHits` of them by a stale response. */
  readonly memoryHits: number;
  readonly storeHits: number;
  readonly staleHits: number;
  /** Calls that had to be asked for. */
  readonly misses: number;
  /** Kept responses that their server has confirmed. */
  readonly revalidations: number;
  /** Kept responses that went to make room. */
  readonly evictions: number;
  /** The share of calls answered without a new response: hits and revalidations; 0 without any. */
  readonly hitRate: number;
}

export interface Statistics {
  /** Takes in what events tell. */
  readonly count: Emit;
  /** Counts what no event tells of. */
  readonly joined: () => void;
  readonly alone: () => void;
  readonly read: () => Omit<CarpoolStats, 'waiting' | 'inFlight' | 'cache'>;
  readonly readCache: (size: Pick<CacheStats, 'entries' | 'bytes'>) => CacheStats;
}

const sampleSize = 1024;

/** Creates the counters of one client. */
export function createStatistics(): Statistics {
  let calls = 0;
  let batched = 0;
  let batches = 0;
  let single = 0;
  let deduplicated = 0;
  let bypassed = 0;
  let failed = 0;
  let bytesUp = 0;
  let bytesDown = 0;
  let retries = 0;
  let confirmed = 0;
  let memoryHits = 0;
  let storeHits = 0;
  let staleHits = 0;
  let misses = 0;
  let revalidations = 0;
  let evictions = 0;
  const bypassReasons: Record<string, number> = {};
  const durations: number[] = [];
  let measured = 0;

  const counters: { [Name in keyof CarpoolEvents]: (event: CarpoolEvents[Name]) => void } = {
    call: ({ status, durationMs }) => {
      calls++;
      if (status === undefined) failed++;
      else durations[measured++ % sampleSize] = durationMs;
    },
    batch: (event) => {
      batches++;
      batched += event.items;
      bytesUp += event.bytesUp;
      bytesDown += event.bytesDown;
    },
    cache: ({ outcome, from, reason }) => {
      const isHit = outcome === 'hit' || outcome === 'stale';
      if (isHit && from === 'memory') memoryHits++;
      else if (isHit) storeHits++;
      if (outcome === 'stale') staleHits++;
      else if (outcome === 'miss') misses++;
      else if (outcome === 'revalidated') revalidations++;
      // In the background it has answered nobody.
      if (outcome === 'revalidated' && !reason) confirmed++;
      else if (outcome === 'evicted') evictions++;
    },
    retry: ({ refused }) => {
      if (refused === undefined) retries++;
    },
    fallback: ({ reason, level }) => {
      // A step of the breaker is no call; and a call that it takes past is told of by its own event.
      if (level) return;
      if (reason !== 'breaker' && reason !== 'too-large') calls++;
      bypassed++;
      bypassReasons[reason] = (bypassReasons[reason] ?? 0) + 1;
    },
  };

  return {
    count: (name, event) => {
      counters[name](event);
    },
    joined: () => {
      deduplicated++;
    },
    alone: () => {
      single++;
    },
    read: () => {
      const sorted = [...durations].sort((a, b) => a - b);
      const at = (share: number): number | undefined =>
        sorted[Math.ceil(sorted.length * share) - 1];
      return {
        calls,
        batched,
        batches,
        single,
        deduplicated,
        bypassed,
        bypassReasons: { ...bypassReasons },
        failed,
        savedRequests: deduplicated + batched - batches,
        bytesUp,
        bytesDown,
        retries,
        p50: at(0.5),
        p95: at(0.95),
        p99: at(0.99),
      };
    },
    readCache: (size) => {
      const answered = memoryHits + storeHits + confirmed;
      return {
        ...size,
        memoryHits,
        storeHits,
        staleHits,
        misses,
        revalidations,
        evictions,
        hitRate: answered / (answered + misses || 1),
      };
    },
  };
}
