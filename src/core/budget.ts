import type { ResolvedBudget } from './retry-options.ts';

export interface Budget {
  /** A call has been made, at that time by the same clock. */
  readonly call: (at: number) => void;
  /** Whether one more retry is affordable; if so it counts. */
  readonly spend: () => boolean;
}

const slices = 10;

/**
 * Keeps retries to a share of the calls within a sliding window, so that an outage does not become a
 * storm. The window moves by tenths of its length.
 */
export function createBudget(
  { ratio, floor, windowMs }: ResolvedBudget,
  now: () => number,
): Budget {
  const counts = Array.from({ length: slices }, () => ({ turn: 0, calls: 0, retries: 0 }));
  const sliceOf = (at: number): { calls: number; retries: number; turn: number } => {
    const turn = Math.floor((at / Math.max(1, windowMs)) * slices);
    const slice = counts[turn % slices]!;
    if (slice.turn !== turn) Object.assign(slice, { turn, calls: 0, retries: 0 });
    return slice;
  };
  return {
    call: (at) => {
      sliceOf(at).calls++;
    },
    spend: () => {
      const slice = sliceOf(now());
      const recent = counts.filter(({ turn }) => turn > slice.turn - slices);
      const calls = recent.reduce((sum, one) => sum + one.calls, 0);
      const retries = recent.reduce((sum, one) => sum + one.retries, 0);
      if (retries >= Math.max(floor, calls * ratio)) return false;
      slice.retries++;
      return true;
    },
  };
}
