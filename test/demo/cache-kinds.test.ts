import { describe, expect, it } from 'vitest';
import {
  kindNames,
  kindOf,
  patternsOf,
  patternSyntax,
  tagsOf,
  toKey,
  toMatcher,
} from '../../demo/server/platform/cache/kinds.ts';
import { aDatabase } from '../support/a-server-cache.ts';
import { createSqliteLevel } from '../../demo/server/platform/cache/sqlite-level.ts';

describe('the tags of a key', () => {
  it.each(kindNames)('of kind %s have patterns that describe it', (kind) => {
    for (const subject of ['AAPL', 'BRK.B', 'AAPL:2026-01-01:2026-01-31']) {
      const key = toKey(kind, subject);

      const missed = tagsOf(key).filter((tag) => !toMatcher(patternsOf(tag))(key));
      expect(missed).toEqual([]);
      expect(kindOf(key)).toBe(kind);
    }
  });

  it('describe no subject that only begins alike', () => {
    expect(toMatcher(patternsOf('quote-A'))('quote:AAPL')).toBe(false);
  });

  it.each(['notes', 'quotes-', 'quote-', 'quote', 'widget-1', 'quote-A[B]', ''])(
    'there are no patterns for %s',
    (tag) => {
      expect(patternsOf(tag)).toEqual([]);
    },
  );
});

describe('a pattern', () => {
  const keys = ['quote:AAPL', 'quote:AMZN', 'quote:A.B', 'quote:AxB', 'news:AAPL', 'history:A:1:2'];

  it.each([
    ['*', keys],
    ['quote:*', keys.slice(0, 4)],
    ['quote:A??L', ['quote:AAPL']],
    ['*:AAPL', ['quote:AAPL', 'news:AAPL']],
    ['quote:A.B', ['quote:A.B']],
    ['quote:A?B', ['quote:A.B', 'quote:AxB']],
    ['history:A:*', ['history:A:1:2']],
    ['quote:aapl', []],
    ['quote', []],
  ])('%s means the same to memory and to SQLite', (pattern, expected) => {
    const level = createSqliteLevel(aDatabase());
    level.setMany(keys.map((key) => ({ key, value: '{}', expiresAt: Number.MAX_SAFE_INTEGER })));

    expect(keys.filter(toMatcher([pattern]))).toEqual(expected);
    expect(level.drop([pattern]).toSorted()).toEqual([...expected].sort());
  });

  it.each(['[a]', 'a b', 'quote:%', '', 'a\\*', `quote:${'A'.repeat(200)}`])(
    '%s is none: the levels would read it differently',
    (pattern) => {
      expect(patternSyntax.test(pattern)).toBe(false);
    },
  );
});
