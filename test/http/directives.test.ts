import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { askedOf, deltaMs, directivesOf, msOf } from '../../src/http/directives.ts';
import type { HeaderList } from '../../src/core/types.ts';

const read = (value: string): Record<string, string> =>
  Object.fromEntries(directivesOf([['cache-control', value]]));

describe('`Cache-Control`', () => {
  it.each<[string, Record<string, string>]>([
    ['', {}],
    [',, ,', {}],
    ['no-store', { 'no-store': '' }],
    ['max-age=60', { 'max-age': '60' }],
    ['max-age="60"', { 'max-age': '60' }],
    ['max-age=', { 'max-age': '' }],
    ['Max-Age=60, NO-STORE', { 'max-age': '60', 'no-store': '' }],
    ['no-cache,max-age=1 ,\t private', { 'no-cache': '', 'max-age': '1', private: '' }],
    ['no-cache="set-cookie, x"', { 'no-cache': 'set-cookie, x' }],
    [
      'private="a=\\"b, no-store\\"", max-age=5',
      { private: 'a=\\"b, no-store\\"', 'max-age': '5' },
    ],
    ['x="no-store", max-age=1', { x: 'no-store', 'max-age': '1' }],
    ['no-store-yet', { 'no-store-yet': '' }],
    ['stale-while-revalidate=30', { 'stale-while-revalidate': '30' }],
  ])('%j is read', (value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  it('is none where there is no such field', () => {
    expect(directivesOf([['pragma', 'no-cache']]).size).toBe(0);
  });

  it('that repeats a directive means its first', () => {
    expect(read('max-age=1, max-age=2, MAX-AGE=3')).toEqual({ 'max-age': '1' });
  });

  it('may be anything, and is read in a time that its length bounds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(directivesOf([['cache-control', value]])).toBeInstanceOf(Map);
      }),
    );
    expect(read(`x="${'\\'.repeat(50_000)}`)).toHaveProperty('x');
    expect(read('"'.repeat(50_000))).toEqual({});
  });

  it.each(['__proto__', 'constructor', 'has'])('may have a directive of any name: %s', (name) => {
    expect(directivesOf([['cache-control', `${name}=1`]]).get(name)).toBe('1');
  });
});

describe('what a request asks', () => {
  const asked = (...headers: HeaderList): object => Object.fromEntries(askedOf(headers));

  it('is what its `Cache-Control` says', () => {
    expect(asked(['cache-control', 'max-stale'])).toEqual({ 'max-stale': '' });
  });

  it('is `no-cache` where it says only `Pragma: no-cache`', () => {
    expect(asked(['pragma', 'No-Cache'])).toEqual({ 'no-cache': '' });
    expect(asked(['pragma', 'x, no-cache'])).toEqual({ 'no-cache': '' });
  });

  it('is not what `Pragma` says beside `Cache-Control`', () => {
    expect(asked(['pragma', 'no-cache'], ['cache-control', 'max-age=9'])).toEqual({
      'max-age': '9',
    });
  });

  it('is nothing where `Pragma` says something else', () => {
    expect(asked(['pragma', 'no-cached'])).toEqual({});
  });
});

describe('delta-seconds', () => {
  it.each<[string, number | undefined]>([
    ['0', 0],
    ['1', 1000],
    ['007', 7000],
    ['2147483648', 2_147_483_648_000],
    ['99999999999999999999', 2_147_483_648_000],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1s', undefined],
    [' 1', undefined],
    ['0x1', undefined],
    ['1e3', undefined],
  ])('%j are %s ms', (text, expected) => {
    expect(deltaMs(text)).toBe(expected);
  });

  it('of a directive that is absent are none, of one that makes no sense zero', () => {
    const directives = directivesOf([['cache-control', 'a=5, b=x, c, d=-1, e="7"']]);

    expect(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => msOf(directives, name))).toEqual([
      5000,
      0,
      0,
      0,
      7000,
      undefined,
    ]);
  });
});
