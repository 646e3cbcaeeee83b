import { describe, expect, it } from 'vitest';
import { createCarpool } from '../../src/index.ts';
import { resolveCacheOptions, type CacheOptions } from '../../src/core/cache-options.ts';
import { resolveOptions } from '../../src/core/options.ts';
import { got } from '../support/got.ts';

describe('cache options', () => {
  it('have defaults', () => {
    const { parseTtl, ...rest } = resolveCacheOptions({});

    expect(rest).toEqual({
      ttlMs: 120_000,
      maxEntries: 2000,
      maxBytes: 33_554_432,
      persist: true,
      name: 'carpool',
      swrMs: 0,
      sieMs: 86_400_000,
    });
    expect(parseTtl('1h', 'ttl')).toBe(3_600_000);
  });

  it('keep them where undefined is given', () => {
    const given: Record<keyof CacheOptions, undefined> = {
      ttl: undefined,
      ttls: undefined,
      maxEntries: undefined,
      maxBytes: undefined,
      persist: undefined,
      name: undefined,
      staleWhileRevalidate: undefined,
      staleIfError: undefined,
    };

    expect(resolveCacheOptions(given)).toMatchObject({ ttlMs: 120_000, name: 'carpool' });
  });

  it.each<[CacheOptions, object]>([
    [{ ttl: false }, { ttlMs: false }],
    [{ ttl: 0 }, { ttlMs: 0 }],
    [{ ttl: '500ms' }, { ttlMs: 500 }],
    [{ ttl: 'quote', ttls: { quote: '5m' } }, { ttlMs: 300_000 }],
    [{ ttl: '5m', ttls: { '5m': 7 } }, { ttlMs: 7 }],
    [{ staleWhileRevalidate: '1m' }, { swrMs: 60_000 }],
    [{ staleIfError: 0 }, { sieMs: 0 }],
    [{ persist: false }, { persist: false }],
    [
      { maxEntries: 1, maxBytes: 1, name: 'x' },
      { maxEntries: 1, maxBytes: 1, name: 'x' },
    ],
  ])('may be %j', (given, expected) => {
    expect(resolveCacheOptions(given)).toMatchObject(expected);
  });

  it('are off unless given, and with `false`', () => {
    expect(resolveOptions({}).cache).toBe(false);
    expect(resolveOptions({ cache: false }).cache).toBe(false);
    expect(resolveOptions({ cache: {} }).cache).toMatchObject({ ttlMs: 120_000 });
  });
});

describe('a `ttl` by name', () => {
  const ttls = { quote: '5m', never: 0 } as const;

  it('is read in rules and in hints', () => {
    const { findRule, parseTtl } = resolveOptions({
      cache: { ttls },
      rules: [
        { match: '/a', ttl: 'quote' },
        { match: '/b', ttl: false },
        { match: '/c', ttl: 9 },
        { match: '/d' },
      ],
    });
    const ttlOf = (path: string): unknown => findRule(`https://app.test${path}`, 'GET')?.ttlMs;

    expect(['/a', '/b', '/c', '/d'].map(ttlOf)).toEqual([300_000, false, 9, undefined]);
    expect(parseTtl('never', 'carpool.ttl')).toBe(0);
    expect(parseTtl(false, 'carpool.ttl')).toBe(false);
  });

  it('that is not known is named, with what asks for it', () => {
    const rules = [{ match: '/a', ttl: 'qoute' }];

    expect(() => createCarpool({ cache: { ttls }, rules })).toThrow(/rule's ttl.* got "qoute"$/);
    expect(() => createCarpool({ cache: { ttls, ttl: 'qoute' } })).toThrow(
      /^cache\.ttl .* got "qoute"$/,
    );
  });

  it('is not one of every object’s members', () => {
    expect(() => createCarpool({ cache: { ttl: 'constructor' } })).toThrow('got "constructor"');
  });
});

describe('a cache option that is wrong', () => {
  it.each<[string, unknown, string?]>([
    ['ttl', 'soon'],
    ['ttl', -1],
    ['ttl', NaN],
    ['ttl', null],
    ['ttl', true],
    ['ttls', null],
    ['ttls', { quote: 'soon' }, 'got "soon"'],
    ['ttls', { quote: false }, 'got false'],
    ['maxEntries', 0],
    ['maxEntries', 1.5],
    ['maxEntries', '10'],
    ['maxBytes', 0],
    ['maxBytes', Infinity],
    ['persist', 'yes'],
    ['persist', null],
    ['name', ''],
    ['name', 7],
    ['name', null],
    ['staleWhileRevalidate', 'soon'],
    ['staleWhileRevalidate', false],
    ['staleIfError', -1],
    ['staleIfError', null],
  ])('is named at once, with the value received: %s: %j', (name, value, shown) => {
    const create = (): unknown => createCarpool({ cache: { [name]: value } });

    expect(create).toThrow(`cache.${name}`);
    expect(create).toThrow(shown ?? got(value));
    expect(create).toThrow(/must be/);
  });

  it.each<[string, unknown]>([
    ['cache', true],
    ['cache', null],
    ['cache', '2m'],
    ['retry', true],
    ['retry', 3],
    ['identity', 'user-7'],
    ['identity', null],
    ['idleTimeout', 'soon'],
    ['idleTimeout', -1],
    ['idleTimeout', null],
  ])('or section is named, too: %s: %j', (name, value) => {
    const create = (): unknown => createCarpool({ [name]: value });

    expect(create).toThrow(new RegExp(`^${name} must be .*${got(value)}`));
  });

  it.each<[object, string]>([
    [{ tags: 'quotes' }, `a rule's tags must be an array of strings, got "quotes"`],
    [{ invalidates: '/api/*' }, `a rule's invalidates must be an array, got "/api/*"`],
    [{ invalidates: [{}] }, 'got {}'],
    [{ invalidates: [{ tags: 'a' }] }, 'tags must be an array of strings, got "a"'],
    [{ invalidates: ['/('] }, 'got "/("'],
    [{ ttl: 'soon' }, 'got "soon"'],
    [{ ttl: null }, 'got null'],
    [{ cache: 'no' }, `a rule's cache must be true or false, got "no"`],
  ])('in a rule is named, too: %j', (rule, message) => {
    expect(() => createCarpool({ cache: {}, rules: [{ match: '/a', ...rule }] })).toThrow(message);
  });
});
