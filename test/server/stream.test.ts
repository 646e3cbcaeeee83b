import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  aBatch,
  aGet,
  aServer,
  createGates,
  linesOf,
  readerOf,
  settle,
  streamed,
} from './support.ts';

const gzipped = { ...streamed, 'accept-encoding': 'gzip' };

describe('the form of the answer', () => {
  const formFor = async (accept: string): Promise<string | null> => {
    const { handle } = aServer();
    const response = await handle(aBatch([aGet('/a')], { accept }));
    await response.body?.cancel();
    return response.headers.get('content-type');
  };

  test.each([
    'application/x-ndjson',
    'application/x-ndjson, application/json;q=0.5',
    'application/json, application/x-ndjson',
    'application/json;q=0.8, Application/X-NDJSON ; q=0.9',
    'text/html, application/x-ndjson;q=0.3, */*;q=0.1',
  ])('%s is streamed', async (accept) => {
    expect(await formFor(accept)).toBe('application/x-ndjson');
  });

  test.each([
    '*/*',
    'application/*',
    'application/json',
    'application/json;odata.metadata=minimal',
    'application/x-ndjson;q=0',
    'application/x-ndjson;q=0.0, */*',
    'application/x-ndjson;q=0.5, application/json',
    'application/x-ndjson;q=0.5, */*;q=0.6',
    'application/x-ndjson;q=high',
    'application/x-ndjsonp',
    'text/html',
    '',
  ])('%j is buffered', async (accept) => {
    expect(await formFor(accept)).toBe('application/json');
  });

  test('a stream says that nobody may hold it back, change it or keep it', async () => {
    const { handle } = aServer();

    const response = await handle(aBatch([aGet('/a')], streamed));

    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      'accept-encoding': 'gzip',
      'cache-control': 'no-store, no-transform',
      'content-type': 'application/x-ndjson',
      vary: 'Accept, Accept-Encoding',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    await response.body!.cancel();
  });

  test('a buffered answer has its items in their order', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch);

    const answer = handle(aBatch([aGet('/a'), aGet('/b')]));
    await settle();
    gates.open('/b');
    await settle();
    gates.open('/a');
    const { responses } = (await (await answer).json()) as { responses: { id: string }[] };

    expect(responses.map(({ id }) => id)).toEqual(['0', '1']);
  });
});

describe('lines', () => {
  test('come in the order of completion, each as soon as it is ready', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch);
    const reader = readerOf(await handle(aBatch([aGet('/a'), aGet('/b'), aGet('/c')], streamed)));

    gates.open('/c');
    const first = await reader.next();
    gates.open('/a');
    const second = await reader.next();
    gates.open('/b');
    const third = await reader.next();

    expect(first).toMatch(/^\{"id":"2".*\}\n$/);
    expect(second).toMatch(/^\{"id":"0".*\}\n$/);
    expect(third).toMatch(/^\{"id":"1".*\}\n\{"stats":\{.*\}\}\n$/);
    expect(await reader.next()).toBe(null);
  });

  test('that are ready in the same turn of the event loop go out together', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch);
    const items = ['/a', '/b', '/c', '/d'].map((path) => aGet(path));
    const reader = readerOf(await handle(aBatch(items, streamed)));

    const reading = reader.next();
    await settle();
    for (const path of ['/c', '/a', '/d']) gates.open(path);
    const chunk = await reading;

    expect(chunk?.match(/"id":"\d"/g)).toEqual(['"id":"2"', '"id":"0"', '"id":"3"']);
    await reader.cancel();
  });

  test('the stats are the last', async () => {
    const { handle } = aServer();

    const { parts, stats } = await linesOf(
      await handle(aBatch([aGet('/a'), aGet('//b'), aGet('/a')], streamed)),
    );

    expect(parts).toHaveLength(3);
    expect(stats).toEqual({
      total: 3,
      succeeded: 2,
      failed: 1,
      deduplicated: 1,
      cacheHits: 0,
      durationMs: expect.any(Number),
      averageMs: expect.any(Number),
      processedAt: expect.any(String),
    });
  });

  test('an empty batch has stats alone', async () => {
    const { handle } = aServer();

    const text = await (await handle(aBatch([], streamed))).text();

    expect(text).toMatch(/^\{"stats":\{"total":0,.*\}\}\n$/);
  });
});

describe('heartbeats', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('an empty line goes out when nothing was ready for 15 s', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch);
    const reader = readerOf(await handle(aBatch([aGet('/a')], streamed)));

    const beat = reader.next();
    await vi.advanceTimersByTimeAsync(15_000);
    const again = reader.next();
    await vi.advanceTimersByTimeAsync(14_999);
    gates.open('/a');

    expect(await beat).toBe('\n');
    expect(await again).toContain('"id":"0"');
    expect(await reader.next()).toBe(null);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a line restarts the wait', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch, { heartbeat: 1000 });
    const reader = readerOf(await handle(aBatch([aGet('/a'), aGet('/b')], streamed)));

    const first = reader.next();
    await vi.advanceTimersByTimeAsync(900);
    gates.open('/a');
    await first;
    const second = reader.next();
    await vi.advanceTimersByTimeAsync(900);
    gates.open('/b');

    expect(await second).toContain('"id":"1"');
  });

  test('false sends none', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch, { heartbeat: false, itemTimeout: false });
    const reader = readerOf(await handle(aBatch([aGet('/a')], streamed)));

    const reading = reader.next();
    await vi.advanceTimersByTimeAsync(1_000_000);
    gates.open('/a');

    expect(await reading).toContain('"id":"0"');
  });
});

