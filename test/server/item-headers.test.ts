import { describe, expect, test } from 'vitest';
import { aBatch, aGet, aPost, aServer, partsOf, problemOf } from './support.ts';

async function dispatchedWith(
  own: Record<string, string>,
  envelope: Record<string, string>,
): Promise<Headers> {
  const { handle, seen } = aServer();
  await partsOf(await handle(aBatch([aGet('/a', { headers: own })], envelope)));
  return seen[0]!.headers;
}

describe('what an item inherits', () => {
  test.each([
    ['cookie', 'a=b; c=d'],
    ['authorization', 'Bearer t'],
    ['origin', 'https://app.test'],
    ['referer', 'https://app.test/page'],
    ['user-agent', 'Browser/1'],
    ['accept-language', 'de'],
    ['host', 'app.test'],
    ['x-tenant', 't1'],
    ['x-forwarded-for', '203.0.113.7'],
    ['sec-fetch-site', 'same-origin'],
    ['traceparent', '00-1-2-01'],
  ])('%s', async (name, value) => {
    const headers = await dispatchedWith({}, { [name]: value });

    expect(headers.get(name)).toBe(value);
  });

  test.each([
    ['content-type', 'application/json'],
    ['content-length', '10'],
    ['content-language', 'de'],
    ['accept-encoding', 'gzip'],
    ['accept-charset', 'utf-8'],
    ['priority', 'u=0'],
    ['prefer', 'respond-async'],
    ['if-none-match', '"x"'],
    ['if-modified-since', 'Sat, 31 Jan 2026 00:00:00 GMT'],
    ['range', 'bytes=0-1'],
    ['cache-control', 'no-cache'],
    ['pragma', 'no-cache'],
    ['expect', '100-continue'],
    ['idempotency-key', 'k'],
    ['connection', 'keep-alive'],
    ['keep-alive', 'timeout=5'],
    ['te', 'trailers'],
    ['transfer-encoding', 'chunked'],
    ['upgrade', 'h2c'],
    ['proxy-authorization', 'Basic x'],
  ])('not %s, which is about the envelope', async (name, value) => {
    const headers = await dispatchedWith({}, { [name]: value });

    expect(headers.has(name)).toBe(false);
  });

  test('not what Connection names', async () => {
    const headers = await dispatchedWith(
      {},
      { connection: 'close, X-Hop', 'x-hop': '1', 'x-not': '2' },
    );

    expect(headers.has('x-hop')).toBe(false);
    expect(headers.get('x-not')).toBe('2');
  });

  test('not the envelope’s Accept, but any type', async () => {
    const headers = await dispatchedWith({}, { accept: 'application/json' });

    expect(headers.get('accept')).toBe('*/*');
  });
});

describe('what an item sets', () => {
  test('beats what it inherits, in any case', async () => {
    const headers = await dispatchedWith(
      { Authorization: 'Bearer own', 'X-TENANT': 'own', Accept: 'text/html', priority: 'u=1' },
      { authorization: 'Bearer shared', 'x-tenant': 'shared', 'x-other': 'shared' },
    );

    expect(Object.fromEntries(headers)).toMatchObject({
      authorization: 'Bearer own',
      'x-tenant': 'own',
      'x-other': 'shared',
      accept: 'text/html',
      priority: 'u=1',
    });
  });

  test('is its own affair: others don’t see it', async () => {
    const { handle, seen } = aServer();

    await handle(aBatch([aGet('/a', { headers: { 'x-a': '1' } }), aGet('/b')]));

    expect(seen.map(({ headers }) => headers.get('x-a'))).toEqual(['1', null]);
  });

  test('is marked, so that logs and nested batches know it for an item', async () => {
    expect((await dispatchedWith({}, {})).get('carpool-item')).toBe('1');
  });

  test('Accept-Encoding is dropped, since the whole answer is compressed', async () => {
    expect((await dispatchedWith({ 'Accept-Encoding': 'br' }, {})).has('accept-encoding')).toBe(
      false,
    );
  });

  test.each([
    'Cookie',
    'cookie2',
    'host',
    'Origin',
    'referer',
    'forwarded',
    'X-Forwarded-For',
    'x-forwarded-proto',
    'x-real-ip',
    'cf-connecting-ip',
    'x-original-url',
    'via',
    'content-length',
    'Connection',
    'keep-alive',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'expect',
    'proxy-authorization',
    'sec-fetch-site',
    'carpool-item',
  ])('%s is refused, naming it', async (name) => {
    const { handle, seen } = aServer();

    const parts = await partsOf(
      await handle(aBatch([aGet('/a', { headers: { [name]: 'x' } }), aGet('/b')])),
    );

    expect(parts.map(({ status }) => status)).toEqual([400, 200]);
    expect(problemOf(parts[0]!).detail).toContain(`"${name.toLowerCase()}"`);
    expect(seen).toHaveLength(1);
  });

  test('protectedHeaders are refused as well, and still inherited', async () => {
    const { handle, seen } = aServer(undefined, { protectedHeaders: ['X-Remote-User'] });

    const parts = await partsOf(
      await handle(
        aBatch([aGet('/a', { headers: { 'x-remote-user': 'admin' } }), aGet('/b')], {
          'x-remote-user': 'alice',
        }),
      ),
    );

    expect(parts.map(({ status }) => status)).toEqual([400, 200]);
    expect(seen.map(({ headers }) => headers.get('x-remote-user'))).toEqual(['alice']);
  });

  test.each([
    ['a line break', 'x', 'a\r\nhost: evil.test'],
    ['a null byte', 'x', 'a\0'],
    ['a character beyond Latin-1', 'x', '€'],
    ['a name with a space', 'x y', 'a'],
    ['a name with a line break', 'x\r\ny', 'a'],
    ['an empty name', '', 'a'],
    ['a name beyond ASCII', 'ü', 'a'],
  ])('%s is refused', async (_, name, value) => {
    const { handle } = aServer();

    const parts = await partsOf(
      await handle(aBatch([aPost('/a', undefined, { headers: { [name]: value } }), aGet('/b')])),
    );

    expect(parts.map(({ status }) => status)).toEqual([400, 200]);
  });
});
