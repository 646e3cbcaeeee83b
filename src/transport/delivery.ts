import type { BatchEvent } from '../core/events.ts';
import type { Clock } from '../core/types.ts';
import type { WireStats } from '../wire/guard.ts';

const firstLookMs = 50;

/**
 * Looks out, for the first bytes of an answer to come, whether this page gets round to reading. One that is busy
 * finds together what has come apart, and nothing else tells when it came: neither chunks, which browsers join,
 * nor resource timing, which knows of no more than the head and the end.
 *
 * @returns ends it, and tells the last moment by which nothing can have come unread.
 */
export function createLookOut({ now, setTimer }: Pick<Clock, 'now' | 'setTimer'>): () => number {
  let freeAt = -Infinity;
  let cancel: () => void;
  const wait = (ms: number): void => {
    const since = now();
    cancel = setTimer(() => {
      // In time: what had come by then would have been read since.
      if (now() - since < ms + firstLookMs) freeAt = since;
      // The longer it takes, the less it matters when exactly.
      wait(ms * 1.02);
    }, ms);
  };
  wait(firstLookMs);
  return () => {
    cancel();
    return freeAt;
  };
}

/**
 * Tells a stream from one that something on the way has held back: nothing of it had come when its parts had been
 * ready for most of the time that they were made apart.
 *
 * @param silentMs from when it is last known that nothing had come to the last part's arrival.
 */
export function deliveryOf(
  { durationMs = 0, averageMs = durationMs }: WireStats,
  count: number,
  silentMs: number,
): BatchEvent['delivery'] {
  // From when most were ready until all were.
  const waitMs = durationMs - averageMs;
  return count > 1 && silentMs * 4 < waitMs ? 'together' : 'streamed';
}
