import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  aBatch,
  aGet,
  aPost,
  aRawBatch,
  aServer,
  partsOf,
  problemOf,
  refusalOf,
} from './support.ts';

const gzip = { 'content-encoding': 'gzip' };

/** A stream that counts what is taken from it. */
function aStream(
  chunk: Uint8Array,
  count: number,
): {
  stream: ReadableStream<Uint8Array>;
  taken: () => number;
  cancelled: Promise<void>;
} {
  let taken = 0;
  const cancelled = Promise.withResolvers<void>();
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (taken++ < count) controller.enqueue(chunk);
        else controller.close();
      },
      cancel() {
        cancelled.resolve();
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, taken: () => taken, cancelled: cancelled.promise };
}

describe('items', () => {
  test('more than maxItems are answered 413 naming the limit', async () => {
    const { handle, seen } = aServer(undefined, { maxItems: 2 });

    const response = await handle(aBatch([aGet('/a'), aGet('/b'), aGet('/c')]));

    expect(response.status).toBe(413);
    expect(await refusalOf(response)).toMatchObject({ limit: { name: 'maxItems', value: 2 } });
    expect(seen).toEqual([]);
  });

  test('as many as maxItems are answered', async () => {
    const { handle } = aServer(undefined, { maxItems: 2 });

    const response = await handle(aBatch([aGet('/a'), aGet('/b')]));

    expect(response.status).toBe(200);
  });
});

describe('bytes', () => {
  const text = JSON.stringify({ requests: [{ id: '0', method: 'GET', url: '/a' }] });
  const size = text.length;

  test('as many as maxBytes are read', async () => {
    const { handle } = aServer(undefined, { maxBytes: size });

    expect((await handle(aRawBatch(text))).status).toBe(200);
    expect((await handle(aRawBatch(text, { 'content-length': String(size) }))).status).toBe(200);
  });

  test('more than maxBytes are answered 413 naming the limit', async () => {
    const { handle } = aServer(undefined, { maxBytes: size - 1 });

    const response = await handle(aRawBatch(text));

    expect(response.status).toBe(413);
    expect(await refusalOf(response)).toMatchObject({
      limit: { name: 'maxBytes', value: size - 1 },
    });
  });

  test('a Content-Length beyond the limit is refused before the body is read', async () => {
    const { handle } = aServer(undefined, { maxBytes: 100 });
    const { stream, taken } = aStream(new Uint8Array(10), 100);

    const response = await handle(aRawBatch(stream, { 'content-length': '101' }));

    expect(response.status).toBe(413);
    expect(taken()).toBe(0);
  });

  test('a Content-Length that lies is found out', async () => {
    const { handle } = aServer(undefined, { maxBytes: 10 });

    const response = await handle(aRawBatch(text, { 'content-length': '5' }));

    expect(response.status).toBe(413);
  });

  test('an endless body is cut off at the limit', async () => {
    const { handle } = aServer(undefined, { maxBytes: 1000 });
    const { stream, taken, cancelled } = aStream(new Uint8Array(300), Infinity);

    const response = await handle(aRawBatch(stream));

    expect(response.status).toBe(413);
    expect(taken()).toBe(4);
    await cancelled;
  });

  test('a body that breaks off is answered 400', async () => {
    const { handle } = aServer();
    const stream = new ReadableStream({
      pull(controller) {
        controller.error(new Error('connection reset'));
      },
    });

    const response = await handle(aRawBatch(stream));

    expect(response.status).toBe(400);
    expect((await refusalOf(response)).detail).toBe('The body broke off.');
  });

  test('a body that a parser has read is a failure that the log explains', async () => {
    const { handle, events } = aServer();
    const request = aRawBatch(text);
    await request.text();

    const response = await handle(request);

    expect(response.status).toBe(500);
    expect(events).toMatchObject([
      { type: 'error', id: undefined, error: { message: expect.stringContaining('body parsers') } },
    ]);
  });
});

