import { expect, it } from 'vitest';
import { bodyKind } from '../../src/wire/media.ts';

it.each([
  ['application/json', 'json'],
  ['APPLICATION/JSON; charset=utf-8', 'json'],
  [' text/json ;v=1', 'json'],
  ['application/problem+json', 'json'],
  ['application/vnd.api+JSON', 'json'],
  ['text/plain', 'text'],
  ['text/html;charset=utf-8', 'text'],
  ['application/x-www-form-urlencoded;charset=UTF-8', 'text'],
  ['application/jsonp', 'binary'],
  ['application/json-seq', 'binary'],
  ['application/x-ndjson', 'binary'],
  ['image/svg+xml', 'binary'],
  ['application/octet-stream', 'binary'],
  ['x-text/plain', 'binary'],
  ['', 'binary'],
  [null, 'binary'],
  [undefined, 'binary'],
])('a body of type %s travels as %s', (type, kind) => {
  expect(bodyKind(type)).toBe(kind);
});

// A pattern that goes back over them for each would take minutes.
it('a type that is mostly spaces is read like any other', () => {
  const spaces = ' '.repeat(1_000_000);

  expect([`${spaces}x`, `${spaces}text/json`].map(bodyKind)).toEqual(['binary', 'json']);
});
