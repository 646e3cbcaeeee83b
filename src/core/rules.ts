import type { ParseTtl, Ttl } from './cache-options.ts';
import { flag, list, section, strings } from './checks.ts';
import type { Invalidation } from './filter.ts';
import { toTest, type Match } from './match.ts';
import { checkPriority } from './priority.ts';
import type { Priority } from './types.ts';

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
  /** False keeps the cache out of it. @default true, where the client has a cache */
  readonly cache?: boolean | undefined;
  /** How long a response is fresh of which its server says nothing. @default options.cache.ttl */
  readonly ttl?: Ttl | undefined;
  /** What `invalidate({ tags })` finds its responses by, besides those the server gives. @default [] */
  readonly tags?: readonly string[] | undefined;
  /** What an unsafe call invalidates, unless it is refused, besides its own URL; a string is a `match`. @default [] */
  readonly invalidates?: readonly (Invalidation | string)[] | undefined;
}

/** A rule whose members have been checked. */
export interface ResolvedRule extends Rule {
  readonly ttlMs: number | false | undefined;
}

/** Finds the first rule for an absolute URL and a method. */
export type FindRule = (url: string, method: string) => ResolvedRule | undefined;

/** Compiles the rules table. @throws TypeError with the value that is not valid. */
export function createRules(rules: readonly Rule[], parseTtl: ParseTtl): FindRule {
  const tests = rules.map((rule) => {
    section(rule, 'a rule', 'match, priority, batch, dedupe, cache, ttl, tags, invalidates');
    checkPriority(rule.priority, "a rule's priority");
    return toTest(rule.match);
  });
  const resolved = rules.map((rule): ResolvedRule => {
    strings(rule.tags ?? [], "a rule's tags");
    for (const name of ['batch', 'dedupe', 'cache'] as const)
      flag(rule[name] ?? true, `a rule's ${name}`);
    list(rule.invalidates ?? [], "a rule's invalidates");
    return {
      ...rule,
      ttlMs: rule.ttl === undefined ? undefined : parseTtl(rule.ttl, "a rule's ttl"),
    };
  });
  return (href, method) => {
    if (tests.length === 0) return undefined;
    const url = new URL(href);
    return resolved[tests.findIndex((test) => test(url, method))];
  };
}
