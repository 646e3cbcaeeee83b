import { describe, expect, test } from 'vitest';
import {
  aBatch,
  aGet,
  aPost,
  aServer,
  createGates,
  linesOf,
  partsOf,
  problemOf,
  settle,
  streamed,
  wholeOf,
} from './support.ts';

const withPriority = (url: string, priority: string): ReturnType<typeof aGet> =>
  aGet(url, { headers: { priority } });

describe('concurrency', () => {
  test('at most so many items run at once', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch, { concurrency: 2 });

    const answer = handle(aBatch([aGet('/a'), aGet('/b'), aGet('/c'), aGet('/d')]));
    await settle();
    const atFirst = [...gates.started];
    gates.open('/b');
    await settle();
    const then = [...gates.started];
    for (const path of ['/a', '/c', '/d']) gates.open(path);

    expect(atFirst).toEqual(['/a', '/b']);
    expect(then).toEqual(['/a', '/b', '/c']);
    expect(await partsOf(await answer)).toHaveLength(4);
  });

  test('is 20 unless told otherwise', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch);
    const paths = Array.from({ length: 30 }, (_, i) => `/${String(i)}`);

    const answer = handle(aBatch(paths.map((path) => aGet(path))));
    await settle();

    expect(gates.started).toHaveLength(20);
    for (const path of paths) gates.open(path);
    await answer;
  });

  test('refused items take no place', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch, { concurrency: 1 });

    const answer = handle(aBatch([aGet('//x'), aGet('//y'), aGet('/a')]));
    await settle();

    expect(gates.started).toEqual(['/a']);
    gates.open('/a');
    await answer;
  });
});

describe('priority', () => {
  test('starts the most urgent first, then by arrival', async () => {
    const { handle, seen } = aServer(undefined, { concurrency: 1 });

    await handle(
      aBatch([
        withPriority('/low', 'u=6'),
        aGet('/normal-1'),
        withPriority('/high', 'u=1, i'),
        withPriority('/u=3', 'u=3'),
        withPriority('/critical', 'i, u=0'),
        aGet('/normal-2'),
        withPriority('/lowest', 'u=7'),
      ]),
    );

    expect(seen.map(({ url }) => new URL(url).pathname)).toEqual([
      '/critical',
      '/high',
      '/normal-1',
      '/u=3',
      '/normal-2',
      '/low',
      '/lowest',
    ]);
  });

  test('an item without one has that which the option gives its method and URL', async () => {
    const { handle, seen } = aServer(undefined, {
      concurrency: 1,
      priority: (method, url) => {
        if (method === 'POST') return 'critical';
        return new URL(url).pathname.startsWith('/archive/') ? 'low' : 'high';
      },
    });

    await handle(
      aBatch([
        aGet('/archive/1'),
        withPriority('/said', 'u=5'),
        withPriority('/archive/said', 'u=0'),
        aGet('/high'),
        aPost('/archive/2'),
      ]),
    );

    expect(seen.map(({ url }) => new URL(url).pathname)).toEqual([
      '/archive/said',
      '/archive/2',
      '/high',
      '/said',
      '/archive/1',
    ]);
  });

  test.each(['u=9', 'u=12', 'u=-1', 'u=0.5', 'u', 'x=1', 'nu=0', '', 'i'])(
    '%j says nothing of urgency',
    async (priority) => {
      const { handle, seen } = aServer(undefined, { concurrency: 1 });

      await handle(aBatch([aGet('/first'), withPriority('/second', priority)]));

      expect(seen.map(({ url }) => new URL(url).pathname)).toEqual(['/first', '/second']);
    },
  );
});

describe('dependsOn', () => {
  test('waits until the earlier items have succeeded', async () => {
    const gates = createGates();
    const { handle } = aServer(gates.dispatch);

    const answer = handle(
      aBatch([aGet('/a'), aGet('/b'), aGet('/c', { dependsOn: ['0', '1', '0'] })]),
    );
    await settle();
    gates.open('/a');
    await settle();
    const before = [...gates.started];
    gates.open('/b', new Response(null, { status: 302 }));
    await settle();

    expect(before).toEqual(['/a', '/b']);
    expect(gates.started).toEqual(['/a', '/b', '/c']);
    gates.open('/c');
    expect((await partsOf(await answer)).map(({ status }) => status)).toEqual([200, 302, 200]);
  });

  test('a failure answers the dependents with 424, and theirs in turn', async () => {
    const { handle, seen } = aServer((request) =>
      request.url.endsWith('/bad') ? new Response(null, { status: 404 }) : Response.json({}),
    );

    const parts = await partsOf(
      await handle(
        aBatch([
          aGet('/bad'),
          aGet('/ok'),
          aGet('/c', { dependsOn: ['0', '1'] }),
          aGet('/d', { dependsOn: ['2'] }),
          aGet('/e', { dependsOn: ['1'] }),
        ]),
      ),
    );

    expect(parts.map(({ status }) => status)).toEqual([404, 200, 424, 424, 200]);
    expect(problemOf(parts[2]!).detail).toContain('item "0"');
    expect(problemOf(parts[3]!).detail).toContain('item "2"');
    expect(seen).toHaveLength(3);
  });

  test('an item that is refused has failed', async () => {
    const { handle } = aServer();

    const parts = await partsOf(
      await handle(aBatch([aGet('//x'), aGet('/a', { dependsOn: ['0'] })])),
    );

    expect(parts.map(({ status }) => status)).toEqual([400, 424]);
  });

  test('an item that is itself refused is told so, and need not wait', async () => {
    const { handle } = aServer();

    const parts = await partsOf(
      await handle(aBatch([aGet('/a'), aGet('//x', { dependsOn: ['0'] })])),
    );

    expect(parts.map(({ status }) => status)).toEqual([200, 400]);
  });

  test('a chain as long as the batch is worked off', async () => {
    const { handle } = aServer(() => new Response(null, { status: 500 }), { maxItems: 5000 });
    const items = Array.from({ length: 5000 }, (_, i) =>
      aGet(`/${String(i)}`, i > 0 ? { dependsOn: [String(i - 1)] } : {}),
    );

    const { stats } = await wholeOf(await handle(aBatch(items)));

    expect(stats).toMatchObject({ total: 5000, failed: 5000 });
  });

  test('the most urgent of those that come free starts first', async () => {
    const { handle, seen } = aServer(undefined, { concurrency: 1 });

    await handle(
      aBatch([
        aGet('/a'),
        withPriority('/low', 'u=6'),
        aGet('/normal', { dependsOn: ['0'] }),
        { ...withPriority('/high', 'u=1'), dependsOn: ['0'] },
      ]),
    );

    expect(seen.map(({ url }) => new URL(url).pathname)).toEqual([
      '/a',
      '/high',
      '/normal',
      '/low',
    ]);
  });
});

