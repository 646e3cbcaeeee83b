import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  aBatch,
  aGet,
  aPost,
  aServer,
  linesOf,
  partOf,
  partsOf,
  problemOf,
  streamed,
  wholeOf,
  type TestPart,
} from './support.ts';

/** The part that a response becomes. */
const partFor = (response: Response, method = 'GET'): Promise<TestPart> =>
  partOf(
    aServer(() => response),
    { method, url: '/a' },
  );

/** The answer to one item as it is written. */
async function textFor(response: Response): Promise<string> {
  const { handle } = aServer(() => response);
  const text = await (await handle(aBatch([aGet('/a')], streamed))).text();
  return text.slice(0, text.indexOf('\n'));
}

const json = (body: BodyInit, type = 'application/json'): Response =>
  new Response(body, { headers: { 'content-type': type } });

describe('the order of members', () => {
  test('is id, status, headers, body, without white space', async () => {
    expect(await textFor(json('{"a":1}'))).toBe(
      '{"id":"0","status":200,"headers":{"content-type":"application/json"},"body":{"a":1}}',
    );
  });

  test('has no body where there is none', async () => {
    expect(await textFor(new Response(null, { status: 201 }))).toBe(
      '{"id":"0","status":201,"headers":{}}',
    );
    expect(await textFor(json(''))).toBe(
      '{"id":"0","status":200,"headers":{"content-type":"application/json"}}',
    );
  });

  test('survives any id', async () => {
    const { handle } = aServer();
    const ids = ['"},{', '\u2028', '', ' ', '\ud800', '__proto__', '🚗'];

    const parts = await partsOf(
      await handle(aBatch(ids.map((id, index) => aGet(`/${String(index)}`, { id })))),
    );

    expect(parts.map(({ id }) => id)).toEqual(ids);
  });
});

describe('a JSON body', () => {
  test.each([
    '{"n":12345678901234567890,"m":1.0,"e":1E+2}',
    '{ "a" : [ 1 , 2 ] , "a" : "\\/\\u00e9\\ud83d" }',
    'null',
    '"a\\nb"',
    '-0',
    '"é🚗\u2028"',
  ])('%s is embedded as its endpoint wrote it', async (body) => {
    const line = await textFor(json(body));

    expect(line.slice(line.indexOf('"body":') + 7, -1)).toBe(body);
  });

  test('loses line ends, which stand between tokens only', async () => {
    const line = await textFor(json('{\r\n  "a": [\n1,\r2\n]\n}\n'));

    expect(line).toContain('"body":{  "a": [1,2]}}');
  });

  test('loses its byte order mark', async () => {
    expect(await textFor(json('\ufeff{"a":1}'))).toContain('"body":{"a":1}}');
  });

  test.each([
    ['broken', '{"a":'],
    ['two values', '{} {}'],
    ['a line end in a string', '"a\nb"'],
    ['HTML', '<!doctype html>'],
    ['white space alone', ' \n'],
  ])('that is %s is answered 502, and the log has the reason', async (_, body) => {
    const server = aServer(() => json(body));

    const part = await partOf(server, aGet('/a'));

    expect(part.status).toBe(502);
    expect(server.events).toMatchObject([
      {
        type: 'error',
        id: '0',
        method: 'GET',
        url: 'https://app.test/a',
        correlationId: problemOf(part).correlationId,
        error: { name: 'BadAnswer', cause: { name: 'SyntaxError' } },
      },
    ]);
  });

  test('that is no UTF-8 is answered 502', async () => {
    expect(await partFor(json(new Uint8Array([0x22, 0xff, 0x22])))).toMatchObject({ status: 502 });
  });

  test('may be any +json type', async () => {
    const part = await partFor(json('{"a":1}', 'application/hal+json;v=1'));

    expect(part.body).toEqual({ a: 1 });
  });
});

describe('a text body', () => {
  test('is a string', async () => {
    expect((await partFor(new Response('a\n"b"\u2028é'))).body).toBe('a\n"b"\u2028é');
  });

  test('keeps its byte order mark', async () => {
    expect((await partFor(new Response('\ufeffa'))).body).toBe('\ufeffa');
  });

  test('is decoded by its charset, and then said to be UTF-8', async () => {
    const bytes = new Uint8Array([0x67, 0x72, 0xfc, 0xdf]);

    const part = await partFor(json(bytes, 'text/html; charset="ISO-8859-1"; x=y'));

    expect(part.body).toBe('grüß');
    expect(part.headers['content-type']).toBe('text/html;charset=utf-8; x=y');
  });

  test('of an unknown charset is read as UTF-8', async () => {
    const part = await partFor(json('é', 'text/plain; charset=klingon'));

    expect(part.body).toBe('é');
    expect(part.headers['content-type']).toBe('text/plain; charset=klingon');
  });

  test('has replacement characters where it is no UTF-8, as text() has', async () => {
    expect((await partFor(json(new Uint8Array([0x61, 0xff]), 'text/plain'))).body).toBe('a\ufffd');
  });
});