describe.each([
  ['plain', streamed],
  ['gzip', gzipped],
])('a slow reader (%s)', (_, headers) => {
  // Random text, which gzip can't make small.
  const big = (): Response =>
    new Response(Buffer.from(crypto.getRandomValues(new Uint8Array(15_000))), {
      headers: { 'content-type': 'image/png' },
    });
  const items = Array.from({ length: 100 }, (__, i) => aGet(`/${String(i)}`));

  test('stops further dispatches, and goes on when it reads', async () => {
    const { handle, seen } = aServer(big, { concurrency: 4 });

    const response = await handle(aBatch(items, headers));
    await settle();
    await settle();
    const unread = seen.length;
    const reader = response.body!.getReader();
    await reader.read();
    await settle();
    await settle();
    const afterOneRead = seen.length;
    let reads = 1;
    while (!(await reader.read()).done) reads++;

    // 64 kB of finished lines, 20 kB each, and those under way.
    expect(unread).toBe(7);
    expect(afterOneRead).toBe(14);
    expect(seen).toHaveLength(100);
    expect(reads).toBeGreaterThan(10);
  });

  test('that never comes back costs no more than that', async () => {
    const { handle, seen } = aServer(big, { concurrency: 4 });

    const response = await handle(aBatch(items, headers));
    for (let i = 0; i < 20; i++) await settle();

    expect(seen).toHaveLength(7);
    await response.body!.cancel();
    await settle();
    expect(seen).toHaveLength(7);
  });
});

describe.each([
  ['plain', streamed],
  ['gzip', gzipped],
])('cancelling (%s)', (_, headers) => {
  const paths = ['/a', '/b', '/c'];

  test('the stream aborts what runs and starts no more', async () => {
    const gates = createGates();
    const { handle, events } = aServer(gates.dispatch, { concurrency: 2 });
    const reader = readerOf(
      await handle(
        aBatch(
          paths.map((path) => aGet(path)),
          headers,
        ),
      ),
    );
    const reading = reader.next();
    await settle();
    const reason = new Error('had enough');

    await reader.cancel(reason);

    expect([...gates.signals.values()].map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(gates.signals.get('/a')!.reason).toBe(reason);
    for (const path of paths) gates.open(path);
    await settle();
    expect(gates.started).toEqual(['/a', '/b']);
    expect(await reading).toBe(null);
    expect(events).toEqual([]);
  });

  test('the request does the same, and cuts the stream', async () => {
    const gates = createGates();
    const { handle, events } = aServer(gates.dispatch, { concurrency: 2 });
    const client = new AbortController();
    const request = aBatch(
      paths.map((path) => aGet(path)),
      headers,
    );
    const response = await handle(new Request(request, { signal: client.signal }));
    const reading = response.text();
    await settle();

    client.abort(new Error('gone'));

    expect(await reading).toBe('');
    expect([...gates.signals.values()].map(({ aborted }) => aborted)).toEqual([true, true]);
    for (const path of paths) gates.open(path);
    await settle();
    expect(gates.started).toEqual(['/a', '/b']);
    expect(events).toEqual([]);
  });

  test('leaves no listener on the request, whether it ends or is cancelled', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch);
    const read = aBatch([aGet('/a')], headers);
    const left = aBatch([aGet('/a')], headers);
    const count = ({ signal }: Request): number => getEventListeners(signal, 'abort').length;
    const before = count(read);

    const response = await handle(read);
    const during = count(read);
    await (await handle(left)).body!.cancel();
    gates.open('/a');
    await response.arrayBuffer();

    expect(during).toBe(before + 1);
    expect([count(read), count(left)]).toEqual([before, before]);
  });

  test('after the end is nothing', async () => {
    const { handle, seen } = aServer();
    const client = new AbortController();
    const response = await handle(
      new Request(aBatch([aGet('/a')], headers), { signal: client.signal }),
    );
    await response.arrayBuffer();

    client.abort();

    expect(seen[0]!.signal.aborted).toBe(false);
  });
});

describe.each([
  ['plain', streamed],
  ['gzip', gzipped],
])('what is complete at once (%s)', (_, headers) => {
  test('is answered whole, and leaves no listener', async () => {
    const { handle } = aServer();
    const request = aBatch([aGet('/a'), aGet('/b')], headers);
    const before = getEventListeners(request.signal, 'abort').length;

    const response = await handle(request);
    const after = getEventListeners(request.signal, 'abort').length;
    const body = response.headers.has('content-encoding')
      ? new Response(response.body!.pipeThrough(new DecompressionStream('gzip')))
      : response;
    const { parts, stats } = await linesOf(body);

    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(parts.map(({ id }) => id)).toEqual(['0', '1']);
    expect(stats).toMatchObject({ total: 2, succeeded: 2 });
    expect(after).toBe(before);
  });

  test('names what cookies it dropped all the same', async () => {
    const { handle, events } = aServer(
      () => new Response('a', { headers: { 'set-cookie': 'a=1' } }),
    );

    const response = await handle(aBatch([aGet('/a')], headers));

    expect(response.headers.has('set-cookie')).toBe(false);
    expect(events).toMatchObject([{ type: 'cookies-dropped', names: ['a'] }]);
  });
});
