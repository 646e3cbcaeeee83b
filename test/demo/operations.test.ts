import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../demo/server/config.ts';
import { aDemoServer } from '../support/a-demo-server.ts';
import { aRunningServer, type RunningDemo } from '../support/a-running-server.ts';

const running: RunningDemo[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig()).toMatchObject({
      DATABASE: ':memory:',
      LOG_LEVEL: 'warn',
      CORS_ORIGINS: [],
    });
    expect(readConfig({ REDIS_URL: '' }).REDIS_URL).toBeUndefined();
  });

  it.each([
    [
      { REDIS_URL: 'http://me:secret@localhost' },
      'REDIS_URL must be a URL with redis: or rediss:, got (secret)',
    ],
    [{ LOG_LEVEL: 'loud' }, "got 'loud'"],
    [{ ITEM_LIMIT: '1e3' }, "ITEM_LIMIT must be a whole number, got '1e3'"],
    [{ UPSTREAM_FAILURES: '2' }, "UPSTREAM_FAILURES must be a number from 0 to 1, got '2'"],
    [{ CORS_ORIGINS: 'https://a.test,b' }, "got 'https://a.test,b'"],
    [{ JWT_SECRET: 'short' }, 'JWT_SECRET must have at least 32 characters, got (secret)'],
  ])('%j is refused by name', (env, message) => {
    expect(() => readConfig(env)).toThrow(message);
    expect(() => readConfig(env)).toThrow(RangeError);
  });
});

it('a server that shares Redis, but not its secret, says so', async () => {
  const { services, lines } = aDemoServer({ REDIS_URL: 'redis://127.0.0.1:1' });
  await services.close();

  expect(lines.map(({ msg }) => msg)).toContainEqual(
    expect.stringContaining('JWT_SECRET is not set'),
  );
});

describe('health', () => {
  it('the process lives', async () => {
    const response = await aDemoServer().ask('/healthz', { as: null });

    expect(await response.json()).toEqual({ status: 'ok' });
  });

  it('the server is ready until it is told to go', async () => {
    const server = aDemoServer();

    const before = await server.ask('/readyz', { as: null });
    server.services.leave();
    const after = await server.ask('/readyz', { as: null });

    expect(before.status).toBe(200);
    expect(await before.json()).toEqual({ status: 'ready', database: 'up', redis: 'not used' });
    expect(after.status).toBe(503);
    expect(await after.json()).toMatchObject({ status: 'leaving' });
  });

  it('without its database it is not ready', async () => {
    const server = aDemoServer();
    server.services.database.close();

    const response = await server.ask('/readyz', { as: null });

    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ database: 'down' });
  });

  it.each<[string, string, string | null]>([
    ['a request', '/api/widgets/1?delay=300', null],
    ['a batch', '/batch', '/api/widgets/1?delay=300'],
  ])('%s that is in flight when it goes is finished', async (_, path, item) => {
    const server = await aRunningServer();
    running.push(server);
    const body = JSON.stringify({ requests: [{ id: 'a', method: 'GET', url: item }] });
    const headers = { 'content-type': 'application/json' };

    const answer = server.ask(path, item === null ? {} : { method: 'POST', headers, body });
    const open = async (): Promise<number> =>
      ((await (await server.ask('/api/stats')).json()) as { open: number }).open;
    while ((await open()) === 0);
    const closed = server.close();

    expect((await answer).status).toBe(200);
    expect(JSON.stringify(await (await answer).json())).toContain('"id":1,');
    await closed;
    await expect(server.ask('/healthz', { as: null })).rejects.toThrow('fetch failed');
  });
});

describe('metrics', () => {
  it('count requests by route, method, status and road, never by URL', async () => {
    const server = aDemoServer();
    await server.ask('/api/notes/one');
    await server.ask('/api/notes/two');
    await server.send('POST', '/batch', {
      requests: [{ id: 'a', method: 'GET', url: '/api/notes/three' }],
    });

    const response = await server.ask('/metrics', { as: null });
    const text = await response.text();

    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(text).toContain(
      'http_requests_total{route="/api/notes/:id",method="GET",status="404",via="single"} 2',
    );
    expect(text).toContain(
      'http_requests_total{route="/api/notes/:id",method="GET",status="404",via="batch"} 1',
    );
    expect(text).not.toContain('three');
    expect(text).toContain('http_request_duration_seconds_bucket');
  });
});

