import { describe, expect, it } from 'vitest';
import { parseDuration, type Duration } from '../../src/core/durations.ts';
import { got } from '../support/got.ts';

describe('a duration', () => {
  it.each<[Duration, number]>([
    [0, 0],
    [1.5, 1.5],
    [Infinity, Infinity],
    ['500ms', 500],
    ['0ms', 0],
    ['30s', 30_000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
  ])('of %s is %s ms', (text, ms) => {
    expect(parseDuration(text, 'it')).toBe(ms);
  });

  it.each([-1, NaN, '', '5', '5 s', 's', '-1s', '1e3ms', '5M', '.5s', '5s ', null, undefined, {}])(
    'is not %j',
    (value) => {
      const parse = (): number => parseDuration(value as Duration, 'timeout');

      expect(parse).toThrow(TypeError);
      expect(parse).toThrow(`timeout must be milliseconds >= 0`);
      expect(parse).toThrow(got(value));
    },
  );
});
