import zlib, { createGunzip, gunzipSync, type Gzip } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { aBatch, aGet, aServer, createGates, linesOf, settle, streamed } from './support.ts';

const gzip = { 'accept-encoding': 'gzip, deflate, br' };

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Inflates a stream chunk by chunk, as a browser does. */
function createInflater(): (chunk: Uint8Array) => Promise<string> {
  const gunzip = createGunzip();
  let text = '';
  gunzip.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  return (chunk) =>
    new Promise((resolve, reject) => {
      gunzip.on('error', reject);
      gunzip.write(chunk, () => {
        resolve(text);
        text = '';
      });
    });
}

const rows = (path: string): Response =>
  Response.json({ path, rows: Array.from({ length: 100 }, (_, id) => ({ id, name: 'row' })) });

describe('a stream', () => {
  test('is compressed, and each line can be read as soon as it is sent', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch);
    const response = await handle(aBatch([aGet('/slow'), aGet('/fast')], { ...streamed, ...gzip }));
    const reader = response.body!.getReader();
    const inflate = createInflater();

    gates.open('/fast', rows('/fast'));
    const first = await inflate((await reader.read()).value!);
    gates.open('/slow', rows('/slow'));
    const second = await inflate((await reader.read()).value!);

    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(first).toMatch(/^\{"id":"1".*\}\n$/);
    expect(second).toMatch(/^\{"id":"0".*\}\n\{"stats":.*\}\n$/);
    expect((await reader.read()).done).toBe(true);
  });

  test('is one gzip member in one context: what repeats costs nothing', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch);
    const response = await handle(
      aBatch([aGet('/a'), aGet('/b'), aGet('/c')], { ...streamed, ...gzip }),
    );
    const reader = response.body!.getReader();
    const chunks: Uint8Array[] = [];

    for (const path of ['/a', '/b', '/c']) {
      gates.open(path, rows(path));
      chunks.push((await reader.read()).value!);
    }

    expect(chunks[1]!.length).toBeLessThan(chunks[0]!.length / 4);
    expect(gunzipSync(Buffer.concat(chunks)).toString().split('\n')).toHaveLength(5);
    expect((await reader.read()).done).toBe(true);
  });

  test('carries heartbeats, each flushed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const gates = createGates();
    const { handle } = aServer(gates.dispatch);
    const response = await handle(aBatch([aGet('/a')], { ...streamed, ...gzip }));
    const reader = response.body!.getReader();

    const reading = reader.read();
    await settle();
    await vi.advanceTimersByTimeAsync(15_000);
    const beat = await createInflater()((await reading).value!);
    vi.useRealTimers();

    expect(beat).toBe('\n');
    await reader.cancel();
  });

  test('of megabytes that hardly compress arrives whole', async () => {
    const bytes = Buffer.alloc(3_000_000);
    for (let i = 0; i < bytes.length; i += 65_536)
      crypto.getRandomValues(bytes.subarray(i, i + 65_536));
    const { handle } = aServer(
      () => new Response(bytes, { headers: { 'content-type': 'application/octet-stream' } }),
    );

    const response = await handle(aBatch([aGet('/a'), aGet('/b')], { ...streamed, ...gzip }));
    const inflated = new Response(response.body!.pipeThrough(new DecompressionStream('gzip')));
    const { parts } = await linesOf(inflated);

    for (const { body } of parts) {
      expect(Buffer.from(body as string, 'base64url').equals(bytes)).toBe(true);
    }
  });

  test('of many lines that are ready together comes in pieces, each readable by itself', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch);
    const paths = Array.from({ length: 20 }, (_, i) => `/${String(i)}`);
    const batch = aBatch(
      [...paths, '/last'].map((path) => aGet(path)),
      { ...streamed, ...gzip },
    );
    const reader = (await handle(batch)).body!.getReader();
    const inflate = createInflater();

    const reading = reader.read();
    for (const path of paths) gates.open(path, Response.json({ text: path.repeat(2000) }));
    const counts: number[] = [];
    for (let left = 20; left > 0;) {
      const { value } = await (counts.length === 0 ? reading : reader.read());
      const lines = (await inflate(value!)).split('\n').slice(0, -1);
      for (const line of lines) expect(() => void JSON.parse(line)).not.toThrow();
      counts.push(lines.length);
      left -= lines.length;
    }
    await reader.cancel();

    // Of 4 to 6 kB each.
    expect(counts.length).toBeGreaterThan(2);
    expect(Math.max(...counts)).toBeLessThan(10);
  });

  test('that is cancelled amid compression ends quietly', async () => {
    const gates = createGates();
    gates.open('/a', rows('/'));
    const { handle } = aServer(gates.dispatch);
    const response = await handle(aBatch([aGet('/a'), aGet('/b')], { ...streamed, ...gzip }));
    const reader = response.body!.getReader();

    const reading = reader.read();
    await reader.cancel();

    expect((await reading).done).toBe(true);
  });
});