describe('any other body', () => {
  test.each(['image/png', 'application/octet-stream', 'application/x-ndjson', undefined])(
    'of type %s is base64url',
    async (type) => {
      const response = new Response(new Uint8Array([0xfb, 0xff, 0, 1]), {
        headers: type === undefined ? {} : { 'content-type': type },
      });

      expect((await partFor(response)).body).toBe('-_8AAQ');
    },
  );

  test('of a megabyte arrives whole', async () => {
    const bytes = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 31) % 256);

    const part = await partFor(json(bytes, 'image/png'));

    expect(Buffer.from(part.body as string, 'base64url').equals(bytes)).toBe(true);
  });
});

describe('no body', () => {
  test.each([204, 205, 304])('with status %i', async (status) => {
    expect(await partFor(new Response(null, { status }))).toEqual({ id: '0', status, headers: {} });
  });

  test('with HEAD, whose Content-Length stays, and whose body is cancelled', async () => {
    const cancelled = Promise.withResolvers<unknown>();
    const body = new ReadableStream({ cancel: cancelled.resolve });
    const response = new Response(body, {
      headers: { 'content-type': 'text/plain', 'content-length': '7' },
    });

    const part = await partFor(response, 'HEAD');

    expect(part).toEqual({
      id: '0',
      status: 200,
      headers: { 'content-type': 'text/plain', 'content-length': '7' },
    });
    await cancelled.promise;
  });
});

describe('fields', () => {
  test('are lower-case; those of the connection and of the message’s form are dropped', async () => {
    const part = await partFor(
      new Response('a', {
        headers: {
          'Content-Type': 'text/plain',
          ETag: '"x"',
          Date: 'Sat, 31 Jan 2026 00:00:00 GMT',
          'Cache-Control': 'max-age=5',
          Link: '</a>; rel=next',
          'Content-Length': '1',
          Connection: 'close, X-Hop',
          'X-Hop': '1',
          'Keep-Alive': 'timeout=5',
          'Transfer-Encoding': 'chunked',
          Trailer: 'x',
          Upgrade: 'h2c',
        },
      }),
    );

    expect(part.headers).toEqual({
      'content-type': 'text/plain',
      etag: '"x"',
      date: 'Sat, 31 Jan 2026 00:00:00 GMT',
      'cache-control': 'max-age=5',
      link: '</a>; rel=next',
    });
  });

  test('that repeat are joined', async () => {
    const response = new Response(null);
    response.headers.append('vary', 'accept');
    response.headers.append('vary', 'origin');

    expect((await partFor(response)).headers).toEqual({ vary: 'accept, origin' });
  });
});

