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
  /** Answers left out, since nobody had asked for them or they came twice. */
  readonly strays: number;
  /** URLs of calls whose `Set-Cookie` could not be applied: route them past with `batch: false`. */
  readonly droppedSetCookie: readonly string[];
  /** Why it ended early; undefined where it came to its end. */
  readonly error?: unknown;
}

/** A call could not ride and went to native `fetch`. */
export interface FallbackEvent {
  readonly url: string;
  readonly method: string;
  readonly reason: string;
}

/** What `carpool.on` tells of, by name. */
export interface CarpoolEvents {
  readonly call: CallEvent;
  readonly batch: BatchEvent;
  readonly fallback: FallbackEvent;
}

/** Tells whoever listens. */
export type Emit = <Name extends keyof CarpoolEvents>(
  name: Name,
  event: CarpoolEvents[Name],
) => void;