test.each(['at its end', 'when it is cancelled', 'when the client has gone'])(
  'the compressor’s memory is freed %s',
  async (end) => {
    const compressors: Gzip[] = [];
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue({
      ...zlib,
      createGzip: (options: object) => {
        const gzipStream = zlib.createGzip(options);
        compressors.push(gzipStream);
        return gzipStream;
      },
    });
    const gates = createGates();
    const { handle } = aServer(gates.dispatch);
    const client = new AbortController();
    const request = aBatch([aGet('/a')], { ...streamed, ...gzip });

    const response = await handle(new Request(request, { signal: client.signal }));
    if (end === 'at its end') gates.open('/a');
    else if (end === 'when it is cancelled') await response.body!.cancel();
    else client.abort();
    if (end === 'at its end') await response.arrayBuffer();
    await settle();

    expect(compressors.map(({ destroyed }) => destroyed)).toEqual([true]);
  },
);

test('a client that goes before the head is sent leaves no compressor behind', async () => {
  const createGzipSpy = vi.fn<typeof zlib.createGzip>((options) => zlib.createGzip(options));
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ ...zlib, createGzip: createGzipSpy });
  const client = new AbortController();
  const { handle } = aServer(() => {
    client.abort();
    return new Promise<Response>(() => {});
  });
  const request = aBatch([aGet('/a')], { ...streamed, ...gzip });

  const response = await handle(new Request(request, { signal: client.signal }));

  expect((await response.arrayBuffer()).byteLength).toBe(0);
  expect(createGzipSpy).not.toHaveBeenCalled();
});

describe('a buffered answer', () => {
  test('beyond a kilobyte is compressed', async () => {
    const { handle } = aServer(() => rows('/'));

    const response = await handle(aBatch([aGet('/a')], gzip));

    expect(response.headers.get('content-encoding')).toBe('gzip');
    const text = gunzipSync(await response.arrayBuffer()).toString();
    expect(JSON.parse(text)).toMatchObject({ responses: [{ status: 200 }], stats: { total: 1 } });
  });

  test('below that is not worth it', async () => {
    const { handle } = aServer();

    const response = await handle(aBatch([aGet('/a')], gzip));

    expect(response.headers.get('content-encoding')).toBe(null);
  });
});

describe.each([
  ['a stream', streamed],
  ['a buffered answer', {}],
])('%s', (_, form) => {
  const codingFor = async (acceptEncoding: string | null, options = {}): Promise<string | null> => {
    const { handle } = aServer(() => rows('/'), options);
    const accept = acceptEncoding === null ? {} : { 'accept-encoding': acceptEncoding };
    const response = await handle(aBatch([aGet('/a')], { ...form, ...accept }));
    await response.body!.cancel();
    return response.headers.get('content-encoding');
  };

  test.each(['gzip', 'br, GZIP;q=0.5', '*', 'x-gzip'])('is compressed for %s', async (accept) => {
    expect(await codingFor(accept)).toBe('gzip');
  });

  test.each([null, '', 'br', 'identity', 'gzip;q=0', 'gzip;q=0, *', '*;q=0'])(
    'is not compressed for %s',
    async (accept) => {
      expect(await codingFor(accept)).toBe(null);
    },
  );

  test('is not compressed with compression: false', async () => {
    expect(await codingFor('gzip', { compression: false })).toBe(null);
  });

  test('is not compressed where there is no zlib', async () => {
    vi.stubGlobal('process', undefined);
    const { handle } = aServer(() => rows('/'));
    vi.unstubAllGlobals();

    const response = await handle(aBatch([aGet('/a')], { ...form, ...gzip }));

    expect(response.headers.get('content-encoding')).toBe(null);
    expect(await response.text()).toContain('"id":"0"');
  });

  test('tells Workers that it is compressed already', async () => {
    const inits: unknown[] = [];
    vi.stubGlobal(
      'Response',
      class extends Response {
        constructor(body?: BodyInit | null, init?: ResponseInit) {
          super(body, init);
          inits.push(init);
        }
      },
    );
    await codingFor('gzip');

    expect(inits).toContainEqual(expect.objectContaining({ encodeBody: 'manual' }));
  });
});