describe('dedupe', () => {
  const own = (headers: Record<string, string>): { headers: Record<string, string> } => ({
    headers,
  });

  test('identical GETs are dispatched once, and each is answered', async () => {
    const { handle, seen } = aServer();

    const { responses, stats } = await wholeOf(
      await handle(aBatch([aGet('/a'), aGet('/b'), aGet('/a'), aGet('/a#x')])),
    );

    expect(seen).toHaveLength(2);
    expect(responses.map(({ id, body }) => [id, body])).toEqual([
      ['0', { path: '/a' }],
      ['1', { path: '/b' }],
      ['2', { path: '/a' }],
      ['3', { path: '/a' }],
    ]);
    expect(stats).toMatchObject({ total: 4, succeeded: 4, deduplicated: 2 });
  });

  test('so they are on a stream', async () => {
    const { handle, seen } = aServer();

    const { parts, stats } = await linesOf(
      await handle(aBatch([aGet('/a'), aGet('/a'), aGet('/b')], streamed)),
    );

    expect(seen).toHaveLength(2);
    expect(parts.map(({ id }) => id).sort()).toEqual(['0', '1', '2']);
    expect(stats).toMatchObject({ total: 3, deduplicated: 1 });
  });

  test('headers that come to the same make them identical', async () => {
    const { handle, seen } = aServer();

    await handle(
      aBatch(
        [
          aGet('/a', own({ 'X-A': '1', 'x-b': '2' })),
          aGet('/a', own({ 'x-b': '2', 'x-a': '1', priority: 'u=1' })),
          aGet('/a', own({ 'x-b': '2', 'x-a': '1', authorization: 'Bearer t' })),
        ],
        { authorization: 'Bearer t' },
      ),
    );

    expect(seen).toHaveLength(1);
  });

  test.each([
    ['the query', aGet('/a?x=1'), aGet('/a?x=2')],
    ['a header', aGet('/a', own({ accept: 'text/html' })), aGet('/a')],
    ['the method', aGet('/a'), { method: 'HEAD', url: '/a' }],
    ['identity', aGet('/a', own({ authorization: 'Bearer u' })), aGet('/a')],
  ])('%s makes them different', async (_, one, other) => {
    const { handle, seen } = aServer();

    await handle(aBatch([one, other], { authorization: 'Bearer t' }));

    expect(seen).toHaveLength(2);
  });

  test('unsafe items are never merged', async () => {
    const { handle, seen } = aServer();

    await handle(aBatch([aPost('/a', {}), aPost('/a', {}), aPost('/a', {})]));

    expect(seen).toHaveLength(3);
  });

  test('no GET is merged across an unsafe item', async () => {
    const { handle, seen } = aServer();

    await handle(aBatch([aGet('/a'), aGet('/a'), aPost('/b'), aGet('/a'), aGet('/a')]));

    expect(seen.map(({ method }) => method).sort()).toEqual(['GET', 'GET', 'POST']);
  });

  test('an item that waits for others is not merged', async () => {
    const { handle, seen } = aServer();

    await handle(aBatch([aGet('/a'), aGet('/b'), aGet('/a', { dependsOn: ['1'] }), aGet('/a')]));

    expect(seen).toHaveLength(3);
  });

  test('a merged item’s dependents wait for its answer', async () => {
    const { handle } = aServer(() => new Response(null, { status: 500 }));

    const parts = await partsOf(
      await handle(aBatch([aGet('/a'), aGet('/a'), aGet('/b', { dependsOn: ['1'] })])),
    );

    expect(parts.map(({ status }) => status)).toEqual([500, 500, 424]);
  });

  test('the most urgent of the merged decides', async () => {
    const { handle, seen } = aServer(undefined, { concurrency: 1 });

    await handle(aBatch([withPriority('/a', 'u=6'), aGet('/b'), withPriority('/a', 'u=0')]));

    expect(seen.map(({ url }) => new URL(url).pathname)).toEqual(['/a', '/b']);
  });

  test('can be turned off', async () => {
    const { handle, seen } = aServer(undefined, { dedupe: false });

    const { stats } = await wholeOf(await handle(aBatch([aGet('/a'), aGet('/a')])));

    expect(seen).toHaveLength(2);
    expect(stats).toMatchObject({ deduplicated: 0 });
  });
});
