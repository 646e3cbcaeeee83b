import { describe, expect, it, onTestFinished } from 'vitest';
import { createCarpool } from '../../src/index.ts';
import { resolveOptions, type CarpoolOptions } from '../../src/core/options.ts';
import { got } from '../support/got.ts';

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
    expect(findRule('https://app.test/', 'GET')).toBeUndefined();
  });

  it('keep them where undefined is given', () => {
    // All that there are: none is taken for a misspelt one.
    const given: Record<keyof CarpoolOptions, undefined> = {
      endpoint: undefined,
      origins: undefined,
      window: undefined,
      maxItems: undefined,
      maxBytes: undefined,
      maxBodyBytes: undefined,
      maxInFlight: undefined,
      batchSingle: undefined,
      dedupe: undefined,
      rules: undefined,
      cache: undefined,
      identity: undefined,
      retry: undefined,
      timeout: undefined,
      idleTimeout: undefined,
      rollout: undefined,
    };

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

describe('an option that there is not', () => {
  it.each<[object, string, string]>([
    [{ retries: 3 }, 'the options', 'endpoint, origins, '],
    [{ cache: { ttll: 5 } }, 'cache', 'ttl, ttls, '],
    [{ retry: { attempt: 3 } }, 'retry', 'limit, methods, '],
    [{ retry: { budget: { share: 1 } } }, 'retry.budget', 'ratio, floor, window'],
    [{ rules: [{ match: '/a', prioritty: 'low' }] }, 'a rule', 'match, priority, '],
    // A part of one, several of them, and one from elsewhere.
    [{ max: 3 }, 'the options', ''],
    [{ '': 3 }, 'the options', ''],
    [Object.create({ retries: 3 }) as object, 'the options', ''],
    [{ ttl: 5 }, 'the options', ''],
  ])('is named at once, with those that there are: %j', (options, where, known) => {
    const create = (): unknown => createCarpool(options);

    expect(create).toThrow(TypeError);
    expect(create).toThrow(new RegExp(`^a member of ${where} must be one of ${known}.*, got "`));
  });
});

describe('a page on which all objects have a member more', () => {
  it('has options, rules and hints as any other', async () => {
    const shared = Object.prototype as { each?: unknown };
    shared.each = (): void => {};
    onTestFinished(() => {
      delete shared.each;
    });

    const { fetch } = createCarpool({ cache: {}, retry: {}, rules: [{ match: '/a' }] });

    const signal = AbortSignal.abort();
    await expect(fetch('/a', { signal, carpool: {} })).rejects.toBe(signal.reason);
    await expect(fetch('data:,', { carpool: { dedupe: true } })).resolves.toBeDefined();
    expect(() => createCarpool({ eech: 1 } as CarpoolOptions)).toThrow('got "eech"');
  });
});

describe('options that are none', () => {
  it.each([null, 'carpool', 7, true])('are named at once: %j', (value) => {
    const create = (): unknown => createCarpool(value as unknown as CarpoolOptions);

    expect(create).toThrow(`the options must be an object, or be left out, ${got(value)}`);
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
    ['origins', ['/path'], 'got "/path"'],
    ['origins', ['data:,'], 'got "data:,"'],
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
    ['rules', [null], 'got null'],
    ['rules', [{ match: 7 }], 'got 7'],
    ['rules', [{}], 'got undefined'],
    ['rules', [{ match: '/(' }], 'got "/("'],
    ['rules', [{ match: '/a', priority: 'urgent' }], 'got "urgent"'],
    [
      'rules',
      [{ match: '/a', batch: 'false' }],
      'a rule\'s batch must be true or false, got "false"',
    ],
    ['rules', [{ match: '/a', dedupe: 0 }], "a rule's dedupe must be true or false, got 0"],
    ['maxItems', [], 'got [object Array]'],
    ['maxItems', Object.create(null), 'got [object Object]'],
    ['maxItems', { toString: 7 }, 'got [object Object]'],
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
    expect(create).toThrow(shown ?? got(value));
    expect(create).toThrow(/^(?!Cannot)/);
  });

  it.each<[object, string]>([
    [{ window: 'task' }, "or 'microtask' or 'auto', got \"task\""],
    [{ timeout: null }, 'or false for no limit, got null'],
    [{ idleTimeout: true }, 'or false for no limit, got true'],
    [{ retry: { attemptTimeout: '5x' } }, 'or false for no limit, got "5x"'],
    [{ retry: true }, 'retry must be an object, {} for the defaults, or false, got true'],
    [{ retry: { budget: 3 } }, '{} for the defaults, or false, got 3'],
    [{ cache: '2m' }, '{} for the defaults, or false, got "2m"'],
    [{ cache: { ttl: 'qoute' } }, 'or a name in `cache.ttls`, or false, got "qoute"'],
    [{ rules: [{ match: '/a', ttl: true }] }, 'or a name in `cache.ttls`, or false, got true'],
  ])('is named with what would be right: %j', (options, message) => {
    expect(() => createCarpool(options)).toThrow(message);
  });
});
