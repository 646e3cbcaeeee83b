import { fieldOf, membersOf } from './fields.ts';
import type { HeaderList } from '../core/types.ts';

/** What a `Cache-Control` field says: directives in lower case, each with its argument or ''. */
export type Directives = ReadonlyMap<string, string>;

const directive = /([^\s,="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,]*)))?/g;

/**
 * Reads `Cache-Control`. An argument may be a token or a quoted string; of a repeated directive the
 * first counts.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9111#section-5.2
 */
export function directivesOf(headers: HeaderList): Directives {
  const found = new Map<string, string>();
  for (const [, name, quoted, token] of (fieldOf(headers, 'cache-control') ?? '').matchAll(
    directive,
  )) {
    const key = name!.toLowerCase();
    if (!found.has(key)) found.set(key, quoted ?? token ?? '');
  }
  return found;
}

const nothing: Directives = /* @__PURE__ */ new Map();

/** What a request says; `Pragma: no-cache` where it has no `Cache-Control` (5.4). */
export function askedOf(headers: HeaderList): Directives {
  // As most requests do.
  if (headers.length === 0) return nothing;
  const asked = directivesOf(headers);
  const isOld = asked.size === 0 && membersOf(headers, 'pragma').includes('no-cache');
  return isOld ? new Map([['no-cache', '']]) : asked;
}

// What is longer is as good as for ever (RFC 9111, 1.2.2).
const longestSeconds = 2 ** 31;

/** Delta-seconds as milliseconds; undefined for anything that isn't a non-negative integer. */
export const deltaMs = (text: string): number | undefined =>
  /^\d+$/.test(text) ? Math.min(Number(text), longestSeconds) * 1000 : undefined;

/** A directive's seconds as milliseconds: undefined without it, 0 where it makes no sense. */
export function msOf(directives: Directives, name: string): number | undefined {
  const value = directives.get(name);
  return value === undefined ? undefined : (deltaMs(value) ?? 0);
}
