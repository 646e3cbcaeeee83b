/** What the `'auto'` window knows of the connection, and what it makes of it. */
export interface Pace {
  /** A batch's first part came `ms` after it was sent. */
  readonly batchTook: (ms: number) => void;
  /** A native call's answer came `ms` after it was sent. */
  readonly nativeTook: (ms: number) => void;
  /** How the endpoint was reached, as `PerformanceResourceTiming.nextHopProtocol` names it. */
  readonly reachedBy: (protocol: string) => void;
  /** So many calls have been made by `now`, in ms, by a clock that only goes forward. */
  readonly called: (count: number, now: number) => void;
  /** How long a busy client should gather, in milliseconds; null for no longer than the current task. */
  readonly gatherMs: () => number | null;
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
// Side by side on one connection so many are as good as a batch.
const few = 3;
// A longer pause between calls tells no more.
const pauseMs = 50;

/**
 * Learns from what calls took. Connections that multiplex (HTTP/2 and 3) carry a few calls side by
 * side for nothing, so there small groups are batched, and gathered for, only while that has not proved slower.
 */
export function createPace(): Pace {
  let batchMs: number | undefined;
  let nativeMs: number | undefined;
  let multiplexed = false;
  let last: { readonly count: number; readonly at: number } | undefined;
  let intervalMs: number | undefined;

  /** Whether a batch of so many has proved slower than the same calls side by side. */
  const isSlower = (count: number): boolean =>
    multiplexed &&
    count <= few &&
    batchMs !== undefined &&
    nativeMs !== undefined &&
    batchMs > nativeMs;

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
    called: (count, at) => {
      const calls = count - (last?.count ?? 0);
      if (last && calls > 0) {
        intervalMs = average(intervalMs, Math.min(pauseMs, (at - last.at) / calls));
      }
      last = { count, at };
    },
    gatherMs: () => {
      const roundTripMs = Math.min(batchMs ?? Infinity, nativeMs ?? Infinity);
      if (roundTripMs === Infinity) return unknownMs;
      const ms = Math.min(mostMs, Math.max(leastMs, roundTripMs * share));
      // The call that is waiting, and those that will come meanwhile.
      const expected = intervalMs === undefined ? Infinity : 1 + ms / intervalMs;
      return isSlower(expected) ? null : ms;
    },
    pays: (count) => !isSlower(count),
  };
}
