import { describe, expect, it } from 'vitest';
import { endToEnd, fieldOf, membersOf } from '../../src/http/fields.ts';
import type { HeaderList } from '../../src/core/types.ts';

describe('a field', () => {
  const headers: HeaderList = [
    ['etag', '"a"'],
    ['vary', 'Accept, , X-Tenant,'],
  ];

  it('is found by its name', () => {
    expect(fieldOf(headers, 'etag')).toBe('"a"');
    expect(fieldOf(headers, 'age')).toBeUndefined();
  });

  it('that is a list has members, in lower case', () => {
    expect(membersOf(headers, 'vary')).toEqual(['accept', 'x-tenant']);
    expect(membersOf(headers, 'connection')).toEqual([]);
  });
});

describe('what a cache may keep', () => {
  it.each([
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'proxy-authorization',
    'proxy-authentication-info',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ])('is without what belongs to one connection: %s', (name) => {
    expect(
      endToEnd([
        [name, 'x'],
        ['etag', '"a"'],
      ]),
    ).toEqual([['etag', '"a"']]);
  });

  it('is without what `Connection` names', () => {
    expect(
      endToEnd([
        ['connection', 'X-Hop, close'],
        ['x-hop', '1'],
        ['x-end', '2'],
      ]),
    ).toEqual([['x-end', '2']]);
  });

  it('keeps the order of the rest, and names that only begin alike', () => {
    const headers: HeaderList = [
      ['upgrade-insecure-requests', '1'],
      ['b', '1'],
      ['a', '2'],
      ['te-x', '3'],
    ];

    expect(endToEnd(headers)).toEqual(headers);
  });
});
