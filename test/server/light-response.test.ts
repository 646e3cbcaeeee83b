import { getRequestListener } from '@hono/node-server';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { keptBy } from '../../src/server/light-response.ts';
import { cancelBody } from '../../src/server/bytes.ts';
import { aBatch, aGet, aServer, partOf, partsOf, type TestItem } from './support.ts';

const platformResponse = globalThis.Response;
let lightResponse: typeof Response;

beforeAll(() => {
  // Replaces the globals by its own.
  getRequestListener(() => new platformResponse());
  lightResponse = globalThis.Response;
});

const streamOf = (text: string): ReadableStream =>
  new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
const json = { 'content-type': 'application/json' };
const gzipOfEmpty = new Uint8Array([31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

describe('a light response becomes the part that a platform’s own does', () => {
  test.each<[string, () => [BodyInit | null, ResponseInit?], TestItem?]>([
    ['JSON', () => ['{"n":1}', { headers: json }]],
    ['JSON with a number beyond 2^53', () => ['[12345678901234567890]', { headers: json }]],
    ['JSON on lines', () => ['{\r\n  "a": "b\\nc"\n}\n', { headers: json }]],
    ['JSON behind a byte order mark', () => ['\ufeff{"a":1}', { headers: json }]],
    ['JSON with a lone surrogate', () => ['{"a":"\ud800"}', { headers: json }]],
    ['what says JSON and isn’t', () => ['{"a":1}\n{"id":"0","status":200}', { headers: json }]],
    ['JSON that is missing', () => ['', { headers: json }]],
    ['JSON in bytes', () => [new TextEncoder().encode('{"a":"ä"}'), { headers: json }]],
    ['JSON that isn’t UTF-8', () => [new Uint8Array([34, 255, 34]), { headers: json }]],
    ['text', () => ['a\n"b" ä', { headers: { 'content-type': 'text/plain' } }]],
    ['text with a lone surrogate', () => ['\ud800', { headers: { 'content-type': 'text/plain' } }]],
    [
      'text that says another charset',
      () => ['ä', { headers: { 'content-type': 'text/html; charset=iso-8859-1' } }],
    ],
    ['bytes', () => [new Uint8Array([0, 255]), { headers: { 'content-type': 'image/png' } }]],
    [
      'a string of no known type',
      () => ['ä\ud800', { headers: { 'content-type': 'application/octet-stream' } }],
    ],
    ['a Blob', () => [new Blob(['{"a":1}'], { type: 'application/json' }), { headers: json }]],
    ['a stream', () => [streamOf('{"a":1}'), { headers: json }]],
    ['nothing', () => [null, { status: 201, headers: { location: '/b' } }]],
    ['a null-body status', () => [null, { status: 204 }]],
    ['a string of no type', () => ['ä']],
    ['bytes of no type', () => [new Uint8Array([0, 255, 254])]],
    ['gzip unasked', () => [gzipOfEmpty, { headers: { 'content-encoding': 'gzip' } }]],
    [
      'what only says gzip',
      () => ['{"a":1}', { headers: { ...json, 'content-encoding': 'gzip' } }],
    ],
    ['an error', () => ['{"title":"No"}', { status: 404, headers: json }]],
    [
      'fields of its connection',
      () => ['{}', { headers: { ...json, connection: 'x-hop', 'x-hop': '1', 'x-end': '2' } }],
    ],
    ['a hit', () => ['{}', { headers: { ...json, 'cache-status': 'app; hit' } }]],
    [
      'HEAD',
      () => ['{"a":1}', { headers: { ...json, 'content-length': '7' } }],
      { method: 'HEAD', url: '/a' },
    ],
  ])('%s', async (_, toArguments, item = aGet('/a')) => {
    const partBy = (responseClass: typeof Response): Promise<unknown> =>
      partOf(
        aServer(() => new responseClass(...toArguments())),
        item,
      );
    const withoutId = (part: unknown): string =>
      JSON.stringify(part).replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, 'a correlation id');

    expect(withoutId(await partBy(lightResponse))).toBe(withoutId(await partBy(platformResponse)));
  });

  test('its cookies included', async () => {
    const headers = new Headers({ 'set-cookie': 'a=1' });
    headers.append('set-cookie', 'b=2');
    const { handle } = aServer(() => new lightResponse('a', { headers }));

    const response = await handle(aBatch([aGet('/a')]));

    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });
});

test('headers that were changed since it was made are those of the part', async () => {
  const server = aServer(() => {
    const response = new lightResponse('{"a":1}', { headers: json });
    response.headers.set('x-late', '1');
    return response;
  });

  const part = await partOf(server, aGet('/a'));

  expect(part).toMatchObject({ headers: { ...json, 'x-late': '1' }, body: { a: 1 } });
});

test('one whose body was read has none to give', async () => {
  const { handle, events } = aServer(async () => {
    const response = new lightResponse('{"a":1}', { headers: json });
    await response.text();
    return response;
  });

  const parts = await partsOf(await handle(aBatch([aGet('/a')])));

  expect(parts).toMatchObject([{ status: 500 }]);
  expect(events).toMatchObject([{ type: 'error' }]);
});

test('a body is known where a light response has it, and it stays unread', () => {
  const bodyOf = (response: Response): unknown => keptBy(response)?.body;
  const response = new lightResponse('a');

  expect([bodyOf(response), bodyOf(response), response.bodyUsed]).toEqual(['a', 'a', false]);
  expect(bodyOf(new lightResponse(null))).toBeNull();
  expect(keptBy(new lightResponse(streamOf('a')))).toBeNull();
  expect(keptBy(new platformResponse('a'))).toBeNull();
});

test.each<[string, HeadersInit]>([
  ['one', { 'Content-Type': 'application/json' }],
  ['several', { 'X-B': '2', 'content-type': 'text/plain', 'X-A': '1; q="a b"' }],
  ['one twice', { 'X-A': '1', 'x-a': '2' }],
  ['one to trim', { 'X-A': ' 1\t' }],
  ['an empty one', { 'X-A': '' }],
  ['a cookie', { 'Set-Cookie': 'a=1; Path=/' }],
  ['beyond ASCII', { 'X-A': '\u00e4' }],
  ['pairs', [['X-A', '1']]],
  ['a Headers', new Headers({ 'X-A': '1' })],
])('fields are known as a Headers would have them, or not at all: %s', (_, headers) => {
  const fields = keptBy(new lightResponse('a', { headers }))!.fields;

  expect(fields ?? [...new Headers(headers)]).toEqual([...new Headers(headers)]);
});

test('of fields that a Headers refuses, nothing is known', () => {
  for (const headers of [{ 'a b': '1' }, { 'x-a': 'a\r\nb: c' }, { 'x-a': '\u20ac' }]) {
    expect(keptBy(new lightResponse('a', { headers }))!.fields).toBeNull();
  }
});

test.each<[string, BodyInit, ResponseInit]>([
  ['a status that can’t have the body it has', 'x', { status: 204 }],
  ['a field that HTTP can’t carry', 'x', { headers: { 'x-price': '1 €' } }],
])('one with %s can be let go of, though no real one can be made of it', (_, body, init) => {
  const response = new lightResponse(body, init);

  expect(() => response.body).toThrow(TypeError);
  expect(() => {
    cancelBody(new lightResponse(body, init));
  }).not.toThrow();
});

test('one that comes when its client has gone ends nothing but itself', async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const { handle, seen } = aServer(() => promise);
  const client = new AbortController();
  const answer = handle(new Request(aBatch([aGet('/a')]), { signal: client.signal })).catch(
    (error: unknown) => error,
  );
  await vi.waitFor(() => {
    expect(seen).toHaveLength(1);
  });

  client.abort();
  resolve(new lightResponse('x', { status: 204 }));

  await answer;
  // What would be unhandled is so by now, and fails the run.
  await new Promise((done) => setImmediate(done));
});