describe('the audit trail', () => {
  const writesOf = async (server: ReturnType<typeof aDemoServer>, query = '') => {
    const response = await server.ask(`/api/audit${query}`, { as: 'admin' });
    return ((await response.json()) as { writes: Record<string, unknown>[] }).writes;
  };

  it('has who has written what, when, and with what result, the latest first', async () => {
    const server = aDemoServer();
    await server.send('POST', '/api/notes', { text: 'one' }, { as: 'ann' });
    await server.ask('/api/notes', { as: 'ann' });
    await server.ask('/api/notes/7', {
      as: 'bob',
      method: 'DELETE',
      headers: { 'x-request-id': 'r1', 'x-correlation-id': 'c1' },
    });

    const writes = await writesOf(server);

    expect(writes).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        user: 'bob',
        method: 'DELETE',
        path: '/api/notes/7',
        status: 404,
        requestId: 'r1',
        correlationId: 'c1',
      },
      expect.objectContaining({ user: 'ann', method: 'POST', path: '/api/notes', status: 201 }),
    ]);
  });

  it('has the items of batches', async () => {
    const server = aDemoServer();
    await server.send('POST', '/batch', {
      requests: [{ id: 'a', method: 'DELETE', url: '/api/notes/7' }],
    });

    expect(await writesOf(server)).toMatchObject([{ method: 'DELETE', path: '/api/notes/7' }]);
  });

  it('can be asked for one user, and for so many', async () => {
    const server = aDemoServer();
    for (const as of ['ann', 'bob', 'ann']) {
      await server.send('POST', '/api/notes', { text: 'a' }, { as });
    }

    expect(await writesOf(server, '?user=ann')).toHaveLength(2);
    expect(await writesOf(server, '?limit=1')).toHaveLength(1);
  });

  it.each(['limit=0', 'limit=1001', 'limit=x', 'user='])('?%s is 400', async (query) => {
    const response = await aDemoServer().ask(`/api/audit?${query}`, { as: 'admin' });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ pointer: `#/${query.split('=')[0]!}` }],
    });
  });

  it('is for administrators', async () => {
    const response = await aDemoServer().ask('/api/audit', { as: 'ann' });

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      detail: "This is for administrators; you are 'ann'.",
    });
  });
});

describe('other origins', () => {
  const origin = 'https://app.test';

  it('that are listed may call, with credentials, and see what they need', async () => {
    const server = aDemoServer({ CORS_ORIGINS: [origin] });

    const { headers } = await server.ask('/api/notes', { headers: { origin } });
    const preflight = await server.ask('/api/notes', {
      as: null,
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('access-control-expose-headers')).toContain('retry-after');
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
  });

  it.each([
    ['/batch', {}, 200],
    ['/api/batch', {}, 200],
    ['/batch', { prefer: 'respond-async' }, 202],
  ])(
    'that are listed may send batches to %s with %j; others may not',
    async (path, more, status) => {
      const server = aDemoServer({ CORS_ORIGINS: [origin] });
      const batch = { requests: [{ id: 'a', method: 'GET', url: '/api/notes' }] };
      const sendFrom = async (from: string) =>
        (await server.send('POST', path, batch, { headers: { ...more, origin: from } })).status;

      expect(await sendFrom(origin)).toBe(status);
      expect(await sendFrom('https://evil.test')).toBe(403);
    },
  );

  it('others are told nothing', async () => {
    const server = aDemoServer({ CORS_ORIGINS: [origin] });

    const { headers } = await server.ask('/api/notes', {
      headers: { origin: 'https://evil.test' },
    });

    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('compression', () => {
  it('is for plain answers too', async () => {
    const { headers } = await aDemoServer().ask('/api/widgets/1', {
      headers: { 'accept-encoding': 'gzip' },
    });

    expect(headers.get('content-encoding')).toBe('gzip');
  });

  it('lets each line of a batch through as soon as it is there', async () => {
    const server = aDemoServer();
    const controller = new AbortController();
    const requests = ['/api/widgets/1', '/api/widgets/2?delay=10000'].map((url) => {
      return { id: url, method: 'GET', url };
    });

    const response = await server.send(
      'POST',
      '/batch',
      { requests },
      {
        headers: { accept: 'application/x-ndjson', 'accept-encoding': 'gzip' },
        signal: controller.signal,
      },
    );
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('\n')) text += (await reader.read()).value ?? '';
    const counts = await (await server.ask('/api/stats')).json();
    controller.abort();

    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(text.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(text)).toMatchObject({ id: '/api/widgets/1', status: 200 });
    // The rest of it is still to come.
    expect(counts).toMatchObject({ batches: 1, open: 1 });
  });
});

describe('what fails unexpectedly', () => {
  it('is 500 with the id under which the log has the reason, and says no more', async () => {
    const server = aDemoServer();
    server.services.database.exec('DROP TABLE audit');

    const response = await server.ask('/api/audit', {
      as: 'admin',
      headers: { 'x-correlation-id': 'c1' },
    });

    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).toContain('under c1');
    expect(text).not.toContain('audit');
    expect(server.lines).toContainEqual(
      expect.objectContaining({ msg: 'failed', correlationId: 'c1' }),
    );
  });
});
