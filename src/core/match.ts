import { invalid } from './checks.ts';

/** Which calls a rule is for: URLPattern pathname syntax, a RegExp on path and query, or a test. */
export type Match = string | RegExp | ((url: URL, method: string) => boolean);

export type Test = (url: URL, method: string) => boolean;

// Plain paths, with or without a wildcard at the end, need no URLPattern and are much faster so.
const plainPath = /^\/[\w\-./~]*(\*?)$/;

/** Compiles a `match`. @throws TypeError, naming it `name`, if it is of another kind or not a valid pattern. */
export function toTest(match: Match | undefined, name = "a rule's match"): Test {
  if (typeof match === 'function') return match;
  if (match instanceof RegExp) {
    // `search` starts at 0 whatever `lastIndex` a global or sticky RegExp is left at.
    return (url) => (url.pathname + url.search).search(match) >= 0;
  }
  if (typeof match !== 'string') {
    throw invalid(
      `${name} must be a URLPattern pathname such as '/api/*', a RegExp or a function`,
      match,
    );
  }
  const plain = plainPath.exec(match);
  if (plain && !match.includes('/.')) {
    const path = plain[1] ? match.slice(0, -1) : match;
    return plain[1] ? (url) => url.pathname.startsWith(path) : (url) => url.pathname === path;
  }
  try {
    const pattern = new URLPattern({ pathname: match });
    return (url) => pattern.test({ pathname: url.pathname });
  } catch (cause) {
    const error = invalid(`${name} must be a valid URLPattern pathname`, match);
    error.cause = cause;
    throw error;
  }
}