describe('compressed requests', () => {
  const text = JSON.stringify({ requests: [{ id: '0', method: 'GET', url: '/a' }] });

  test.each(['gzip', 'GZIP', 'x-gzip'])('Content-Encoding %s is read', async (coding) => {
    const { handle } = aServer();

    const response = await handle(aRawBatch(gzipSync(text), { 'content-encoding': coding }));

    expect(await partsOf(response)).toMatchObject([{ body: { path: '/a' } }]);
  });

  test('every answer says that gzip is read', async () => {
    const { handle } = aServer();

    const answers = await Promise.all([
      handle(aRawBatch(text)),
      handle(aRawBatch(text, { accept: 'application/x-ndjson' })),
      handle(aRawBatch('{')),
      handle(aRawBatch(text, { 'content-encoding': 'br' })),
    ]);

    expect(answers.map(({ headers }) => headers.get('accept-encoding'))).toEqual(
      Array.from({ length: 4 }, () => 'gzip'),
    );
  });

  test.each(['br', 'deflate', 'gzip, gzip', 'zstd'])('%s is answered 415', async (coding) => {
    const { handle } = aServer();

    const response = await handle(aRawBatch(text, { 'content-encoding': coding }));

    expect(response.status).toBe(415);
    expect((await refusalOf(response)).detail).toContain('gzip or none');
  });

  test('what is no gzip is answered 400', async () => {
    const { handle } = aServer();

    const response = await handle(aRawBatch(text, gzip));

    expect(response.status).toBe(400);
  });

  test('gzip that breaks off is answered 400', async () => {
    const { handle } = aServer();

    const response = await handle(aRawBatch(gzipSync(text).subarray(0, -12), gzip));

    expect(response.status).toBe(400);
  });

  test('a gzip bomb is cut off while it inflates', async () => {
    const { handle } = aServer(undefined, { maxBytes: 1_000_000 });
    // 10 kB that inflate to 10 MB, over and over: the compressed side alone would allow a hundred.
    const piece = gzipSync(new Uint8Array(10_000_000), { level: 9 });
    const { stream, taken, cancelled } = aStream(piece, Infinity);

    const response = await handle(aRawBatch(stream, gzip));

    expect(response.status).toBe(413);
    expect(taken()).toBeLessThan(30);
    await cancelled;
  });

  test('gzip that inflates to nothing, endlessly, is cut off too', async () => {
    const { handle } = aServer(undefined, { maxBytes: 10_000 });
    const { stream } = aStream(gzipSync(''), Infinity);

    const response = await handle(aRawBatch(stream, gzip));

    expect(response.status).toBe(413);
  });
});

describe('depth', () => {
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  const batchOf = (...bodies: string[]): Request =>
    aRawBatch(
      `{"requests":[${bodies
        .map((body, id) => `{"id":"${String(id)}","method":"POST","url":"/a","body":${body}}`)
        .join(',')}]}`,
    );

  test('a body that is too deep fails alone', async () => {
    const { handle, seen } = aServer(undefined, { maxDepth: 10 });

    const parts = await partsOf(await handle(batchOf(nested(7), nested(8), '{"a":"]]"}')));

    expect(parts.map(({ status }) => status)).toEqual([200, 400, 200]);
    expect(problemOf(parts[1]!)).toMatchObject({ limit: { name: 'maxDepth', value: 10 } });
    expect(await seen[0]!.text()).toBe(nested(7));
    expect(await seen[1]!.text()).toBe('{"a":"]]"}');
  });

  test('brackets in strings are no depth', async () => {
    const { handle } = aServer(undefined, { maxDepth: 10 });

    const parts = await partsOf(await handle(batchOf(`"\\"${'['.repeat(50)}"`)));

    expect(parts.map(({ status }) => status)).toEqual([200]);
  });

  test('an envelope that is too deep elsewhere is refused', async () => {
    const { handle } = aServer(undefined, { maxDepth: 10 });

    const response = await handle(aRawBatch(`{"requests":[],"more":${nested(20)}}`));

    expect(response.status).toBe(400);
    expect(await refusalOf(response)).toMatchObject({ limit: { name: 'maxDepth', value: 10 } });
  });

  test.each([nested(500_000), '['.repeat(1_000_000), '{"a":'.repeat(100_000)])(
    'hundreds of thousands of levels overflow no stack',
    async (text) => {
      const { handle } = aServer();

      const whole = await handle(aRawBatch(text));
      const one = await handle(batchOf(text));

      expect(whole.status).toBe(400);
      expect([200, 400]).toContain(one.status);
    },
  );
});

describe('headers', () => {
  test('an item with more than maxHeaderBytes is answered 431, alone', async () => {
    const { handle } = aServer(undefined, { maxHeaderBytes: 20 });

    const parts = await partsOf(
      await handle(
        aBatch([
          aGet('/a', { headers: { 'x-a': 'b'.repeat(17) } }),
          aGet('/b', { headers: { 'x-a': 'b'.repeat(18) } }),
          aPost('/c'),
        ]),
      ),
    );

    expect(parts.map(({ status }) => status)).toEqual([200, 431, 200]);
    expect(problemOf(parts[1]!)).toMatchObject({ limit: { name: 'maxHeaderBytes', value: 20 } });
  });
});
