import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../src/core/types.ts';
import { conditionsFor, freshen, hasConditions, isOf } from '../../src/http/validating.ts';

const etag = (value: string): HeaderList => [['etag', value]];
const modified = (value: string): HeaderList => [['last-modified', value]];
const day = 'Wed, 14 Jan 2026 08:00:00 GMT';
const other = 'Wed, 14 Jan 2026 08:00:01 GMT';

describe('a caller’s own conditions', () => {
  it.each(['if-none-match', 'if-match', 'if-modified-since', 'if-unmodified-since', 'if-range'])(
    'are seen: %s',
    (name) => {
      expect(
        hasConditions([
          ['accept', '*/*'],
          [name, 'x'],
        ]),
      ).toBe(true);
    },
  );

  it.each(['if', 'if-none-match-x', 'x-if-match', 'etag'])('are not: %s', (name) => {
    expect(hasConditions([[name, 'x']])).toBe(false);
  });
});

describe('the conditions', () => {
  it('are by both of what is known', () => {
    expect(conditionsFor([...etag('W/"a"'), ...modified(day)])).toEqual([
      ['if-none-match', 'W/"a"'],
      ['if-modified-since', day],
    ]);
  });

  it('are by one of them where there is but one, and none without', () => {
    expect(conditionsFor(etag('"a"'))).toEqual([['if-none-match', '"a"']]);
    expect(conditionsFor(modified(day))).toEqual([['if-modified-since', day]]);
    expect(conditionsFor([['date', day]])).toEqual([]);
  });
});

describe('a 304', () => {
  it.each<[string, HeaderList, HeaderList, boolean]>([
    ['with the same entity tag', etag('"a"'), etag('"a"'), true],
    ['with another one', etag('"a"'), etag('"b"'), false],
    ['with the same weak one', etag('W/"a"'), etag('W/"a"'), true],
    ['with another weak one', etag('W/"a"'), etag('W/"b"'), false],
    ['with a weak one of the strong one that is kept', etag('"a"'), etag('W/"a"'), true],
    ['with a strong one of the weak one that is kept', etag('W/"a"'), etag('"a"'), false],
    ['with one where none is kept', modified(day), etag('"a"'), false],
    ['with the same date', modified(day), modified(day), true],
    ['with another date', modified(day), modified(other), false],
    ['with a date where none is kept', etag('"a"'), modified(day), false],
    ['without any', etag('"a"'), [['date', day]], true],
    [
      'with the same entity tag and another date',
      [...etag('"a"'), ...modified(day)],
      [...etag('"a"'), ...modified(other)],
      true,
    ],
  ])('%s is of the kept response, or isn’t: %#', (_, kept, answer, expected) => {
    expect(isOf(kept, answer)).toBe(expected);
  });
});

describe('a kept response that is confirmed', () => {
  it('has the new fields in place of those of the same name, and the others as they were', () => {
    const kept: HeaderList = [
      ['etag', '"a"'],
      ['x-old', '1'],
      ['cache-control', 'max-age=1'],
      ['date', day],
    ];

    const fresh = freshen(kept, [
      ['cache-control', 'max-age=9'],
      ['date', other],
      ['x-new', '2'],
    ]);

    expect(fresh).toEqual([
      ['etag', '"a"'],
      ['x-old', '1'],
      ['cache-control', 'max-age=9'],
      ['date', other],
      ['x-new', '2'],
    ]);
  });

  it.each(['content-length', 'content-encoding', 'content-range'])(
    'keeps what speaks of its body: %s',
    (name) => {
      expect(freshen([[name, 'old']], [[name, 'new']])).toEqual([[name, 'old']]);
      expect(freshen([], [[name, 'new']])).toEqual([]);
    },
  );

  it.each(['connection', 'transfer-encoding', 'keep-alive', 'proxy-authenticate'])(
    'takes nothing that belongs to one connection: %s',
    (name) => {
      expect(freshen([], [[name, 'x']])).toEqual([]);
    },
  );

  it('keeps its type: servers often say a default one in a 304', () => {
    expect(freshen([['content-type', 'text/x-own']], [['content-type', 'text/plain']])).toEqual([
      ['content-type', 'text/x-own'],
    ]);
  });

  it('has no age but the new one', () => {
    expect(freshen([['age', '500']], [['date', day]])).toEqual([['date', day]]);
    expect(freshen([['age', '500']], [['age', '3']])).toEqual([['age', '3']]);
  });
});
