import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRules, type Rule } from '../../src/core/rules.ts';
import { toTest, type Match } from '../../src/core/match.ts';

const toMs = (): number => 0;

describe('a rule', () => {
  it('may have all that there are', () => {
    const rule: Required<Rule> = {
      match: '/a',
      priority: undefined,
      batch: undefined,
      dedupe: undefined,
      cache: undefined,
      ttl: undefined,
      tags: undefined,
      invalidates: undefined,
    };

    expect(createRules([rule], toMs)(at('/a').href, 'GET')).toMatchObject({ match: '/a' });
  });
});

const at = (path: string): URL => new URL(path, 'https://app.test');

const matches = (match: Match, path: string, method = 'GET'): boolean =>
  toTest(match)(at(path), method);

describe('a path', () => {
  it.each([
    ['/api/auth', '/api/auth', true],
    ['/api/auth', '/api/auth?x=1', true],
    ['/api/auth', '/api/auth/', false],
    ['/api/auth', '/api/authority', false],
    ['/api/auth', '/API/auth', false],
    ['/api/quotes/*', '/api/quotes/AAPL', true],
    ['/api/quotes/*', '/api/quotes/a/b?c', true],
    ['/api/quotes/*', '/api/quotes/', true],
    ['/api/quotes/*', '/api/quotes', false],
    ['/api/q*', '/api/quotes', true],
    ['*', '/anything', true],
    ['/users/:id', '/users/7', true],
    ['/users/:id', '/users/7/posts', false],
    ['/users/:id(\\d+)', '/users/x', false],
    ['/*.json', '/a/b.json', true],
    ['/*.json', '/a/b.jsonp', false],
    ['/{a,b}', '/a', false],
    ['/a{/b}?', '/a', true],
  ])('%s, for %s: %s', (match, path, expected) => {
    expect(matches(match, path)).toBe(expected);
  });

  it('of plain characters matches as the platform’s URLPattern does', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'B', '1', '_', '-', '.', '~', '/'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(word, fc.boolean(), word, fc.boolean(), (own, isOpen, other, isSame) => {
        const match = `/${own}${isOpen ? '*' : ''}`;
        const url = at(`https://app.test/${isSame ? own + other : other}`);

        const expected = new URLPattern({ pathname: match }).test({ pathname: url.pathname });

        expect(toTest(match)(url, 'GET')).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a RegExp', () => {
  it('is tested on path and query', () => {
    expect(matches(/^\/api\/.*debug/, '/api/a?debug=1')).toBe(true);
    expect(matches(/app\.test/, '/api')).toBe(false);
  });

  it.each([/api/g, /\/api/y])('is tested from the start each time: %s', (match) => {
    match.lastIndex = 3;

    expect([matches(match, '/api'), matches(match, '/api')]).toEqual([true, true]);
  });
});

describe('a function', () => {
  it('is given the URL and the method', () => {
    const match: Match = ({ search }, method) => search === '?x' && method === 'POST';

    expect(matches(match, '/?x', 'POST')).toBe(true);
    expect(matches(match, '/?x', 'GET')).toBe(false);
  });
});

describe('a table of rules', () => {
  it('says what its first matching row says', () => {
    const [one, two, three] = [{ match: '/a' }, { match: '/*' }, { match: '/b' }];
    const find = createRules([one, two, three], toMs);

    expect(find(at('/a').href, 'GET')).toMatchObject(one);
    expect(find(at('/b').href, 'GET')).toMatchObject(two);
  });

  it('says nothing of what it does not know', () => {
    expect(createRules([{ match: '/a' }], toMs)(at('/b').href, 'GET')).toBeUndefined();
    expect(createRules([], toMs)(at('/b').href, 'GET')).toBeUndefined();
  });
});
