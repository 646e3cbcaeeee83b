import { describe, expect, it, vi } from 'vitest';
import { toOlder } from '../../demo/server/batch/older/answer.ts';
import { aDemoServer, type DemoServer } from '../support/a-demo-server.ts';

interface OlderResponse {
  readonly id: string | number;
  readonly success: boolean;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cached: boolean;
  readonly data?: unknown;
  readonly error?: Readonly<Record<string, unknown>>;
  readonly request?: unknown;
  readonly correlation_id?: string;
}

interface OlderAnswer {
  readonly success: boolean;
  readonly data: {
    readonly responses: readonly OlderResponse[];
    readonly stats: Readonly<Record<string, number>>;
  };
}

const kept = '/api/widgets/1?maxAge=60';

const post = ({ send }: DemoServer, body: unknown, init: RequestInit = {}): Promise<Response> =>
  send('POST', '/api/batch', body, init);

/** Sends requests in the older shape and reads the answer. */
async function aBatchOf(
  server: DemoServer,
  requests: readonly Readonly<Record<string, unknown>>[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<OlderAnswer['data']> {
  const response = await post(server, { requests, ...options });
  expect(response.status).toBe(200);
  const { success, data } = (await response.json()) as OlderAnswer;
  expect(success).toBe(true);
  return data;
}

const theOne = async (
  item: Readonly<Record<string, unknown>>,
  server = aDemoServer(),
): Promise<OlderResponse> => (await aBatchOf(server, [item])).responses[0]!;

describe('POST /api/batch', () => {
  it('answers in the order of the items, under their ids', async () => {
    const { responses } = await aBatchOf(aDemoServer(), [
      { id: 'w', method: 'GET', endpoint: '/api/widgets/1' },
      { id: 7, method: 'get', url: '/api/auth/me' },
      { endpoint: '/api/notes' },
    ]);

    expect(responses).toMatchObject([
      { id: 'w', success: true, status: 200, data: { id: 1 } },
      { id: 7, success: true, status: 200, data: { id: 'demo', name: 'Demo', role: 'user' } },
      { id: '2', success: true, status: 200, data: { notes: [] } },
    ]);
  });

  it('has its rates as shares of all items', async () => {
    const server = aDemoServer();
    await aBatchOf(server, [{ url: kept }]);

    const { stats } = await aBatchOf(server, [
      { url: kept },
      { url: kept },
      { url: '/api/widgets/2' },
      { url: '/api/widgets/none' },
    ]);

    expect(stats).toEqual({
      total_requests: 4,
      successful_requests: 3,
      failed_requests: 1,
      total_duration: expect.any(Number),
      average_duration: expect.any(Number),
      cache_hit_rate: 0.25,
      deduplication_rate: 0.25,
      processed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it('has its durations in seconds', () => {
    const stats = {
      total: 1,
      succeeded: 1,
      failed: 0,
      deduplicated: 0,
      cacheHits: 0,
      durationMs: 1234.5,
      averageMs: 20,
      processedAt: '2026-11-26T08:00:00.000Z',
    };
    const responses = [{ id: '0', status: 200, headers: {} }];

    const { data } = toOlder({ responses, stats }, [{ url: '/a', method: 'GET' }], 'trip');

    expect(data.stats).toMatchObject({ total_duration: 1.2345, average_duration: 0.02 });
  });

  it.each([
    ['added', { url: '/api/widgets/1', params: { delay: 'x' } }, '?delay=x'],
    ['added to a query', { url: '/api/widgets/1?a=b', params: { delay: 'x' } }, '?a=b&delay=x'],
    [
      'written as a query is',
      { url: '/api/widgets/1', params: { delay: 'x y&z', n: 1, yes: true, no: null, l: [1, 2] } },
      '?delay=x+y%26z&n=1&yes=true&l=1&l=2',
    ],
  ])('params are %s', async (_, item, query) => {
    const { error } = await theOne(item);

    expect(error).toMatchObject({ request: { url: `/api/widgets/1${query}` } });
  });

  it.each([
    ['body', { body: { text: 'Milk' } }],
    ['data', { data: { text: 'Milk' } }],
    [
      'body that is JSON already',
      { body: '{"text":"Milk"}', headers: { 'Content-Type': 'application/json' } },
    ],
  ])('takes %s', async (_, more) => {
    const { status, data, headers } = await theOne({
      method: 'POST',
      endpoint: '/api/notes',
      ...more,
    });

    expect(status).toBe(201);
    expect(data).toMatchObject({ text: 'Milk' });
    expect(headers['location']).toBe('/api/notes/1');
  });

  it('data is null where there is no body', async () => {
    const server = aDemoServer();
    await theOne({ method: 'POST', url: '/api/notes', data: { text: 'Milk' } }, server);

    const response = await theOne({ method: 'DELETE', url: '/api/notes/1' }, server);

    expect(response).toMatchObject({ success: true, status: 204, data: null });
  });

  it('takes header fields, numbers too', async () => {
    const server = aDemoServer();
    const { headers } = await theOne({ url: '/api/widgets/1' }, server);

    const { status } = await theOne(
      { url: '/api/widgets/1', headers: { 'If-None-Match': headers['etag'], 'X-Version': 2 } },
      server,
    );

    expect(status).toBe(304);
  });

  it('a failed item echoes its request and has a correlation id that the log has too', async () => {
    const server = aDemoServer();
    const item = { id: 1, endpoint: '/api/notes/9', params: { a: 1 }, note: 'ours' };

    const response = await theOne(item, server);

    expect(response).toMatchObject({
      id: 1,
      success: false,
      status: 404,
      error: { title: 'No such note', status: 404 },
      request: { ...item, method: 'GET' },
    });
    expect(response.correlation_id).toMatch(/./);
    expect(server.lines).toContainEqual(
      expect.objectContaining({ correlationId: response.correlation_id, status: 404 }),
    );
  });

  it('an item that isn’t run fails alone, with the correlation id of the batch', async () => {
    const server = aDemoServer();
    const headers = { 'x-correlation-id': 'trip-9' };

    const response = await post(
      server,
      { requests: [{ url: '//elsewhere/' }, { url: '/api/widgets/1' }] },
      { headers },
    );

    const { data } = (await response.json()) as OlderAnswer;
    expect(data.responses).toMatchObject([
      { success: false, status: 400, request: { url: '//elsewhere/' }, correlation_id: 'trip-9' },
      { success: true, status: 200 },
    ]);
  });

  it('doesn’t echo who somebody is', async () => {
    const { request } = await theOne({
      url: '/api/notes/9',
      headers: { Authorization: 'Bearer secret', 'x-a': 'b' },
    });

    expect(request).toMatchObject({ headers: { 'x-a': 'b' } });
    expect(JSON.stringify(request)).not.toContain('secret');
  });

  it.each(['/batch', '/api/batch'])('an item may not be a batch: %s is 400', async (url) => {
    const response = await theOne({ method: 'POST', url, data: { requests: [] } });

    expect(response).toMatchObject({ success: false, status: 400 });
  });

  it('passes on cookies of its items', async () => {
    const response = await post(aDemoServer(), {
      requests: [{ method: 'POST', url: '/api/auth/logout' }],
    });

    expect(response.headers.get('set-cookie')).toContain('token=;');
  });

  it('is compressed for who takes that', async () => {
    const response = await post(
      aDemoServer(),
      { requests: [{ url: '/api/widgets/1' }] },
      { headers: { 'accept-encoding': 'gzip' } },
    );

    expect(response.headers.get('content-encoding')).toBe('gzip');
  });
});

describe('what a batch of the older shape asks for', () => {
  it('cache: false neither reads nor writes', async () => {
    const server = aDemoServer();
    await aBatchOf(server, [{ url: kept }], { cache: false });

    const first = await aBatchOf(server, [{ url: kept }]);
    const second = await aBatchOf(server, [{ url: kept }]);
    const third = await aBatchOf(server, [{ url: kept }], { cache: false });

    expect(first.responses[0]!.cached).toBe(false);
    expect(second.responses[0]!.cached).toBe(true);
    expect(third.responses[0]!.cached).toBe(false);
  });

  it('deduplicate: false runs identical items each', async () => {
    const requests = [{ url: '/api/widgets/1' }, { url: '/api/widgets/1' }];

    const merged = await aBatchOf(aDemoServer(), requests);
    const each = await aBatchOf(aDemoServer(), requests, { deduplicate: false });

    expect(merged.stats['deduplication_rate']).toBe(0.5);
    expect(each.stats['deduplication_rate']).toBe(0);
  });

  it.each([
    [true, 3],
    [false, 1],
  ])('retry: %s asks %i times for what is away', async (retry, attempts) => {
    const server = aDemoServer();
    server.services.leave();

    await aBatchOf(server, [{ url: '/readyz' }], { retry });

    expect(server.lines.filter(({ route }) => route === '/readyz')).toHaveLength(attempts);
  });

  it('what the server has off stays off', async () => {
    const server = aDemoServer({ BATCH_DEDUPE: false, BATCH_RETRY: false });
    server.services.leave();

    const { stats } = await aBatchOf(server, [{ url: '/readyz' }, { url: '/readyz' }], {
      deduplicate: true,
      retry: true,
    });

    expect(stats['deduplication_rate']).toBe(0);
    expect(server.lines.filter(({ route }) => route === '/readyz')).toHaveLength(2);
  });

  it.each([
    ['parallel: false', { parallel: false }],
    ['max_concurrency: 1', { max_concurrency: 1 }],
  ])('%s runs one after the other, the most urgent first', async (_, options) => {
    const server = aDemoServer();

    await aBatchOf(
      server,
      [
        { url: '/api/widgets/1', priority: 'low' },
        { url: '/api/notes' },
        { url: '/api/auth/me', priority: 'high' },
        { url: '/api/stats', priority: 'critical' },
      ],
      options,
    );

    const routes = server.lines.filter(({ via }) => via === 'batch').map(({ route }) => route);
    expect(routes).toEqual(['/api/stats', '/api/auth/me', '/api/notes', '/api/widgets/:id']);
  });

  it('timeout is in seconds: what takes longer is 504', async () => {
    const server = aDemoServer();

    const { responses } = await aBatchOf(
      server,
      [{ id: 'slow', url: '/api/widgets/1?delay=9000' }],
      {
        timeout: 0.02,
      },
    );

    expect(responses).toMatchObject([
      {
        id: 'slow',
        success: false,
        status: 504,
        error: { detail: expect.stringContaining('20 ms') },
      },
    ]);
    expect(server.lines).toContainEqual(expect.objectContaining({ msg: 'item took too long' }));
  });
});

describe('an envelope that isn’t one', () => {
  const item = { url: '/api/widgets/1' };

  it.each<[string, unknown, string]>([
    ['a list', [item], '#'],
    ['no requests', {}, '#/requests'],
    ['requests that are none', { requests: item }, '#/requests'],
    ['none at all', { requests: [] }, '#/requests'],
    ['more than 100', { requests: Array.from({ length: 101 }, () => item) }, '#/requests'],
    ['an item that is text', { requests: ['/a'] }, '#/requests/0'],
    ['an item without a path', { requests: [item, { id: 'a' }] }, '#/requests/1/endpoint'],
    ['an item with two', { requests: [{ ...item, endpoint: '/b' }] }, '#/requests/0/url'],
    ['an item with two bodies', { requests: [{ ...item, body: 1, data: 2 }] }, '#/requests/0/data'],
    ['a method that there isn’t', { requests: [{ ...item, method: 'X' }] }, '#/requests/0/method'],
    ['an id that is an object', { requests: [{ ...item, id: {} }] }, '#/requests/0/id'],
    ['an empty id', { requests: [{ ...item, id: '' }] }, '#/requests/0/id'],
    [
      'an id twice',
      {
        requests: [
          { ...item, id: 1 },
          { ...item, id: '1' },
        ],
      },
      '#/requests/1/id',
    ],
    ['params that are text', { requests: [{ ...item, params: 'a=b' }] }, '#/requests/0/params'],
    ['a deep one', { requests: [{ ...item, params: { a: {} } }] }, '#/requests/0/params/a'],
    [
      'a header that is none',
      { requests: [{ ...item, headers: { a: [] } }] },
      '#/requests/0/headers/a',
    ],
    ['a priority', { requests: [{ ...item, priority: 'urgent' }] }, '#/requests/0/priority'],
    ['parallel', { requests: [item], parallel: 'yes' }, '#/parallel'],
    ['max_concurrency', { requests: [item], max_concurrency: 0 }, '#/max_concurrency'],
    ['deduplicate', { requests: [item], deduplicate: 1 }, '#/deduplicate'],
    ['cache', { requests: [item], cache: 'off' }, '#/cache'],
    ['retry', { requests: [item], retry: 3 }, '#/retry'],
    ['timeout', { requests: [item], timeout: 301 }, '#/timeout'],
  ])('with %s is 422 and names it', async (_, body, pointer) => {
    const response = await post(aDemoServer(), body);

    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      status: 422,
      errors: [{ pointer, detail: expect.stringMatching(/./) }],
    });
  });

  it('shows what was received, and what would do', async () => {
    const response = await post(aDemoServer(), {
      requests: [
        { ...item, method: 'FETCH' },
        { url: '/a', priority: 'x'.repeat(100) },
      ],
    });

    const { errors } = (await response.json()) as { errors: { pointer: string; detail: string }[] };
    expect(errors[0]!.detail).toMatch(/one of "GET"\|.*, got "FETCH"$/);
    expect(errors[1]!.detail).toMatch(/one of "critical"\|.*, got "x{78}…$/);
  });

  it('is 400 where it is no JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    const { ask } = aDemoServer();

    const response = await ask('/api/batch', { method: 'POST', headers, body: '{"requests":[' });

    expect(response.status).toBe(400);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'is 415 as %s',
    async (type) => {
      const { ask } = aDemoServer();

      const response = await ask('/api/batch', {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify({ requests: [item] }),
      });

      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ detail: expect.stringContaining(type) });
    },
  );

  it.each([
    ['body', (deep: string) => `{"requests":[{"url":"/api/notes","data":${deep}}]}`],
    ['list of items', (deep: string) => `{"requests":${deep}}`],
  ])('with a %s that is too deep is 400', async (_, toBatch) => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);

    const response = await aDemoServer().ask('/api/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: toBatch(deep),
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      detail: 'The batch is nested too deeply: it may have at most 64 levels.',
    });
  });

  it('is 422 also where a name can’t be written in a pointer', async () => {
    const response = await post(aDemoServer(), {
      requests: [{ url: '/api/notes', params: { '\ud800/~': {} } }],
    });

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      errors: [{ pointer: '#/requests/0/params/%EF%BF%BD~1~0' }],
    });
  });

  it('that fails unexpectedly is a problem, whose reason is in the log alone', async () => {
    const server = aDemoServer();
    vi.spyOn(server.services.limiters.batches, 'spend').mockRejectedValue(new Error('a secret'));

    const response = await post(server, { requests: [{ url: '/api/notes' }] });

    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.text()).not.toContain('a secret');
    expect(server.lines).toContainEqual(expect.objectContaining({ msg: 'failed' }));
  });

  it('is 413 beyond 1 MiB', async () => {
    const response = await post(aDemoServer(), { requests: [item], pad: 'x'.repeat(1_048_576) });

    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('1048576') });
  });

  it.each(['GET', 'PUT', 'DELETE'])('is 405 with %s', async (method) => {
    const response = await aDemoServer().ask('/api/batch', { method });

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('is 401 without a token', async () => {
    const { send } = aDemoServer();

    expect((await send('POST', '/api/batch', { requests: [item] }, { as: null })).status).toBe(401);
  });

  it('is 403 from the page of another site', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.test' };

    const response = await post(aDemoServer(), { requests: [item] }, { headers });

    expect(response.status).toBe(403);
  });

  it('is 429 beyond the limit of batches, which both shapes share', async () => {
    const server = aDemoServer({ BATCH_LIMIT: 1 });
    await server.send('POST', '/batch', { requests: [] });

    const response = await post(server, { requests: [item] });

    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('its figures for operators', () => {
  it('are under the name of the shape', async () => {
    const server = aDemoServer();
    await aBatchOf(server, [{ url: kept }, { url: kept }, { url: '/api/widgets/none' }]);

    const text = await (await server.ask('/metrics')).text();

    expect(text).toContain('batch_items_count{shape="older"} 1');
    expect(text).toContain('batch_items_sum{shape="older"} 3');
    expect(text).toContain('batch_items_total{outcome="failed"} 1');
    expect(text).toContain('batch_items_deduplicated_total 1');
  });
});

describe('their description', () => {
  interface Described {
    readonly paths: Readonly<
      Record<string, { readonly post: { readonly requestBody: { readonly content: Content } } }>
    >;
    readonly components: {
      readonly schemas: Readonly<Record<string, { readonly example?: unknown }>>;
    };
  }
  interface Content {
    readonly 'application/json': { readonly schema: { readonly $ref: string } };
  }

  it.each(['/batch', '/api/batch'])('POST %s has an example that works', async (path) => {
    const server = aDemoServer();
    const { paths, components } = (await (await server.ask('/openapi.json')).json()) as Described;
    const { $ref } = paths[path]!.post.requestBody.content['application/json'].schema;
    const { example } = components.schemas[$ref.split('/').at(-1)!]!;

    const response = await server.send('POST', path, example);

    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).not.toMatch(/"status":[45]/);
    expect(text).toContain('"status":201');
  });
});
