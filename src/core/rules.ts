import { checkPriority } from './priority.ts';
import type { Priority } from './types.ts';

/** Which calls a rule is for: URLPattern pathname syntax, a RegExp on path and query, or a test. */
export type Match = string | RegExp | ((url: URL, method: string) => boolean);

/** One row of the rules table; the first that matches a call decides. */
export interface Rule {
  /**
   * - string: the syntax of a URLPattern pathname, such as `'/api/quotes/*'` or `'/users/:id'`.
   * - RegExp: tested on path and query, such as `/^\/api\/auth\//`.
   * - function: given the URL and the method, true for a match.
   *
   * @see https://urlpattern.spec.whatwg.org/
   */
  readonly match: Match;
  /** @default 'normal' */
  readonly priority?: Priority | undefined;
  /** False sends the call past batching, straight to native `fetch`. @default true */
  readonly batch?: boolean | undefined;
  /** False gives each of several identical calls a flight of its own. @default options.dedupe */
  readonly dedupe?: boolean | undefined;
}

export type Test = (url: URL, method: string) => boolean;

/** Finds the first rule for a URL and method. */
export type FindRule = (url: URL, method: string) => Rule | undefined;

// Plain paths, with or without a wildcard at the end, need no URLPattern and are much faster so.
const plainPath = /^\/[\w\-./~]*(\*?)$/;

/** Compiles a `match`. @throws TypeError if it is of another kind or not a valid pattern. */
export function toTest(match: Match | undefined): Test {
  if (typeof match === 'function') return match;
  if (match instanceof RegExp) {
    // `search` starts at 0 whatever `lastIndex` a global or sticky RegExp is left at.
    return (url) => (url.pathname + url.search).search(match) >= 0;
  }
  if (typeof match !== 'string') {
    throw new TypeError(
      `a rule's match must be a URLPattern pathname such as '/api/*', a RegExp or a function, got ${String(match)}`,
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
    throw new TypeError(`a rule's match must be a valid URLPattern pathname, got '${match}'`, {
      cause,
    });
  }
}

/** Compiles the rules table. @throws TypeError with the value that is not valid. */
export function createRules(rules: readonly Rule[]): FindRule {
  const tests = rules.map((rule: Rule | null) => {
    checkPriority(rule?.priority, "a rule's priority");
    return toTest(rule?.match);
  });
  return (url, method) => {
    const index = tests.findIndex((test) => test(url, method));
    return rules[index];
  };
}
