import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CarpoolOptions, CarpoolRequestInit } from '../src/index.ts';
import { url } from './support/a-client.ts';
import { aCachingClient, versioned } from './support/a-caching-client.ts';
import { failureOf } from './support/drained.ts';

const post = (init: CarpoolRequestInit = {}): CarpoolRequestInit => ({ method: 'POST', ...init });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 15, 12) });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('what a caller writes', () => {
  const form = (): FormData => {
    const data = new FormData();
    data.set('file', new Blob(['x']), 'x.txt');
    return data;
  };

  it.each<[string, CarpoolRequestInit, CarpoolOptions]>([
    ['in a batch', {}, {}],
    ['by itself', {}, { batchSingle: false }],
    ['past batching, as a form', { body: form() }, {}],
    ['past batching, as the hint says', { carpool: { batch: false } }, {}],
    ['past batching, as the page goes on without it', { keepalive: true }, {}],
    ['without the cache', { carpool: { cache: false } }, {}],
    ['past batching, as the rule says', {}, { rules: [{ match: '/a', batch: false }] }],
  ])('is what is read next: %s', async (_, init, options) => {
    const { get, fetch, told } = aCachingClient(options);
    expect(await get('/a')).toBe('/a 1');

    await fetch(url('/a'), post(init));

    expect(told.at(-1)).toMatchObject({ outcome: 'invalidated', url: url('/a') });
    expect(await get('/a')).toBe('/a 2');
  });

  it.each<[string, CarpoolRequestInit]>([
    ['in a batch', {}],
    ['past batching', { carpool: { batch: false } }],
  ])('has its rule’s others read anew: %s', async (_, init) => {
    const { asked, fetch, get } = aCachingClient({
      rules: [{ match: '/orders', invalidates: ['/stock/*'] }],
    });
    await get('/stock/1');

    await fetch(url('/orders'), post(init));
    await get('/stock/1');

    expect(asked()).toEqual(['GET /stock/1', 'POST /orders', 'GET /stock/1']);
  });

  it.each<[string, CarpoolRequestInit]>([
    ['in a batch', {}],
    ['past batching', { carpool: { batch: false } }],
  ])('without success leaves what is there: %s', async (_, init) => {
    const { asked, fetch, get } = aCachingClient({}, (method, path) => ({
      status: method === 'POST' ? 422 : 200,
      body: path,
    }));
    await get('/a');

    await fetch(url('/a'), post(init));
    await get('/a');

    expect(asked()).toEqual(['GET /a', 'POST /a']);
  });

  it.each<[string, CarpoolRequestInit, CarpoolOptions]>([
    ['in a batch', {}, {}],
    ['by itself', {}, { batchSingle: false }],
    ['past batching', { carpool: { batch: false } }, {}],
  ])('though its answer is lost, is what is read next: %s', async (_, init, options) => {
    const script = versioned();
    const { fetch, get } = aCachingClient(options, (...asked) => {
      const answer = script(...asked);
      if (asked[0] === 'POST') throw new TypeError('lost');
      return answer;
    });
    await get('/a');

    expect(await failureOf(fetch(url('/a'), post(init)))).toBeInstanceOf(TypeError);

    expect(await get('/a')).toBe('/a 2');
  });

  it('and is redirected to read at the same URL, is the new state', async () => {
    const script = versioned();
    const { asked, fetch, get } = aCachingClient({}, (method, path, headers) => {
      const answer = script(method, path, headers);
      return method === 'POST' ? { status: 303, headers: { location: '/a' } } : answer;
    });
    expect(await get('/a')).toBe('/a 1');

    const response = await fetch(url('/a'), post());

    expect([response.redirected, response.url]).toEqual([true, url('/a')]);
    expect(await response.json()).toBe('/a 2');
    expect(await get('/a')).toBe('/a 2');
    expect(asked()).toEqual(['GET /a', 'POST /a', 'GET /a']);
  });

  it('at a URL that it is redirected to, is what is read there next', async () => {
    const script = versioned();
    const { fetch, get } = aCachingClient({}, (method, path, headers) =>
      path === '/from'
        ? { status: 307, headers: { location: '/to' } }
        : script(method, path, headers),
    );
    expect(await get('/to')).toBe('/to 1');

    await fetch(url('/from'), post());

    expect(await get('/to')).toBe('/to 2');
  });

  it('at another origin that it is redirected to, is what is read there next', async () => {
    const script = versioned();
    const elsewhere = 'https://other.test/to';
    const { fetch } = aCachingClient(
      { origins: ['https://other.test'], batchSingle: false },
      (method, path, headers) =>
        path === '/from'
          ? { status: 307, headers: { location: elsewhere } }
          : script(method, path, headers),
    );
    const read = async (): Promise<unknown> => (await fetch(elsewhere)).json();
    expect(await read()).toBe('/to 1');

    await Promise.all([fetch(url('/from'), post()), fetch(url('/x'))]);

    expect(await read()).toBe('/to 2');
  });

  it('comes to what it comes to, though a rule’s own function throws', async () => {
    const { fetch } = aCachingClient({
      rules: [
        {
          match: () => {
            throw new Error('own');
          },
        },
      ],
    });

    // It goes past, as every call does whose rules can't be told, and the server has answered.
    const response = await fetch(url('/a'), post());

    expect(await response.json()).toBe('/a 2');
  });
});
