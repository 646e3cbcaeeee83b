import type { Directives } from './directives.ts';
import { msOf } from './directives.ts';
import type { Terms } from './keeping.ts';

/** A kept response's terms, and when it came. */
export interface Kept extends Terms {
  readonly storedAt: number;
}

/** The current age (RFC 9111, 4.2.3); infinite where the clock has been set back past its arrival. */
export const ageAt = ({ ageMs, storedAt }: Kept, now: number): number =>
  now < storedAt ? Infinity : ageMs + now - storedAt;

/**
 * How a kept response may be used for a request whose `Cache-Control` says `asked`: as it is, at once
 * while it is refreshed, or only once its server has been asked (RFC 9111, 4.2 and 5.2.1; RFC 5861, 3).
 */
export function usesOf(kept: Kept, asked: Directives, now: number): 'fresh' | 'stale' | 'validate' {
  const age = ageAt(kept, now);
  const isTooOld = age > (msOf(asked, 'max-age') ?? Infinity);
  const isShort = kept.freshMs - age < (msOf(asked, 'min-fresh') ?? -Infinity);
  if (kept.always || asked.has('no-cache') || isTooOld || isShort) return 'validate';
  const staleMs = age - kept.freshMs;
  if (staleMs < 0) return 'fresh';
  if (!kept.mayBeStale) return 'validate';
  // Without a value, however stale.
  const isTolerated = asked.get('max-stale') === '' || staleMs <= (msOf(asked, 'max-stale') ?? -1);
  if (isTolerated) return 'fresh';
  return staleMs < kept.swrMs ? 'stale' : 'validate';
}

/** Whether a kept response may stand in for an answer that failed (RFC 5861, 4). */
export const mayStandIn = (kept: Kept, asked: Directives, now: number): boolean =>
  kept.mayBeStale &&
  ageAt(kept, now) - kept.freshMs < (msOf(asked, 'stale-if-error') ?? kept.sieMs);
