import { describe, expect, it } from 'vitest';
import { toCovers, toFilter, type Invalidation } from '../../src/core/filter.ts';

const base = 'https://app.test/page/x';

const covers = (what: Invalidation | string, url: string, tags: string[] = []): boolean =>
  toCovers(toFilter(what, base))(new URL(url, base).href, tags);

describe('what is to be invalidated', () => {
  it.each<[Invalidation | string, string, string[], boolean]>([
    [{ all: true }, '/a', [], true],
    [{ tags: ['a', 'b'] }, '/x', ['b', 'c'], true],
    [{ tags: ['a'] }, '/x', ['A'], false],
    [{ tags: ['a'] }, '/x', [], false],
    [{ tags: [] }, '/x', ['a'], false],
    [{ url: '/a' }, '/a', [], true],
    [{ url: '/a' }, '/a?x', [], false],
    [{ url: '/a?x' }, '/a?x', [], true],
    [{ url: '/a#there' }, '/a', [], true],
    [{ url: 'y' }, '/page/y', [], true],
    [{ url: new URL('https://app.test/a') }, '/a', [], true],
    [{ url: 'https://other.test/a' }, '/a', [], false],
    [{ match: '/api/quotes/AAPL*' }, '/api/quotes/AAPL', [], true],
    [{ match: '/api/quotes/AAPL*' }, '/api/quotes/AAPL/day?x', [], true],
    [{ match: '/api/quotes/AAPL*' }, '/api/quotes/MSFT', [], false],
    [{ match: '/users/:id' }, '/users/7?x', [], true],
    [{ match: /\?x=1$/ }, '/a?x=1', [], true],
    [{ match: /app\.test/ }, '/a', [], false],
    ['/api/*', '/api/a', [], true],
    [{ tags: ['a'], url: '/b', match: '/c' }, '/c', [], true],
    [{ tags: ['a'], url: '/b', match: '/c' }, '/b', [], true],
    [{ tags: ['a'], url: '/b', match: '/c' }, '/d', ['a'], true],
    [{ tags: ['a'], url: '/b', match: '/c' }, '/d', ['b'], false],
    [{ all: false, url: '/b' }, '/c', [], false],
  ])('%j covers %s with %j: %s', (what, url, tags, expected) => {
    expect(covers(what, url, tags)).toBe(expected);
  });

  it('covers what it covers each time, though a RegExp remembers where it was', () => {
    const filter = toCovers(toFilter({ match: /a/g }, base));

    expect([1, 2, 3].map(() => filter('https://app.test/a', []))).toEqual([true, true, true]);
  });

  it('survives the way to another tab', () => {
    const filter = toFilter({ tags: ['a'], url: '/b#c', match: /c/i }, base);

    expect(structuredClone(filter)).toEqual(filter);
    expect(toCovers(structuredClone(filter))('https://app.test/C', [])).toBe(true);
  });
});

describe('what says nothing', () => {
  const all = '{ tags }, { url }, { match } or { all: true }';

  it.each<[unknown, string]>([
    [{}, `${all}, got {}`],
    [null, `${all}, got null`],
    [undefined, `${all}, got undefined`],
    [7, `${all}, got 7`],
    [{ all: false }, `${all}, got {"all":false}`],
    [{ tag: 'a' }, `${all}, got {"tag":"a"}`],
    [
      { tags: ['a'], urll: '/b' },
      'a member of what to invalidate must be one of tags, url, match, all, got "urll"',
    ],
    [{ tags: 'quotes' }, 'tags must be an array of strings, got "quotes"'],
    [{ tags: [7] }, 'tags must be an array of strings, got 7'],
    [{ match: () => true }, 'match must be a pathname pattern or a RegExp, got function'],
    [{ match: 7 }, 'match must be a pathname pattern or a RegExp, got number'],
    [{ match: '/(' }, 'got "/("'],
    ['/(', 'got "/("'],
    [{ url: 'https://' }, 'url must be a URL, got "https://"'],
    [{ url: null }, 'url must be a URL, got null'],
  ])('is refused, with the value and what to do: %j', (what, message) => {
    const read = (): unknown => toFilter(what as Invalidation, base);

    expect(read).toThrow(TypeError);
    expect(read).toThrow(message);
  });

  it.each([{ match: '/(' }, '/('])('is named as what it is, and not as a rule’s: %j', (what) => {
    expect(() => toFilter(what, base)).toThrow(
      /^match must be a valid URLPattern pathname, got "\/\("$/,
    );
  });

  it('is a relative URL where there is no page', () => {
    expect(() => toFilter({ url: '/a' }, undefined)).toThrow('url must be a URL, got "/a"');
  });
});
