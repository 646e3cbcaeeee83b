import { describe, expect, test } from 'vitest';
import { readOptions, usage } from '../../bench/harness/options.ts';
import type { Catalogue } from '../../bench/harness/scenario.ts';

const catalogue: Catalogue = Object.fromEntries(
  ['S1', 'S2', 'S10'].map((name) => [
    name,
    { title: `what ${name} is about`, load: () => Promise.reject(new Error('not to be loaded')) },
  ]),
);
const read = (...args: string[]) => readOptions(args, catalogue);

describe('readOptions', () => {
  test('without names all scenarios run, and their report is kept', () => {
    expect(read()).toEqual({
      scenarios: ['S1', 'S2', 'S10'],
      rounds: 9,
      json: false,
      out: 'bench-results',
      help: false,
    });
  });

  test('named ones run in the order of the catalogue, and leave a whole report alone', () => {
    expect(read('s10', 'S1', '--json', '--rounds', '3')).toEqual({
      scenarios: ['S1', 'S10'],
      rounds: 3,
      json: true,
      out: undefined,
      help: false,
    });
  });

  test.each([
    [['S99'], "there is no scenario 'S99', only S1, S2, S10"],
    [['--rounds', '0'], "--rounds must be a whole number from 1 to 1000, got '0'"],
    [['--rounds', 'many'], "--rounds must be a whole number from 1 to 1000, got 'many'"],
    [['--fast'], "Unknown option '--fast'"],
  ])('%j is refused with the reason', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});

test('the usage lists every scenario', () => {
  expect(usage(catalogue)).toMatch(/S10 +what S10 is about/);
});
