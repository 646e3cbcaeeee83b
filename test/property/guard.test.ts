import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchPart } from '../../src/server/schemas.ts';
import { isStatsLine, isWirePart } from '../../src/wire/guard.ts';
import { jsonText } from '../support/json-text.ts';

/** Values near the border between a part and what is none. */
const almostPart = fc.record(
  {
    id: fc.oneof(fc.string(), fc.constantFrom(0, null, true)),
    status: fc.oneof(
      fc.integer({ min: 198, max: 201 }),
      fc.integer({ min: 598, max: 601 }),
      fc.constantFrom(200.5, NaN, Infinity, -200, '200', null, 404),
    ),
    headers: fc.oneof(
      fc.dictionary(fc.string(), fc.oneof({ weight: 9, arbitrary: fc.string() }, fc.integer())),
      fc.constantFrom(null, [], ['a'], 'a', {}, 3),
    ),
    body: fc.anything(),
    more: fc.anything(),
  },
  { requiredKeys: [] },
);

const json = jsonText().map((text) => JSON.parse(text) as unknown);

describe('the guard', () => {
  it('accepts what the schema accepts, and nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(almostPart, json, fc.constant(undefined)), (value) => {
        expect(isWirePart(value)).toBe(batchPart.safeParse(value).success);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes any object under `stats` for the end, since foreign servers count what they like', () => {
    fc.assert(
      fc.property(json, (stats) => {
        const isObject = typeof stats === 'object' && stats !== null && !Array.isArray(stats);

        expect(isStatsLine({ stats })).toBe(isObject);
      }),
    );
  });
});
