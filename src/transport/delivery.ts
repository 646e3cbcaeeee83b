import type { BatchEvent } from '../core/events.ts';
import type { WireStats } from '../wire/guard.ts';

// What is less might be chance.
const leastMs = 100;

/**
 * Tells a stream from one that something on the way has held back: its parts came closer together than their
 * making took.
 *
 * @param spreadMs from the first part's arrival to the last one's.
 */
export function deliveryOf(
  { durationMs = 0, averageMs = durationMs }: WireStats,
  count: number,
  spreadMs: number,
): BatchEvent['delivery'] {
  // From when most were ready until all were.
  const waitMs = durationMs - averageMs;
  return count > 1 && waitMs > leastMs && spreadMs * 5 < waitMs ? 'together' : 'streamed';
}