describe('content codings', () => {
  const gzipped = (): Response =>
    new Response(gzipSync('{"a":1}'), {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });

  test('gzip is taken off', async () => {
    expect(await partFor(gzipped())).toEqual({
      id: '0',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { a: 1 },
    });
  });

  test.each(['gzip', 'br'])('%s that is said, but is not there, does no harm', async (coding) => {
    const response = new Response('{"a":1}', {
      headers: { 'content-type': 'application/json', 'content-encoding': coding },
    });

    expect((await partFor(response)).body).toEqual({ a: 1 });
  });

  test('a response from fetch has had it taken off', async () => {
    const response = new Response(gzipSync('x'), {
      headers: { 'content-type': 'application/gzip', 'content-encoding': 'gzip' },
    });
    Object.defineProperty(response, 'url', { value: 'https://upstream.test/' });

    const part = await partFor(response);

    expect(
      Buffer.from(part.body as string, 'base64url')
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('1f8b');
  });
});

describe('statuses', () => {
  test.each([200, 201, 299, 301, 302, 307, 400, 404, 418, 500, 503, 599])(
    '%i is passed on',
    async (status) => {
      expect(await partFor(new Response('a', { status }))).toMatchObject({ status, body: 'a' });
    },
  );

  test('a redirect is an answer like any other', async () => {
    expect(await partFor(Response.redirect('https://app.test/b', 303))).toMatchObject({
      status: 303,
      headers: { location: 'https://app.test/b' },
    });
  });

  test('Response.error() is answered 502', async () => {
    expect(await partFor(Response.error())).toMatchObject({ status: 502 });
  });
});

describe('cookies', () => {
  const setting = (...cookies: string[]): Response => {
    const response = Response.json({});
    for (const cookie of cookies) response.headers.append('set-cookie', cookie);
    return response;
  };
  const dispatch = (request: Request): Response =>
    request.url.endsWith('/login')
      ? setting('a=1; Path=/; Expires=Sat, 31 Jan 2026 00:00:00 GMT', 'b=2')
      : request.url.endsWith('/lang')
        ? setting('c=3')
        : Response.json({});
  const items = [aGet('/login'), aGet('/none'), aGet('/lang'), aGet('/login')];

  test('stand at the head of a buffered answer, once each', async () => {
    const { handle, events } = aServer(dispatch);

    const response = await handle(aBatch(items));
    const { responses, stats } = await wholeOf(response.clone());

    expect(response.headers.getSetCookie()).toEqual([
      'a=1; Path=/; Expires=Sat, 31 Jan 2026 00:00:00 GMT',
      'b=2',
      'c=3',
    ]);
    expect(responses.map(({ headers }) => Object.keys(headers))).toEqual(
      Array.from({ length: 4 }, () => ['content-type']),
    );
    expect(stats).not.toHaveProperty('droppedSetCookie');
    expect(events).toEqual([]);
  });

  test('are left out of a stream, which says whose, and reported without their values', async () => {
    const { handle, events } = aServer(dispatch);

    const response = await handle(aBatch(items, streamed));
    const { parts, stats } = await linesOf(response);

    expect(response.headers.getSetCookie()).toEqual([]);
    expect(parts.every(({ headers }) => !('set-cookie' in headers))).toBe(true);
    expect(stats['droppedSetCookie']).toEqual(expect.arrayContaining(['0', '2', '3']));
    expect(events).toHaveLength(2);
    expect(events).toContainEqual({
      type: 'cookies-dropped',
      id: '0',
      method: 'GET',
      url: 'https://app.test/login',
      names: ['a', 'b'],
    });
  });
});

describe('one item’s failure', () => {
  const failing = (error: unknown) => (request: Request) => {
    if (request.url.endsWith('/bad')) throw error;
    return Response.json({});
  };

  test('is its own: the others are answered', async () => {
    const { handle } = aServer(failing(new Error('secret')));

    const parts = await partsOf(await handle(aBatch([aGet('/bad'), aGet('/a'), aPost('/b')])));

    expect(parts.map(({ status }) => status)).toEqual([500, 200, 200]);
  });

  test('shows a correlation id, which the log has too, and nothing of the inside', async () => {
    const error = new Error('secret: db.internal refused');
    const server = aServer(failing(error));

    const part = await partOf(server, aGet('/bad'));

    expect(part.headers).toEqual({ 'content-type': 'application/problem+json' });
    expect(JSON.stringify(part)).not.toContain('secret');
    expect(problemOf(part).correlationId).toMatch(/^[\da-f-]{36}$/);
    expect(server.events).toEqual([
      {
        type: 'error',
        id: '0',
        method: 'GET',
        url: 'https://app.test/bad',
        correlationId: problemOf(part).correlationId,
        error,
      },
    ]);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('x'))],
    ['throws undefined', () => Promise.reject(undefined as unknown as Error)],
    ['returns nothing', () => undefined as unknown as Response],
    ['returns something else', () => ({}) as Response],
    [
      'returns a used response',
      async () => {
        const response = new Response('a');
        await response.text();
        return response;
      },
    ],
    [
      'fails in its body',
      () =>
        new Response(
          new ReadableStream({
            pull: (controller) => {
              controller.error(new Error('x'));
            },
          }),
        ),
    ],
    [
      'streams text instead of bytes',
      () =>
        new Response(
          new ReadableStream({
            start: (controller) => {
              controller.enqueue('a');
              controller.close();
            },
          }),
        ),
    ],
  ])('an endpoint that %s is answered 500 or 502', async (_, dispatch) => {
    const server = aServer(dispatch);

    const part = await partOf(server, aGet('/a'));

    expect([500, 502]).toContain(part.status);
    expect(server.events).toMatchObject([{ type: 'error' }]);
  });

  test('a listener that throws disturbs nobody', async () => {
    const { handle } = aServer(failing(new Error('x')), {
      onEvent: () => {
        throw new Error('listener');
      },
    });
    const logged: unknown[] = [];
    const { error } = console;
    console.error = (...args: unknown[]) => logged.push(args);

    const parts = await partsOf(await handle(aBatch([aGet('/bad'), aGet('/a')])));
    console.error = error;

    expect(parts.map(({ status }) => status)).toEqual([500, 200]);
    expect(logged).toHaveLength(1);
  });
});
