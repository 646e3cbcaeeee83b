import { describe, expect, it } from 'vitest';
import { directivesOf, type Directives } from '../../src/http/directives.ts';
import { ageAt, mayStandIn, usesOf, type Kept } from '../../src/http/reusing.ts';

const asks = (value: string): Directives => directivesOf([['cache-control', value]]);

/** Came at 1000 with an age of 10 s, and is fresh until it is 60 s old. */
const aKept = (given: Partial<Kept> = {}): Kept => ({
  ageMs: 10_000,
  freshMs: 60_000,
  swrMs: 30_000,
  sieMs: 100_000,
  mayBeStale: true,
  always: false,
  storedAt: 1000,
  ...given,
});

/** When it is that old. */
const whenOld = (ageMs: number): number => 1000 - 10_000 + ageMs;

describe('the age', () => {
  it('is that of its arrival, and the time since', () => {
    expect([0, 999, 50_000].map((ms) => ageAt(aKept(), 1000 + ms))).toEqual([
      10_000, 10_999, 60_000,
    ]);
  });

  it('is without end before its arrival: the clock has been set back', () => {
    expect(ageAt(aKept(), 999)).toBe(Infinity);
  });
});

describe('a kept response', () => {
  it.each<[number, ReturnType<typeof usesOf>]>([
    [10_000, 'fresh'],
    [59_999, 'fresh'],
    [60_000, 'stale'],
    [89_999, 'stale'],
    [90_000, 'validate'],
    [9e9, 'validate'],
  ])('%i ms old is %s', (ageMs, expected) => {
    expect(usesOf(aKept(), asks(''), whenOld(ageMs))).toBe(expected);
  });

  it('that may not be used stale is validated once it is', () => {
    const kept = aKept({ mayBeStale: false });

    expect(usesOf(kept, asks(''), whenOld(59_999))).toBe('fresh');
    expect(usesOf(kept, asks(''), whenOld(60_000))).toBe('validate');
    expect(usesOf(kept, asks('max-stale'), whenOld(60_000))).toBe('validate');
  });

  it('that must be asked for each time is validated, whatever the request puts up with', () => {
    const kept = aKept({ always: true, mayBeStale: false });

    expect(usesOf(kept, asks('max-stale'), whenOld(10_000))).toBe('validate');
  });

  it('is validated where the clock has been set back', () => {
    expect(usesOf(aKept(), asks(''), 999)).toBe('validate');
  });
});

describe('a request', () => {
  it.each<[string, number, ReturnType<typeof usesOf>]>([
    ['no-cache', 10_000, 'validate'],
    ['max-age=20', 20_000, 'fresh'],
    ['max-age=20', 20_001, 'validate'],
    ['max-age=0', 10_000, 'validate'],
    ['max-age=x', 10_000, 'validate'],
    ['max-age=200', 70_000, 'stale'],
    ['max-age=65, max-stale', 66_000, 'validate'],
    ['min-fresh=20', 40_000, 'fresh'],
    ['min-fresh=20', 40_001, 'validate'],
    ['min-fresh=20, max-stale', 70_000, 'validate'],
    ['min-fresh=0', 60_000, 'stale'],
    ['max-stale', 9e9, 'fresh'],
    ['max-stale=5', 65_000, 'fresh'],
    ['max-stale=5', 65_001, 'stale'],
    ['max-stale=5', 95_000, 'validate'],
    ['max-stale=40', 100_000, 'fresh'],
    ['max-stale=0', 60_000, 'fresh'],
    ['max-stale=x', 60_001, 'stale'],
  ])('that says `%s` has what is %i ms old used so: %s', (value, ageMs, expected) => {
    expect(usesOf(aKept(), asks(value), whenOld(ageMs))).toBe(expected);
  });
});

describe('instead of an error', () => {
  it.each<[string, number, boolean]>([
    ['', 70_000, true],
    ['', 159_999, true],
    ['', 160_000, false],
    ['stale-if-error=5', 64_999, true],
    ['stale-if-error=5', 65_000, false],
    ['stale-if-error=0', 60_000, false],
    ['stale-if-error=500', 300_000, true],
  ])('for a request that says `%s`, what is %i ms old: %s', (value, ageMs, expected) => {
    expect(mayStandIn(aKept(), asks(value), whenOld(ageMs))).toBe(expected);
  });

  it('comes nothing that may not be used stale', () => {
    expect(mayStandIn(aKept({ mayBeStale: false }), asks(''), whenOld(60_001))).toBe(false);
  });

  it('comes nothing after the clock has been set back', () => {
    expect(mayStandIn(aKept({ sieMs: 1e15 }), asks(''), 999)).toBe(false);
  });
});
