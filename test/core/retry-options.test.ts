import { describe, expect, it } from 'vitest';
import { createCarpool } from '../../src/index.ts';
import { resolveOptions } from '../../src/core/options.ts';
import { resolveRetryOptions, type RetryOptions } from '../../src/core/retry-options.ts';
import { got } from '../support/got.ts';

const attempt = { method: 'GET', url: 'https://app.test/a', attempt: 1 };

describe('retry options', () => {
  it('have defaults', () => {
    const { shouldRetry, ...rest } = resolveRetryOptions({});

    expect(rest).toEqual({
      limit: 2,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      statuses: [408, 413, 429, 500, 502, 503, 504],
      delayMs: 300,
      maxDelayMs: 30_000,
      attemptTimeoutMs: false,
      budget: { ratio: 0.2, floor: 60, windowMs: 60_000 },
      idempotencyKey: false,
    });
    expect(shouldRetry(attempt)).toBeUndefined();
  });

  it('keep them where undefined is given', () => {
    const given: Record<keyof RetryOptions, undefined> = {
      limit: undefined,
      methods: undefined,
      statuses: undefined,
      delay: undefined,
      maxDelay: undefined,
      attemptTimeout: undefined,
      shouldRetry: undefined,
      budget: undefined,
      idempotencyKey: undefined,
    };

    expect(resolveRetryOptions(given)).toMatchObject({ limit: 2, delayMs: 300 });
  });

  it.each<[RetryOptions, object]>([
    [{ limit: 0 }, { limit: 0 }],
    [{ methods: ['get', 'Patch'] }, { methods: ['GET', 'PATCH'] }],
    [{ methods: [] }, { methods: [] }],
    [{ statuses: [400, 599] }, { statuses: [400, 599] }],
    [
      { delay: '1s', maxDelay: '5s' },
      { delayMs: 1000, maxDelayMs: 5000 },
    ],
    [{ attemptTimeout: '2s' }, { attemptTimeoutMs: 2000 }],
    [{ budget: false }, { budget: false }],
    [{ budget: { floor: 0 } }, { budget: { ratio: 0.2, floor: 0, windowMs: 60_000 } }],
    [{ idempotencyKey: true }, { idempotencyKey: true }],
  ])('may be %j', (given, expected) => {
    expect(resolveRetryOptions(given)).toMatchObject(expected);
  });

  it('are off unless given, and with `false`', () => {
    expect(resolveOptions({}).retry).toBe(false);
    expect(resolveOptions({ retry: false }).retry).toBe(false);
    expect(resolveOptions({ retry: {} }).retry).toMatchObject({ limit: 2 });
  });
});

describe('a retry option that is wrong', () => {
  it.each<[string, unknown, string?]>([
    ['limit', -1],
    ['limit', 1.5],
    ['limit', Infinity],
    ['limit', '2'],
    ['limit', null],
    ['methods', 'GET'],
    ['methods', [7], 'got 7'],
    ['methods', [null], 'got null'],
    ['statuses', 503],
    ['statuses', [401], 'got 401'],
    ['statuses', [403], 'got 403'],
    ['statuses', [399], 'got 399'],
    ['statuses', [600], 'got 600'],
    ['statuses', [500.5], 'got 500.5'],
    ['statuses', ['503x'], 'got "503x"'],
    ['delay', 'soon'],
    ['delay', -1],
    ['delay', false],
    ['maxDelay', 'later'],
    ['maxDelay', null],
    ['attemptTimeout', 'soon'],
    ['attemptTimeout', true],
    ['attemptTimeout', null],
    ['shouldRetry', true],
    ['shouldRetry', null],
    ['budget', true],
    ['budget', null],
    ['budget', 0.2],
    ['budget', 'none'],
    ['idempotencyKey', 'yes'],
    ['idempotencyKey', 1],
  ])('is named at once, with the value received: %s: %j', (name, value, shown) => {
    const create = (): unknown => createCarpool({ retry: { [name]: value } });

    expect(create).toThrow(`retry.${name}`);
    expect(create).toThrow(shown ?? got(value));
    expect(create).toThrow(/must be/);
  });

  it.each<[string, unknown]>([
    ['ratio', -0.1],
    ['ratio', NaN],
    ['ratio', '0.2'],
    ['floor', -1],
    ['floor', null],
    ['window', 'soon'],
    ['window', -1],
  ])('in the budget is named, too: %s: %j', (name, value) => {
    const create = (): unknown => createCarpool({ retry: { budget: { [name]: value } } });

    expect(create).toThrow(`retry.budget.${name} must be`);
    expect(create).toThrow(got(value));
  });

  it.each([401, 403])('is a RangeError that says why: %i among the statuses', (status) => {
    const create = (): unknown => createCarpool({ retry: { statuses: [503, status] } });

    expect(create).toThrow(RangeError);
    expect(create).toThrow(/not 401 or 403, which are answers/);
  });
});
