import { parseHttpDate } from './dates.ts';
import { deltaMs } from './directives.ts';

/**
 * Reads `Retry-After` (RFC 9110, 10.2.3), seconds or an HTTP-date, as milliseconds from `now`, a wall-clock time;
 * undefined where it is absent or neither.
 */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const date = parseHttpDate(value);
  return deltaMs(value) ?? (Number.isNaN(date) ? undefined : Math.max(0, date - now));
}
