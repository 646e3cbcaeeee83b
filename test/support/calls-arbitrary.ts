import * as fc from 'fast-check';
import type { Call, Priority } from '../../src/core/types.ts';
import { aCall } from './calls.ts';
import { jsonText } from './json-text.ts';
import { fieldName, fieldValue } from './parts.ts';

export const priority: fc.Arbitrary<Priority> = fc.constantFrom(
  'critical',
  'high',
  'normal',
  'low',
);

/** Paths with queries as a `URL` serialises them: backslashes stay in queries, and cost two bytes. */
const url: fc.Arbitrary<string> = fc
  .tuple(
    fc.string({ unit: 'binary' }),
    fc.tuple(fc.constantFrom('\\', '"', 'é', 'a'), fc.nat(100)).map(([c, n]) => c.repeat(n)),
  )
  .map(([path, query]) => new URL(`/${path.replace(/^[/\\]+/, '')}?${query}`, 'https://app.test'))
  .map((absolute) => {
    absolute.hash = '';
    return absolute.href;
  });

// Long enough to outweigh what is reckoned for an item's punctuation.
const long = { maxLength: 200, size: 'max' } as const;

const content = fc.oneof(
  fc.constant({ type: null, body: null }),
  fc.record({
    type: fc.constantFrom('application/json', 'application/merge-patch+json;v=1'),
    body: jsonText(),
  }),
  fc.record({ type: fc.constant('text/plain'), body: fc.string({ unit: 'binary', ...long }) }),
  fc.record({
    type: fc.constant('application/octet-stream'),
    body: fc.uint8Array(long),
  }),
);

const headers = fc
  .uniqueArray(
    fc.tuple(fc.oneof(fieldName, fc.constantFrom('x-tenant', 'x-key', 'priority')), fieldValue),
    { selector: ([name]) => name, maxLength: 5 },
  )
  .map((list) => list.filter(([name]) => name !== 'content-type' && name !== 'authorization'));

/** Calls of one lane. */
export const calls = (constraints: fc.ArrayConstraints = {}): fc.Arbitrary<Call[]> =>
  fc
    .tuple(
      fc.option(fieldValue),
      fc.array(
        fc.tuple(
          url,
          fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'),
          headers,
          content,
          priority,
        ),
        { maxLength: 6, ...constraints },
      ),
    )
    .map(([authorization, list]) =>
      list.map(([href, method, own, { type, body }, urgency]) =>
        aCall({
          url: href,
          method,
          priority: urgency,
          body,
          headers: [
            ...own,
            ...(authorization === null ? [] : [['authorization', authorization] as const]),
            ...(type === null ? [] : [['content-type', type] as const]),
          ],
        }),
      ),
    );
