import { invalid, section, strings } from './checks.ts';
import { toTest } from './match.ts';

/** What to forget; a response goes if any member says so. */
export interface Invalidation {
  /** Responses with any of these tags, given by a rule, a hint or the server's `Cache-Tag`. */
  readonly tags?: readonly string[] | undefined;
  /** This URL, with its query, in all its variants. */
  readonly url?: string | URL | undefined;
  /** URLPattern pathname syntax, such as `'/api/quotes/AAPL*'`, or a RegExp on path and query. */
  readonly match?: string | RegExp | undefined;
  /** Everything. */
  readonly all?: boolean | undefined;
}

/** An `Invalidation` with its URL absolute: plain data that another tab understands. */
export type Filter = Omit<Invalidation, 'url'> & {
  readonly url?: string | undefined;
  /** Names it among tabs. */
  readonly id?: string | undefined;
};

/** Whether a response of that URL, with those tags, is meant. */
export type Covers = (url: string, tags: readonly string[]) => boolean;

/**
 * Checks what somebody gave. A string is a `match`.
 *
 * @throws TypeError with the value received.
 */
export function toFilter(given: Invalidation | string, base: string | undefined): Filter {
  const what: Invalidation | null = typeof given === 'string' ? { match: given } : given;
  const { tags, url, match, all } = what ?? {};
  if (tags === undefined && url === undefined && match === undefined && all !== true) {
    throw new TypeError(
      `what to invalidate must be { tags }, { url }, { match } or { all: true }, got ${JSON.stringify(given) ?? String(given)}`,
    );
  }
  section(what, 'what to invalidate', 'tags, url, match, all');
  if (tags !== undefined) strings(tags, 'tags');
  if (match !== undefined && typeof match !== 'string' && !(match instanceof RegExp)) {
    throw new TypeError(
      `match must be a pathname pattern or a RegExp, got ${typeof match}; other tabs can't run it`,
    );
  }
  if (match !== undefined) toTest(match, 'match');
  if (url === undefined) return { tags, match, all };
  if (url === null || !URL.canParse(url, base)) throw invalid('url must be a URL', url);
  const absolute = new URL(url, base);
  absolute.hash = '';
  return { tags, match, all, url: absolute.href };
}

/** Compiles a filter. */
export function toCovers({ tags = [], url, match, all }: Filter): Covers {
  const test = match === undefined ? undefined : toTest(match);
  return (candidate, own) =>
    all === true ||
    candidate === url ||
    own.some((tag) => tags.includes(tag)) ||
    (test !== undefined && test(new URL(candidate), 'GET'));
}
