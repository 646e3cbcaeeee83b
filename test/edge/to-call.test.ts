import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  resolveOptions,
  type CarpoolOptions,
  type CarpoolRequestInit,
} from '../../src/core/options.ts';
import { createToCall, type Draft } from '../../src/edge/to-call.ts';
import { onPage } from '../support/page.ts';

beforeEach(() => {
  onPage();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The call that arguments make; fails the test where they make none. */
async function callOf(
  input: RequestInfo | URL,
  init?: CarpoolRequestInit,
  options: CarpoolOptions = {},
): Promise<Draft> {
  const toCall = createToCall(
    resolveOptions({ origins: ['https://api.test'], ...options }),
    () => null,
  );
  const outcome = await toCall(input, init);
  if (typeof outcome === 'string') throw new Error(`went past: ${outcome}`);
  return outcome;
}

describe('the URL of a call', () => {
  it.each([
    ['/api?b#part', 'https://app.test/api?b'],
    ['/api#', 'https://app.test/api'],
    ['?only=query', 'https://app.test/dir/page?only=query'],
    ['../up', 'https://app.test/up'],
    ['//app.test/api', 'https://app.test/api'],
    ['/a b/é?c=d e', 'https://app.test/a%20b/%C3%A9?c=d%20e'],
    ['', 'https://app.test/dir/page'],
    [' /api\n', 'https://app.test/api'],
  ])('of %j is absolute, without its fragment', async (input, expected) => {
    onPage('https://app.test/dir/page#x');

    expect((await callOf(input)).url).toBe(expected);
  });

  it('is relative to the document’s base, the endpoint to the page', async () => {
    onPage('https://app.test/dir/page', 'https://api.test/base/');

    expect(await callOf('x', {}, { endpoint: 'batch' })).toMatchObject({
      url: 'https://api.test/base/x',
      endpoint: 'https://api.test/batch',
    });
    expect(await callOf('/x', {}, { endpoint: 'batch', origins: [] }).catch(String)).toContain(
      'origin',
    );
  });

  it('is relative to the worker’s own where there is no document', async () => {
    vi.stubGlobal('document', undefined);

    expect((await callOf('/api')).url).toBe('https://app.test/api');
  });
});

describe('the endpoint of a call', () => {
  it.each([
    ['/batch', 'https://app.test/x', 'https://app.test/batch'],
    ['/batch?v=2', 'https://api.test/x', 'https://api.test/batch?v=2'],
    ['https://app.test/b', 'https://app.test/x', 'https://app.test/b'],
    ['https://app.test/b', 'https://api.test/x', 'https://api.test/b'],
  ])('%s, of %s, is %s', async (endpoint, url, expected) => {
    expect((await callOf(url, {}, { endpoint })).endpoint).toBe(expected);
  });

  it('on another origin leaves the page’s own calls alone', async () => {
    const options = { endpoint: 'https://gateway.test/batch', origins: [] };

    expect((await callOf('https://gateway.test/x', {}, options)).url).toBe(
      'https://gateway.test/x',
    );
    await expect(callOf('/x', {}, options)).rejects.toThrow('origin');
  });
});

describe('the headers of a call', () => {
  it('are in lower case, joined where they repeat', async () => {
    const headers: HeadersInit = [
      ['X-B', '2'],
      ['x-a', '1'],
      ['X-B', '3'],
    ];

    expect((await callOf('/api', { headers })).headers).toEqual([
      ['x-a', '1'],
      ['x-b', '2, 3'],
    ]);
  });

  it('are those of `init` instead of the Request’s, even where they are none', async () => {
    const request = new Request('https://app.test/', { headers: { a: '1' } });

    expect((await callOf(request)).headers).toEqual([['a', '1']]);
    expect((await callOf(request, { headers: { b: '2' } })).headers).toEqual([['b', '2']]);
    expect((await callOf(request, { headers: {} })).headers).toEqual([]);
    expect((await callOf(request, { credentials: 'omit' })).headers).toEqual([['a', '1']]);
  });

  it.each<[BodyInit, string]>([
    ['x', 'text/plain;charset=UTF-8'],
    [new URLSearchParams('a=1'), 'application/x-www-form-urlencoded;charset=UTF-8'],
    [new Blob(['{}'], { type: 'application/json' }), 'application/json'],
  ])('name the type of a body that has one by itself', async (body, type) => {
    const { headers } = await callOf('/api', { method: 'POST', body });

    expect(headers).toEqual([['content-type', type]]);
  });
});

describe('the body of a call', () => {
  const bytes = Uint8Array.of(0, 1, 254, 255);
  const octets = { 'content-type': 'application/octet-stream' };

  it.each<[string, BodyInit, HeadersInit, string | Uint8Array]>([
    ['text, as text', 'é"\n', {}, 'é"\n'],
    [
      'JSON, as its text',
      '{"n":90071992547409931}',
      { 'content-type': 'application/json' },
      '{"n":90071992547409931}',
    ],
    [
      'JSON bytes, as their text',
      new TextEncoder().encode('[1]'),
      { 'content-type': 'application/json' },
      '[1]',
    ],
    ['a form, as its text', new URLSearchParams({ a: 'b c' }), {}, 'a=b+c'],
    ['bytes, as bytes', bytes, octets, bytes],
    ['a buffer, as bytes', bytes.buffer, octets, bytes],
    ['a view, as its own bytes', bytes.subarray(1, 3), octets, Uint8Array.of(1, 254)],
    [
      'a DataView, as its own bytes',
      new DataView(bytes.buffer, 2),
      octets,
      Uint8Array.of(254, 255),
    ],
    ['a Blob, as bytes', new Blob([bytes]), octets, bytes],
    ['a Blob of text, as text', new Blob(['\ufeffé'], { type: 'text/plain' }), {}, '\ufeffé'],
    ['text under a binary type, as bytes', 'é', octets, Uint8Array.of(0xc3, 0xa9)],
  ])('is %s', async (_, body, headers, expected) => {
    const given = { method: 'POST', body, headers };

    const [own, inside] = [
      await callOf('/api', given),
      await callOf(new Request('https://app.test/api', given)),
    ];

    expect(own.body).toEqual(expected);
    expect(inside.body).toEqual(expected);
    expect(inside.headers).toEqual(own.headers);
  });

  it('is what it was when the call was made', async () => {
    const body = Uint8Array.of(1, 2);
    const call = callOf('/api', { method: 'POST', body, headers: octets });
    body[0] = 9;

    expect((await call).body).toEqual(Uint8Array.of(1, 2));
  });

  it('is null where there is none', async () => {
    expect((await callOf('/api', { method: 'POST' })).body).toBeNull();
    expect((await callOf(new Request('https://app.test/', { method: 'PUT' }))).body).toBeNull();
  });

  it.each([
    ['text', 'x'.repeat(10)],
    ['text in UTF-8', 'é'.repeat(5)],
  ])('may be exactly as large as `maxBodyBytes`: %s', async (_, body) => {
    await expect(
      callOf('/api', { method: 'POST', body }, { maxBodyBytes: 10 }),
    ).resolves.toMatchObject({ body });
    await expect(
      callOf(new Request('https://app.test/', { method: 'POST', body }), {}, { maxBodyBytes: 10 }),
    ).resolves.toMatchObject({ body });
    await expect(
      callOf(
        '/api',
        { method: 'POST', body: new Blob([body], { type: 'text/plain' }) },
        { maxBodyBytes: 10 },
      ),
    ).resolves.toMatchObject({ body });
  });
});

describe('the method of a call', () => {
  it.each([
    ['get', 'GET'],
    ['HeAd', 'HEAD'],
    ['post', 'POST'],
    ['put', 'PUT'],
    ['delete', 'DELETE'],
    ['PATCH', 'PATCH'],
  ])('is corrected as `fetch` corrects it: %s', async (method, expected) => {
    expect((await callOf('/api', { method })).method).toBe(expected);
  });

  it('is the Request’s, unless `init` has one', async () => {
    const request = new Request('https://app.test/', { method: 'PUT' });

    expect((await callOf(request)).method).toBe('PUT');
    expect((await callOf(request, { method: 'POST' })).method).toBe('POST');
  });
});

describe('the credentials of a call', () => {
  it.each([
    ['/api', 'include', 'same-origin'],
    ['/api', 'same-origin', 'same-origin'],
    ['/api', 'omit', 'omit'],
    ['https://api.test/', 'include', 'include'],
    ['https://api.test/', 'same-origin', 'same-origin'],
  ] as const)('to %s: %s means %s', async (input, credentials, expected) => {
    expect((await callOf(input, { credentials })).credentials).toBe(expected);
    const request = new Request(new URL(input, 'https://app.test'), { credentials });
    expect((await callOf(request)).credentials).toBe(expected);
  });
});

describe('the priority of a call', () => {
  const rules = [{ match: '/api', priority: 'critical' as const }];

  it.each<[CarpoolRequestInit | undefined, string]>([
    [undefined, 'critical'],
    [{ priority: 'auto' }, 'critical'],
    [{ priority: 'low' }, 'low'],
    [{ priority: 'high' }, 'high'],
    [{ priority: 'low', carpool: { priority: 'normal' } }, 'normal'],
    [{ carpool: {} }, 'critical'],
  ])('is its hint, else its own, else the rule’s: %j', async (init, expected) => {
    expect((await callOf('/api', init, { rules })).priority).toBe(expected);
  });

  it('is normal where nobody says', async () => {
    expect((await callOf('/api')).priority).toBe('normal');
  });
});

describe('whether a call may share a flight', () => {
  it.each([
    [undefined, undefined, true, true],
    [undefined, undefined, false, false],
    [undefined, false, true, false],
    [true, false, true, true],
    [false, true, true, false],
  ])('hint %s, rule %s, options %s: %s', async (hint, rule, option, expected) => {
    const rules = [{ match: '/api', dedupe: rule }];

    const call = await callOf('/api', { carpool: { dedupe: hint } }, { rules, dedupe: option });

    expect(call.dedupe).toBe(expected);
  });
});
