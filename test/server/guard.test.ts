import { describe, expect, test } from 'vitest';
import { createBatchHandler } from '../../src/server/index.ts';
import { aBatch, aGet, aServer, endpoint, partsOf, refusalOf } from './support.ts';

describe('methods', () => {
  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s is answered 405 with Allow',
    async (method) => {
      const { handle } = aServer();

      const response = await handle(new Request(endpoint, { method }));

      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
    },
  );
});

describe('media types', () => {
  test.each([
    'text/plain',
    'text/plain;charset=UTF-8;application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/x-ndjson',
  ])('%s is answered 415, since any page may post it', async (type) => {
    const { handle } = aServer();

    const response = await handle(aBatch([aGet('/a')], { 'content-type': type }));

    expect(response.status).toBe(415);
    expect((await refusalOf(response)).detail).toContain('application/json');
  });

  test('a batch without a type is answered 415', async () => {
    const { handle } = aServer();
    const body = new TextEncoder().encode('{"requests":[]}');

    const response = await handle(new Request(endpoint, { method: 'POST', body }));

    expect(response.status).toBe(415);
  });

  test.each(['application/json', 'Application/JSON ; charset=utf-8'])(
    '%s is taken',
    async (type) => {
      const { handle } = aServer();

      const response = await handle(aBatch([aGet('/a')], { 'content-type': type }));

      expect(response.status).toBe(200);
    },
  );
});

describe('where a batch comes from', () => {
  const statusFor = async (
    headers: Record<string, string>,
    allowedOrigins: string[] = [],
  ): Promise<number> => {
    const { handle } = aServer(undefined, { allowedOrigins });
    const { status } = await handle(aBatch([aGet('/a')], headers));
    return status;
  };

  test.each([
    ['cross-site', { 'sec-fetch-site': 'cross-site' }],
    [
      'another site, by its Origin',
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' },
    ],
    ['a sister domain', { 'sec-fetch-site': 'same-site', origin: 'https://blog.app.test' }],
    ['another origin, in an old browser', { origin: 'https://evil.test' }],
    ['another port, in an old browser', { origin: 'https://app.test:444' }],
    ['a sandbox', { origin: 'null' }],
    ['an Origin that is none', { origin: 'app.test' }],
  ])('%s is answered 403', async (_, headers) => {
    expect(await statusFor(headers)).toBe(403);
  });

  test.each([
    ['the page', { 'sec-fetch-site': 'same-origin', origin: 'https://app.test' }],
    ['the user', { 'sec-fetch-site': 'none' }],
    ['no browser', {}],
    ['the page, in an old browser', { origin: 'https://app.test' }],
    ['the page, behind a proxy that ends TLS', { origin: 'http://app.test' }],
    [
      'the page, behind a proxy that renames the host',
      { 'sec-fetch-site': 'same-origin', origin: 'https://public.test' },
    ],
  ])('%s is let in', async (_, headers) => {
    expect(await statusFor(headers)).toBe(200);
  });

  test('allowedOrigins lets others in, and nobody else', async () => {
    const allowed = ['https://partner.test/'];
    const from = (origin: string): Record<string, string> => ({
      'sec-fetch-site': 'cross-site',
      origin,
    });

    expect(await statusFor(from('https://partner.test'), allowed)).toBe(200);
    expect(await statusFor(from('https://partner.test.evil.test'), allowed)).toBe(403);
    expect(await statusFor(from('http://partner.test'), allowed)).toBe(403);
    expect(await statusFor({ 'sec-fetch-site': 'cross-site' }, allowed)).toBe(403);
  });

  test('a refusal says how to let it in and runs nothing', async () => {
    const { handle, seen } = aServer();

    const response = await handle(aBatch([aGet('/a')], { origin: 'https://evil.test' }));

    expect((await refusalOf(response)).detail).toContain('allowedOrigins');
    expect(seen).toEqual([]);
  });
});

describe('a batch inside a batch', () => {
  test.each([
    '/batch',
    '/batch/',
    '/batch//',
    '/./batch',
    '/x/../batch',
    '/x/%2e%2e/batch',
    '/%62atch',
    '/b%61tch/',
    '/BATCH',
    '/batch?x=1',
    '/batch#x',
    'batch',
    './batch',
    'https://app.test/batch',
    '/%2fbatch',
  ])('as %s is answered 400 and not run', async (url) => {
    const { handle, seen } = aServer();

    const parts = await partsOf(await handle(aBatch([aGet(url, { method: 'POST' }), aGet('/a')])));

    expect(parts.map(({ status }) => status)).toEqual([400, 200]);
    expect(seen).toHaveLength(1);
  });

  test('by way of dispatch is answered 400 too', async () => {
    // The application serves its batch endpoint under a second path.
    const handle: (request: Request) => Promise<Response> = createBatchHandler({
      dispatch: (request) => handle(request),
      onEvent: () => {},
    });
    const inner = { requests: [{ id: '0', method: 'GET', url: '/a' }] };
    const item = { method: 'POST', url: '/v2/batch', body: inner };

    const parts = await partsOf(await handle(aBatch([item])));

    expect(parts).toMatchObject([
      { status: 400, body: { detail: expect.stringContaining('batch inside a batch') } },
    ]);
  });
});
