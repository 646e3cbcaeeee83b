import { LRUCache } from 'lru-cache';

/** An answer, and what it was to. */
export interface Result {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ArrayBuffer | null;
}

/** What is known under a key; without a result, it is still being worked on. */
export interface Known {
  readonly fingerprint: string;
  readonly result: Result | null;
}

/** Nobody has begun it: whoever gets this does, and tells the result, or null for none that is to be kept. */
export interface Begun {
  readonly finish: (result: Result | null) => Promise<void>;
}

/** Remembers which requests have been begun, and how they ended. */
export interface IdempotencyStore {
  /** Of two that begin the same, one is told so. */
  readonly begin: (name: string, fingerprint: string) => Promise<Known | Begun>;
  /** Whether there is anything under this name. */
  readonly has: (name: string) => boolean;
}

export interface MemoryStoreOptions {
  /** The most results that are kept; those used longest ago go first. @default 1000 */
  readonly maxResults?: number;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

export const keptMs = 24 * 3_600_000;

export function createMemoryStore({
  maxResults = 1000,
  now = Date.now,
}: MemoryStoreOptions = {}): IdempotencyStore {
  const finished = new LRUCache<string, Known>({
    max: maxResults,
    ttl: keptMs,
    ttlResolution: 0,
    perf: { now },
  });
  /** Fingerprints of what is being worked on, apart from what may be pushed out: a second one must not start. */
  const running = new Map<string, string>();
  return {
    has: (name) => running.has(name) || finished.has(name),
    // Nothing waits in here.
    begin: async (name, fingerprint) => {
      const earlier = running.get(name);
      if (earlier !== undefined) return { fingerprint: earlier, result: null };
      const known = finished.get(name);
      if (known) return known;
      running.set(name, fingerprint);
      return {
        finish: async (result) => {
          running.delete(name);
          if (result) finished.set(name, { fingerprint, result });
        },
      };
    },
  };
}
