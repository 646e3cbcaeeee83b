import type { Priority } from './types.ts';

/** A call has been settled. */
export interface CallEvent {
  readonly url: string;
  readonly method: string;
  readonly priority: Priority;
  /** The response's status; undefined where the call was rejected. */
  readonly status?: number | undefined;
  /** What it was rejected with. */
  readonly error?: unknown;
  /** Milliseconds from the call to its response. */
  readonly durationMs: number;
}

/** A batch has ended. */
export interface BatchEvent {
  readonly id: string;
  readonly endpoint: string;
  /** Calls in it, and how many of them were answered. */
  readonly items: number;
  readonly answered: number;
  /** The status of the whole; undefined where none was received. */
  readonly status?: number | undefined;
  /** Bytes of the request body as it was sent, and of the response body as it was read. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Milliseconds from sending to the first part (undefined without one), and to the end. */
  readonly firstPartMs?: number | undefined;
  readonly durationMs: number;
  /**
   * How the answer came: part by part (`streamed`), as one JSON document (`buffered`), or as a stream
   * whose parts came all `together` though the server had some ready earlier: something on the way
   * holds it back. Undefined where none came to its end.
   */
  readonly delivery?: 'streamed' | 'buffered' | 'together' | undefined;
  /** Answers left out, since nobody had asked for them or they came twice. */
  readonly strays: number;
  /** URLs of calls whose `Set-Cookie` could not be applied: route them past with `batch: false`. */
  readonly droppedSetCookie: readonly string[];
  /** Why it ended early; undefined where it came to its end. */
  readonly error?: unknown;
}

/** What the cache did. */
export interface CacheEvent {
  /** Empty where it is about the storage as such. */
  readonly url: string;
  /**
   * - `hit`, `stale`: answered from what is kept, fresh or not.
   * - `miss`: asked for; `revalidated`: asked whether what is kept still holds, and it does.
   * - `stored`, `invalidated`, `evicted`: what became of a kept response.
   * - `failure`: the storage failed, `reason` says how; calls go on without it.
   */
  readonly outcome:
    'hit' | 'stale' | 'miss' | 'revalidated' | 'stored' | 'invalidated' | 'evicted' | 'failure';
  /** Where an answer was found: in memory or in IndexedDB. */
  readonly from?: 'memory' | 'store' | undefined;
  /** Of a failure; `background` for a revalidation that no call waited for. */
  readonly reason?: string | undefined;
  readonly error?: unknown;
}

/** A call's attempt has failed; it will be made again unless `refused` says why not. */
export interface RetryEvent {
  readonly url: string;
  readonly method: string;
  /** Which retry: 1 for the first. */
  readonly attempt: number;
  /** Milliseconds until then. */
  readonly delayMs?: number | undefined;
  /** What the attempt came to. */
  readonly status?: number | undefined;
  readonly error?: unknown;
  /** Too many retries already, no time left, no network, or a call that may not be made twice. */
  readonly refused?: 'budget' | 'deadline' | 'offline' | 'unsafe' | undefined;
}

/** How an endpoint is used: `unbatched`, calls go past it to native `fetch`. */
export type Level = 'streamed' | 'buffered' | 'unbatched';

/** A call could not ride and went to native `fetch`; or, with a `level`, what its endpoint has come to. */
export interface FallbackEvent {
  readonly url: string;
  readonly method: string;
  readonly reason: string;
  /** The endpoint `url` is used in this way from now on. */
  readonly level?: Level | undefined;
}

/** What `carpool.on` tells of, by name. */
export interface CarpoolEvents {
  readonly call: CallEvent;
  readonly batch: BatchEvent;
  readonly cache: CacheEvent;
  readonly retry: RetryEvent;
  readonly fallback: FallbackEvent;
}

/** Tells whoever listens. */
export type Emit = <Name extends keyof CarpoolEvents>(
  name: Name,
  event: CarpoolEvents[Name],
) => void;
