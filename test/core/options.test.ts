import { describe, expect, it } from 'vitest';
import { createCarpool } from '../../src/index.ts';
import { resolveOptions, type CarpoolOptions } from '../../src/core/options.ts';

describe('options', () => {
  it('have defaults', () => {
    const { findRule, identity, parseTtl, ...rest } = resolveOptions();

    expect(rest).toEqual({
      endpoint: '/batch',
      origins: [],
      window: 'microtask',
      maxItems: 50,
      maxBytes: 262_144,
      maxBodyBytes: 65_536,
      maxInFlight: 4,
      batchSingle: false,
      dedupe: true,
      cache: false,
      retry: false,
      timeoutMs: 30_000,
      idleTimeoutMs: 30_000,
      rollout: 1,
    });
    expect(identity()).toBeNull();
    expect(parseTtl('2m', 'ttl')).toBe(120_000);
    expect(findRule(new URL('https://app.test/'), 'GET')).toBeUndefined();
  });

  it('keep them where undefined is given', () => {
    const given = Object.fromEntries(
      Object.keys(resolveOptions()).map((name) => [name, undefined]),
    );

    expect(resolveOptions(given)).toMatchObject({ maxItems: 50, window: 'microtask' });
  });

  it.each<[CarpoolOptions, object]>([
    [{ window: 'auto' }, { window: 'auto' }],
    [{ window: 0 }, { window: 0 }],
    [
      { maxItems: 1, maxInFlight: 1 },
      { maxItems: 1, maxInFlight: 1 },
    ],
    [{ window: '5ms' }, { window: 5 }],
    [{ timeout: '2s' }, { timeoutMs: 2000 }],
    [{ timeout: false }, { timeoutMs: false }],
    [{ timeout: Infinity }, { timeoutMs: Infinity }],
    [{ rollout: 0 }, { rollout: 0 }],
    [{ rollout: 0.5 }, { rollout: 0.5 }],
    [
      { origins: ['https://a.test/path', 'http://b.test:80'] },
      { origins: ['https://a.test', 'http://b.test'] },
    ],
    [{ endpoint: 'https://a.test/b' }, { endpoint: 'https://a.test/b' }],
  ])('may be %j', (given, expected) => {
    expect(resolveOptions(given)).toMatchObject(expected);
  });
});

describe('an option that is wrong', () => {
  it.each<[keyof CarpoolOptions, unknown, string?]>([
    ['endpoint', ''],
    ['endpoint', null],
    ['endpoint', 7],
    ['endpoint', 'https://'],
    ['endpoint', 'data:text/plain,'],
    ['origins', 'https://a.test'],
    ['origins', ['/path']],
    ['origins', ['data:,']],
    ['origins', [null]],
    ['window', 'macrotask'],
    ['window', -1],
    ['window', NaN],
    ['window', null],
    ['window', false],
    ['maxItems', 0],
    ['maxItems', 1.5],
    ['maxItems', '10'],
    ['maxItems', Infinity],
    ['maxBytes', -1],
    ['maxBodyBytes', NaN],
    ['maxInFlight', 0],
    ['batchSingle', 'yes'],
    ['dedupe', 0],
    ['rules', {}],
    ['rules', [null], 'undefined'],
    ['rules', [{ match: 7 }], '7'],
    ['rules', [{}], 'undefined'],
    ['rules', [{ match: '/(' }], "'/('"],
    ['rules', [{ match: '/a', priority: 'urgent' }], 'urgent'],
    ['timeout', 'soon'],
    ['timeout', -5],
    ['timeout', null],
    ['timeout', true],
    ['rollout', 2],
    ['rollout', -0.1],
    ['rollout', NaN],
    ['rollout', null],
    ['rollout', '0.5'],
  ])('is named at once, with the value received: %s: %j', (name, value, shown) => {
    const create = (): unknown => createCarpool({ [name]: value });

    expect(create).toThrow(name === 'rules' ? /rule/ : name);
    expect(create).toThrow(`got ${shown ?? String(value)}`);
    expect(create).toThrow(/^(?!Cannot)/);
  });
});
