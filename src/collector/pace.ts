/** What the `'auto'` window knows of the connection, and what it makes of it. */
export interface Pace {
  /** A batch's first part came `ms` after it was sent. */
  readonly batchTook: (ms: number) => void;
  /** A native call's answer came `ms` after it was sent. */
  readonly nativeTook: (ms: number) => void;
  /** How the endpoint was reached, as `PerformanceResourceTiming.nextHopProtocol` names it. */
  readonly reachedBy: (protocol: string) => void;
  /** How long a busy client may gather, in milliseconds. */
  readonly gatherMs: () => number;
  /** Whether `count` calls are better off in one batch than side by side. */
  readonly pays: (count: number) => boolean;
}

const weight = 0.3;
const average = (old: number | undefined, value: number): number =>
  old === undefined ? value : old + weight * (value - old);

// Gathering longer than this share of a round trip costs a late call more than it saves.
const share = 0.1;
const leastMs = 1;
const mostMs = 25;
const unknownMs = 5;

/**
 * Learns from what calls took. Connections that multiplex (HTTP/2 and 3) carry a few calls side by
 * side for nothing, so there small groups are batched only while that has not proved slower.
 */
export function createPace(): Pace {
  let batchMs: number | undefined;
  let nativeMs: number | undefined;
  let multiplexed = false;
  return {
    batchTook: (ms) => {
      batchMs = average(batchMs, ms);
    },
    nativeTook: (ms) => {
      nativeMs = average(nativeMs, ms);
    },
    reachedBy: (protocol) => {
      multiplexed = protocol === 'h2' || protocol === 'h3';
    },
    gatherMs: () => {
      const roundTripMs = Math.min(batchMs ?? Infinity, nativeMs ?? Infinity);
      return roundTripMs === Infinity
        ? unknownMs
        : Math.min(mostMs, Math.max(leastMs, roundTripMs * share));
    },
    pays: (count) => {
      if (!multiplexed || batchMs === undefined || nativeMs === undefined) return true;
      // Side by side on one connection is as good as a batch until there are many.
      return count > 3 || batchMs <= nativeMs;
    },
  };
}
