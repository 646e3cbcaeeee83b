import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { seededUuid } from '../../demo/server/resources/ids.ts';
import { startRedis, type TestRedis } from '../support/a-redis.ts';
import { aRunningServer, type RunningDemo } from '../support/a-running-server.ts';
import { whenUp } from '../support/a-server-cache.ts';

let redis: TestRedis | undefined;
let server: RunningDemo | undefined;

afterEach(async () => {
  await server?.close();
  await redis?.stop();
  server = redis = undefined;
});

interface Result {
  readonly id: string | null;
  readonly status: string;
  readonly status_code: number;
}

/** A server that has started, with a Redis of its own or without one. */
async function start(withRedis: boolean) {
  if (withRedis) redis = await startRedis();
  server = await aRunningServer({
    REDIS_URL: redis?.url,
    ANALYSIS_STEP_MS: 0,
    ANSWER_WORD_MS: 0,
    JOB_BACKOFF_MS: 0,
  });
  const { ask, services, tokenOf, url } = server;
  if (services.redis) await whenUp(services.redis);
  const send = (
    method: string,
    path: string,
    body: unknown,
    { headers, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ) =>
    ask(path, {
      ...init,
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const read = async <T>(response: Response | Promise<Response>): Promise<T> =>
    (await (await response).json()) as T;
  return { ask, send, read, tokenOf, url };
}

const get = (url: string) => ({ id: url, method: 'GET', url });

describe.each([
  ['without Redis', false],
  ['with Redis', true],
])('%s', (_, withRedis) => {
  it('1: a batch runs identical items once, keeps what may be kept, and fails item by item', async () => {
    const { send, read } = await start(withRedis);
    const requests = ['/api/widgets/1?maxAge=60', '/api/widgets/2', '/api/notes/none'].map(get);
    const twice = [...requests, { ...requests[1]!, id: 'again' }];
    await send('POST', '/batch', { requests });

    const batch = await read<{ responses: { id: string; status: number }[]; stats: object }>(
      send('POST', '/batch', { requests: twice }),
    );
    const older = await read<object>(send('POST', '/api/batch', { requests: twice }));

    expect(Object.fromEntries(batch.responses.map(({ id, status }) => [id, status]))).toEqual({
      '/api/widgets/1?maxAge=60': 200,
      '/api/widgets/2': 200,
      '/api/notes/none': 404,
      again: 200,
    });
    expect(batch.stats).toMatchObject({ total: 4, failed: 1, deduplicated: 1, cacheHits: 1 });
    expect(older).toMatchObject({
      success: true,
      data: {
        responses: [{ status: 200 }, { status: 200 }, { status: 404 }, { status: 200 }],
        stats: {
          cache_hit_rate: 0.25,
          deduplication_rate: 0.25,
          total_duration: expect.any(Number),
        },
      },
    });
  });

  it('2: a session is started, asked, read by its user alone, archived and deleted', async () => {
    const { ask, send, read } = await start(withRedis);
    const path = '/api/sessions/mine';

    const started = await send('POST', '/api/sessions', { id: 'mine', title: 'Paint' });
    const repeated = await send('POST', '/api/sessions', { id: 'mine' });
    const stream = await send(
      'POST',
      `${path}/questions`,
      { text: 'What can we paint?' },
      { headers: { accept: 'text/event-stream' } },
    );
    const events = await stream.text();
    const { messages } = await read<{ messages: { role: string }[] }>(ask(`${path}/messages`));
    const others = await ask(path, { as: 'ann' });
    const renamed = await read(send('PATCH', path, { title: 'Draw' }));
    const archived = await ask(`${path}/archive`, { method: 'POST' });
    const deleted = await ask(path, { method: 'DELETE' });

    expect([started.status, repeated.status]).toEqual([201, 409]);
    expect(events).toMatch(/^event: question\n[^]*event: delta\n[^]*event: answer\n/);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
    expect(others.status).toBe(403);
    expect(renamed).toMatchObject({ title: 'Draw' });
    expect([archived.status, deleted.status]).toEqual([200, 204]);
    expect((await ask(path)).status).toBe(404);
  });

  it('3: resources are read, recommended and written by lists, each item with its own result', async () => {
    const { send, read } = await start(withRedis);
    const child = seededUuid('child', 0);
    const annsChild = seededUuid('child', 300);
    const batch = (name: string, body: object) =>
      read<{ results: Result[]; total_succeeded: number }>(
        send('POST', `/api/v1/batch/${name}`, body),
      );
    const group = { name: 'Newts', room: 'Pond', capacity: 8 };

    const got = await batch('get', {
      resource_type: 'children',
      ids: [child, annsChild],
      fields: ['id'],
    });
    const recommended = await batch('activities/recommendations', {
      child_ids: [child],
      max_recommendations: 2,
      filters: { weather: 'rain' },
    });
    const created = await batch('create', {
      resource_type: 'groups',
      items: [
        { request_id: 'good', data: group },
        { request_id: 'bad', data: {} },
      ],
    });
    const { id } = created.results[0]!;
    const updated = await batch('update', {
      resource_type: 'groups',
      items: [{ request_id: 'a', id, data: { room: 'Lake' } }],
    });
    const undone = await batch('delete', {
      resource_type: 'groups',
      all_or_nothing: true,
      items: [
        { request_id: 'a', id },
        { request_id: 'b', id: seededUuid('group', 12) },
      ],
    });
    const deleted = await batch('delete', {
      resource_type: 'groups',
      items: [{ request_id: 'a', id }],
    });

    const codes = ({ results }: { results: Result[] }) => results.map((one) => one.status_code);
    expect(got.results).toMatchObject([
      { data: { id: child }, status: 'success' },
      { data: null, status: 'error', status_code: 403 },
    ]);
    expect(recommended).toMatchObject({ total_succeeded: 1 });
    expect(codes(created)).toEqual([201, 422]);
    expect(codes(updated)).toEqual([200]);
    expect(codes(undone)).toEqual([424, 403]);
    expect(deleted).toMatchObject({ total_succeeded: 1 });
  });

  it('4: market data come from the cache, singly and by lists, until they are invalidated', async () => {
    const { ask, send, read } = await start(withRedis);
    const cacheOf = async (path: string) => (await ask(path)).headers.get('cache-status') ?? '';
    await ask('/api/history/AAPL?range=1w');

    const hit = await cacheOf('/api/history/AAPL?range=1w');
    const list = await read<{ results: { statusCode: number }[] }>(
      send('POST', '/api/quotes/batch', { symbols: ['AAPL', 'NONE9'] }),
    );
    const stats = await ask('/api/cache/stats', { as: 'admin' });
    const refused = await ask('/api/cache/stats');
    const removed = await read(ask('/api/cache?tags=history', { as: 'admin', method: 'DELETE' }));
    const miss = await cacheOf('/api/history/AAPL?range=1w');
    const own = await Promise.all(['/api/portfolio', '/api/watchlist'].map((path) => ask(path)));

    expect(hit).toContain('hit');
    expect(list.results.map(({ statusCode }) => statusCode)).toEqual([200, 404]);
    expect(await stats.json()).toMatchObject({
      sizes: { redis: withRedis ? expect.any(Object) : null },
    });
    expect(refused.status).toBe(403);
    expect(removed).toEqual({ removed: 1 });
    expect(miss).toContain('fwd=miss');
    expect(own.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('5: a batch and an analysis are answered later, with progress, and can be cancelled', async () => {
    const { ask, send, read } = await start(withRedis);
    const async = { headers: { prefer: 'respond-async' } };

    const accepted = await send('POST', '/batch', { requests: [get('/api/auth/me')] }, async);
    const location = accepted.headers.get('location')!;
    // Its events end when it does.
    const told = await (await ask(location, { headers: { accept: 'text/event-stream' } })).text();
    const analysis = await send('POST', '/api/charges/C-101199/analysis', {});
    const job = analysis.headers.get('location')!;
    await (await ask(`${job}/events`)).text();
    const slow = await send(
      'POST',
      '/batch',
      { requests: [get('/api/widgets/1?delay=10000')] },
      async,
    );
    const endless = slow.headers.get('location')!;
    const events = await ask(endless, { headers: { accept: 'text/event-stream' } });
    const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader();
    const first = (await reader.read()).value;
    const cancelled = await ask(endless, { method: 'DELETE' });
    let last = '';
    for (let read = await reader.read(); !read.done; read = await reader.read()) last += read.value;

    expect([accepted.status, analysis.status, slow.status]).toEqual([202, 202, 202]);
    expect(told).toContain('event: succeeded');
    expect(await read(ask(location))).toMatchObject({
      responses: [{ status: 200, body: { id: 'demo' } }],
    });
    expect(first).toContain('event: progress');
    expect(last).toContain('event: cancelled');
    expect(await read(ask(job))).toMatchObject({ state: 'succeeded', progress: 100 });
    expect(cancelled.status).toBe(200);
    expect((await ask(endless)).status).toBe(410);
  });

  it('6: a write is announced by both roads, is in the audit trail, and is counted', async () => {
    const { ask, send, read, tokenOf, url } = await start(withRedis);
    const headers = { authorization: `Bearer ${await tokenOf('demo')}` };
    const socket = new WebSocket(`${url.replace('http', 'ws')}/events/socket`, { headers });
    await new Promise((resolve) => socket.once('open', resolve));
    const message = new Promise((resolve) => socket.once('message', resolve));
    const hearing = new AbortController();
    const stream = await ask('/events', { signal: hearing.signal });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();

    const written = await send(
      'POST',
      '/api/sessions',
      { id: 'told' },
      { headers: { 'x-request-id': 'r-1' } },
    );
    let events = '';
    while (!events.includes('data: ')) events += (await reader.read()).value ?? '';
    const heard = String(await message);
    hearing.abort();
    const { writes } = await read<{ writes: object[] }>(ask('/api/audit', { as: 'admin' }));
    const metrics = await (await ask('/metrics', { as: null })).text();
    const ready = await read(ask('/readyz', { as: null }));

    expect(written.status).toBe(201);
    expect(written.headers.get('ratelimit')).toMatch(/^"items";r=\d+;t=\d+$/);
    expect(heard).toContain('session-told');
    expect(events).toContain(`data: ${heard}`);
    expect(writes[0]).toMatchObject({ user: 'demo', requestId: 'r-1', status: 201 });
    expect(metrics).toContain(
      'http_requests_total{route="/api/sessions",method="POST",status="201",via="single"} 1',
    );
    expect(ready).toMatchObject({ status: 'ready', redis: withRedis ? 'up' : 'not used' });
  });
});

describe('Redis killed, and started again', () => {
  it('costs neither market data, limits nor jobs, and all three go back to it', async () => {
    const { ask, send, read } = await start(true);
    const link = server!.services.redis!;
    const later = () =>
      send(
        'POST',
        '/batch',
        { requests: [get('/api/auth/me')] },
        { headers: { prefer: 'respond-async' } },
      );
    /** What works of each, and where it is then. */
    const probe = async (symbol: string) => {
      const quote = await ask(`/api/history/${symbol}?range=1w`);
      const accepted = await later();
      const location = accepted.headers.get('location')!;
      const told = await (await ask(location, { headers: { accept: 'text/event-stream' } })).text();
      const left = /r=(\d+)/.exec(quote.headers.get('ratelimit') ?? '')?.[1];
      const id = location.split('/').at(-1)!;
      return {
        quote: quote.status,
        job: told.includes('event: succeeded'),
        left: Number(left),
        id,
      };
    };
    const keys = async (pattern: string) => (await link.client.keys(pattern)).length;
    const before = await probe('AAPL');
    const left = new Promise<void>((resolve) => link.client.once('close', () => resolve()));

    await redis!.stop();
    await left;
    const away = await probe('MSFT');
    const known = (await ask('/api/history/AAPL?range=1w')).headers.get('cache-status');
    const readyAway = await read(ask('/readyz', { as: null }));
    await redis!.restart();
    await whenUp(link);
    const back = await probe('NVDA');

    for (const one of [before, away, back]) expect(one).toMatchObject({ quote: 200, job: true });
    expect(before.left).toBeGreaterThan(0);
    expect(away.left).toBeGreaterThan(0);
    expect(known).toContain('hit');
    expect(readyAway).toMatchObject({ redis: 'down' });
    // It has started empty: what is there has come since.
    expect(await keys('carpool:cache:history:NVDA*')).toBe(1);
    expect(await keys('limit:items:demo')).toBe(1);
    expect(await keys(`carpool:job:${back.id}`)).toBe(1);
  });
});
