import { describe, expect, test } from 'vitest';
import { aBatch, aGet, aPost, aRawBatch, aServer, partsOf, problemOf } from './support.ts';

interface Received {
  text: string;
  bytes: number[];
  type: string | null;
  length: string | null;
}

/** Posts one item and tells what dispatch received, or the item's status. */
async function received(raw: string, type?: string): Promise<Received | number> {
  let seen: Received | null = null;
  const { handle } = aServer(async (request) => {
    const bytes = new Uint8Array(await request.arrayBuffer());
    seen = {
      text: new TextDecoder().decode(bytes),
      bytes: [...bytes],
      type: request.headers.get('content-type'),
      length: request.headers.get('content-length'),
    };
    return new Response();
  });
  const headers =
    type === undefined ? '' : `,"headers":${JSON.stringify({ 'Content-Type': type })}`;
  const [part] = await partsOf(
    await handle(
      aRawBatch(`{"requests":[{"id":"0","method":"POST","url":"/a"${headers},"body":${raw}}]}`),
    ),
  );
  return seen ?? part!.status;
}

describe('a JSON body', () => {
  test.each([
    '{"n":12345678901234567890}',
    '{ "a" : [ 1.0, 1e400, -0 ] }',
    '"\\u00e9\\ud800 é 🚗"',
    '7',
    'null',
    'true',
    '""',
    '[]',
    '{"body":{"body":[1]},"requests":[{"body":2}]}',
  ])('%s reaches dispatch as it was written', async (raw) => {
    expect(await received(raw, 'application/json')).toMatchObject({
      text: raw,
      type: 'application/json',
      length: String(new TextEncoder().encode(raw).length),
    });
  });

  test.each(['application/vnd.api+json; v=1', 'text/json', 'application/problem+json'])(
    'is one under %s too',
    async (type) => {
      expect(await received('{"a":1.0}', type)).toMatchObject({ text: '{"a":1.0}', type });
    },
  );

  test('of a repeated member the last counts', async () => {
    expect(await received('1,"body":{"last":2.0}', 'application/json')).toMatchObject({
      text: '{"last":2.0}',
    });
  });
});

describe('a text body', () => {
  test.each(['text/plain', 'text/html;charset=utf-8', 'application/x-www-form-urlencoded'])(
    'is a string under %s',
    async (type) => {
      expect(await received('"a=b&c=\\u00e9\\n"', type)).toMatchObject({ text: 'a=b&c=é\n', type });
    },
  );

  test.each(['{}', '[]', '1', 'true'])('%s is no string and answered 400', async (raw) => {
    expect(await received(raw, 'text/plain')).toBe(400);
  });
});

describe('a binary body', () => {
  test.each(['"-_8AfoA="', '"+/8AfoA="', '"-_8AfoA"'])('%s is read', async (raw) => {
    expect(await received(raw, 'application/octet-stream')).toMatchObject({
      bytes: [0xfb, 0xff, 0x00, 0x7e, 0x80],
      length: '5',
    });
  });

  test.each(['"no base64!"', '"a"', '{}', '1'])('%s is answered 400', async (raw) => {
    expect(await received(raw, 'image/png')).toBe(400);
  });
});

describe('a body without a type', () => {
  test('is JSON if it is an object or an array, as OData has it', async () => {
    expect(await received('{"n":1.0}')).toMatchObject({
      text: '{"n":1.0}',
      type: 'application/json',
    });
    expect(await received('[1.0]')).toMatchObject({ text: '[1.0]', type: 'application/json' });
  });

  test('is text if it is a string', async () => {
    expect(await received('"hé"')).toMatchObject({ text: 'hé', type: 'text/plain;charset=UTF-8' });
  });

  test('is none if it is null', async () => {
    expect(await received('null')).toMatchObject({ text: '', type: null, length: null });
  });
});

describe('methods', () => {
  test.each(['GET', 'HEAD'])('%s with a body is answered 400', async (method) => {
    const { handle, seen } = aServer();

    const parts = await partsOf(
      await handle(aBatch([{ method, url: '/a', body: {} }, aGet('/b')])),
    );

    expect(parts.map(({ status }) => status)).toEqual([400, 200]);
    expect(problemOf(parts[0]!).detail).toContain("can't have a body");
    expect(seen).toHaveLength(1);
  });

  test.each(['GET', 'head', 'Post', 'PUT', 'patch', 'delete'])(
    '%s is dispatched',
    async (method) => {
      const { handle, seen } = aServer();

      await handle(aBatch([{ method, url: '/a' }]));

      expect(seen[0]!.method).toBe(method.toUpperCase());
    },
  );

  test('a POST may have no body', async () => {
    const { handle, seen } = aServer();

    await handle(
      aBatch([aPost('/a', undefined, { headers: { 'content-type': 'application/json' } })]),
    );

    expect(seen[0]!.body).toBe(null);
    expect(seen[0]!.headers.get('content-type')).toBe('application/json');
  });

  test('redirects are left to whoever asked', async () => {
    const { handle, seen } = aServer();

    await handle(aBatch([aGet('/a')]));

    expect(seen[0]!.redirect).toBe('manual');
  });
});
