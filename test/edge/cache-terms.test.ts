import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CacheTerms } from '../../src/core/types.ts';
import {
  resolveOptions,
  type CarpoolOptions,
  type CarpoolRequestInit,
} from '../../src/core/options.ts';
import { createToCall } from '../../src/edge/to-call.ts';
import { onPage } from '../support/page.ts';

const endpoint = 'https://app.test/batch';

type Input = string | URL | Request;

/** What the call asks of the cache, or why it can't ride. */
async function termsOf(
  input: Input,
  init?: CarpoolRequestInit,
  options: CarpoolOptions = {},
): Promise<CacheTerms | string | null> {
  const toCall = createToCall(
    resolveOptions({ endpoint, cache: {}, origins: ['https://other.test'], ...options }),
    () => null,
  );
  const outcome = await toCall(input, init);
  return typeof outcome === 'string' ? outcome : outcome.cache;
}

const plain: CacheTerms = { mode: 'default', ttlMs: undefined, tags: [], credentialed: false };

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('what a call asks of the cache', () => {
  it('is what is usual, without hints', async () => {
    expect(await termsOf('https://app.test/a')).toEqual(plain);
    expect(await termsOf('https://app.test/a', { method: 'POST' })).toEqual(plain);
  });

  it.each<[CarpoolRequestInit, Partial<CacheTerms>]>([
    [{ carpool: { ttl: 0 } }, { ttlMs: 0 }],
    [{ carpool: { ttl: '5m' } }, { ttlMs: 300_000 }],
    [{ carpool: { ttl: false } }, { ttlMs: false }],
    [{ carpool: { ttl: 'quote' } }, { ttlMs: 7 }],
    [{ carpool: { tags: ['a', 'b'] } }, { tags: ['a', 'b'] }],
    [{ cache: 'reload' }, { mode: 'reload' }],
    [{ cache: 'no-store' }, { mode: 'no-store' }],
    [{ cache: 'no-cache' }, { mode: 'no-cache' }],
    [{ cache: 'force-cache' }, { mode: 'force-cache' }],
    [{ cache: 'default' }, { mode: 'default' }],
  ])('is what %j say', async (init, expected) => {
    const options = { cache: { ttls: { quote: 7 } } };

    expect(await termsOf('https://app.test/a', init, options)).toEqual({ ...plain, ...expected });
  });

  it('is in a Request, too, and `init` wins over that', async () => {
    const request = new Request('https://app.test/a', { cache: 'reload' });

    expect(await termsOf(request)).toMatchObject({ mode: 'reload' });
    expect(await termsOf(request, { cache: 'no-store' })).toMatchObject({ mode: 'no-store' });
  });

  it.each(['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'If-Range'])(
    'is no-store where it has conditions of its own: %s',
    async (name) => {
      const headers = { [name]: 'x' };

      expect(await termsOf('https://app.test/a', { headers })).toMatchObject({ mode: 'no-store' });
    },
  );
});

describe('the cache has no part in a call', () => {
  const rules = [
    { match: '/no/*', cache: false },
    { match: '/past/*', batch: false },
  ];

  it.each<[string, CarpoolRequestInit, CarpoolOptions]>([
    ['/a', {}, { cache: false }],
    ['/a', { carpool: { ttl: '5m', tags: ['a'] } }, { cache: false }],
    ['/a', { carpool: { cache: false } }, {}],
    ['/no/a', {}, { rules }],
  ])('%s with %j and %j', async (path, init, options) => {
    expect(await termsOf(`https://app.test${path}`, init, options)).toBeNull();
  });

  it('whose modes then go past', async () => {
    for (const cache of ['reload', 'no-store', 'no-cache', 'force-cache'] as const) {
      const href = 'https://app.test/a';
      expect(await termsOf(href, { cache }, { cache: false })).toBe('cache');
      expect(await termsOf(href, { cache, carpool: { cache: false } })).toBe('cache');
      expect(await termsOf('https://app.test/no/a', { cache }, { rules })).toBe('cache');
    }
  });
});

describe('only-if-cached', () => {
  const only: CarpoolRequestInit = { cache: 'only-if-cached', mode: 'same-origin' };

  it('rides with the mode that goes with it, on the page’s origin', async () => {
    onPage();

    expect(await termsOf('/a', only)).toMatchObject({ mode: 'only-if-cached' });
    expect(await termsOf(new Request('https://app.test/a', only))).toMatchObject({
      mode: 'only-if-cached',
    });
  });

  it('rides where there is no page, on the endpoint’s origin', async () => {
    expect(await termsOf('https://app.test/a', only)).toMatchObject({ mode: 'only-if-cached' });
    expect(await termsOf('https://other.test/a', only)).toBe('cache');
  });

  it.each<[string, CarpoolRequestInit, string]>([
    ['/a', { cache: 'only-if-cached' }, 'cache'],
    ['/a', { cache: 'only-if-cached', mode: 'cors' }, 'cache'],
    ['/a', { mode: 'same-origin' }, 'mode'],
    ['/a', { cache: 'reload', mode: 'same-origin' }, 'mode'],
    ['https://other.test/a', only, 'cache'],
  ])('is for native `fetch` else: %s with %j', async (path, init, reason) => {
    onPage();

    expect(await termsOf(path, init)).toBe(reason);
  });

  it('goes past without the cache', async () => {
    onPage();

    expect(await termsOf('/a', only, { cache: false })).toMatch(/^(?:mode|cache)$/);
  });
});

describe('cookies go along', () => {
  it.each<[string, RequestCredentials | undefined, boolean]>([
    ['https://app.test/a', undefined, true],
    ['https://app.test/a', 'same-origin', true],
    ['https://app.test/a', 'include', true],
    ['https://app.test/a', 'omit', false],
    ['https://other.test/a', undefined, false],
    ['https://other.test/a', 'same-origin', false],
    ['https://other.test/a', 'include', true],
    ['https://other.test/a', 'omit', false],
  ])('on a page: to %s with `%s`: %s', async (href, credentials, credentialed) => {
    onPage();

    expect(await termsOf(href, credentials && { credentials })).toMatchObject({ credentialed });
  });

  it('nowhere but with `include` where there is no page', async () => {
    expect(await termsOf('https://app.test/a')).toMatchObject({ credentialed: false });
    expect(await termsOf('https://app.test/a', { credentials: 'include' })).toMatchObject({
      credentialed: true,
    });
  });
});
