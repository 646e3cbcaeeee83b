import type { HeaderList } from '../core/types.ts';
import { parseHttpDate } from './dates.ts';
import { deltaMs, directivesOf, msOf } from './directives.ts';
import { fieldOf, membersOf } from './fields.ts';

/** How long a kept response may be used, and how. All times in milliseconds. */
export interface Terms {
  /** Its age when it was received (RFC 9111, 4.2.3). */
  readonly ageMs: number;
  /** How long it is fresh (4.2.1), counted in age. */
  readonly freshMs: number;
  /** How long past that it may be served while it is refreshed, or instead of an error (RFC 5861). */
  readonly swrMs: number;
  readonly sieMs: number;
  /** It may be used when it is stale at all; false for `must-revalidate`. */
  readonly mayBeStale: boolean;
  /** It may never be used without asking its server. */
  readonly always: boolean;
}

/** When the exchange took place, by the wall clock. */
export interface Times {
  readonly requestTime: number;
  readonly responseTime: number;
}

/** What counts where the server says nothing; false: then it isn't kept. */
export interface Silent {
  readonly ttlMs: number | false;
  readonly swrMs: number;
  readonly sieMs: number;
}

// What may be kept though the server says nothing of it (RFC 9110, 15.1), without the errors: nobody
// expects that what was missing a minute ago is still missing. And what isn't final, or is part of
// something else.
const selfEvident: ReadonlySet<number> = /* @__PURE__ */ new Set([
  200, 203, 204, 300, 301, 308, 410,
]);
// Fields that scripts don't see, and in which requests may differ all the same.
const unseen = /^(?:cookie2?|referer|save-data|dpr|width|viewport-.*|downlink|ect|rtt|sec-.*)$/;
const understood: ReadonlySet<number> = /* @__PURE__ */ new Set([
  302, 303, 307, 400, 401, 403, 404, 405, 406, 409, 414, 422, 500, 501, 502, 503, 504,
]);
const partial: ReadonlySet<number> = /* @__PURE__ */ new Set([206, 304]);

/** An `Age` field's milliseconds; 0 where it makes no sense (5.1). */
const ageOf = (headers: HeaderList): number =>
  deltaMs((fieldOf(headers, 'age') ?? '').split(',', 1)[0]!.trim()) ?? 0;

/** The freshness lifetime that the server gives (4.2.1); undefined where it gives none. */
function lifetimeOf(
  headers: HeaderList,
  maxAgeMs: number | undefined,
  receivedAt: number,
): number | undefined {
  if (maxAgeMs !== undefined) return maxAgeMs;
  const expires = fieldOf(headers, 'expires');
  if (expires === undefined) return undefined;
  const date = parseHttpDate(fieldOf(headers, 'date') ?? '');
  // Whatever is no date has passed (5.3).
  return Math.max(0, parseHttpDate(expires) - (date || receivedAt)) || 0;
}

/**
 * Decides whether a response to a GET may be kept by a private cache, and on what terms; null if not.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111#section-3
 */
export function toTerms(
  status: number,
  headers: HeaderList,
  { requestTime, responseTime }: Times,
  silent: Silent,
): Terms | null {
  const directives = directivesOf(headers);
  const vary = membersOf(headers, 'vary');
  const isUnderstood = selfEvident.has(status) || understood.has(status);
  // The one directive takes the place of the other (5.2.2.3).
  const isBarred = directives.has('must-understand') ? !isUnderstood : directives.has('no-store');
  if (isBarred || vary.includes('*') || partial.has(status)) return null;
  const given = lifetimeOf(headers, msOf(directives, 'max-age'), responseTime);
  const freshMs = given ?? (selfEvident.has(status) && silent.ttlMs);
  const always = directives.has('no-cache') || vary.some((name) => unseen.test(name));
  if (freshMs === false && !(always && selfEvident.has(status))) return null;

  const date = parseHttpDate(fieldOf(headers, 'date') ?? '');
  const apparent = Math.max(0, responseTime - date) || 0;
  const corrected = ageOf(headers) + responseTime - requestTime;
  return {
    ageMs: Math.max(apparent, corrected, 0),
    freshMs: freshMs || 0,
    swrMs: msOf(directives, 'stale-while-revalidate') ?? silent.swrMs,
    sieMs: msOf(directives, 'stale-if-error') ?? silent.sieMs,
    mayBeStale: !always && !directives.has('must-revalidate'),
    always,
  };
}
