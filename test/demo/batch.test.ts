import { describe, expect, it } from 'vitest';
import { readConfig } from '../../demo/server/config.ts';
import { aBatchOf, orderOf } from '../support/a-batch-of.ts';
import { aDemoServer, type DemoServer } from '../support/a-demo-server.ts';

const kept = '/api/widgets/1?maxAge=60';

const valueOf = async (
  { services }: DemoServer,
  metric: 'items' | 'deduplicated' | 'limited',
  label = '',
): Promise<number | undefined> => {
  const { values } = await services.metrics[metric].get();
  return values.find(({ labels }) => Object.values(labels).join() === label)?.value;
};

describe('POST /batch', () => {
  it('keeps what may be kept, and says how often that helped', async () => {
    const server = aDemoServer();

    const first = await aBatchOf(server, [kept, '/api/widgets/2']);
    const second = await aBatchOf(server, [kept, '/api/widgets/2']);

    expect(first.stats).toMatchObject({ cacheHits: 0 });
    expect(second.stats).toMatchObject({ total: 2, cacheHits: 1 });
    expect(second.responses[0]!.body).toEqual(first.responses[0]!.body);
    expect(second.responses[0]!.headers['cache-status']).toContain('; hit');
  });

  it('keeps users apart, also where an item has a token of its own', async () => {
    const server = aDemoServer();
    await aBatchOf(server, [kept], { as: 'ann' });

    const authorization = `Bearer ${await server.tokenOf('bob')}`;
    const others = await aBatchOf(server, [{ url: kept, headers: { authorization } }], {
      as: 'ann',
    });
    const own = await aBatchOf(server, [kept], { as: 'ann' });

    expect(others.stats).toMatchObject({ cacheHits: 0 });
    expect(own.stats).toMatchObject({ cacheHits: 1 });
  });

  it('a hit needs a token, counts as an item, and has an id of its own', async () => {
    const server = aDemoServer({ ITEM_LIMIT: 2 });
    const [first] = (await aBatchOf(server, [kept])).responses;
    const [hit] = (await aBatchOf(server, [kept])).responses;

    const [third] = (await aBatchOf(server, [kept])).responses;
    const nobody = await aBatchOf(server, [{ url: kept, headers: { authorization: 'Bearer x' } }]);

    expect(hit!.headers['cache-status']).toContain('; hit');
    expect(hit!.headers['x-request-id']).not.toBe(first!.headers['x-request-id']);
    expect(third!.status).toBe(429);
    expect(nobody.responses[0]!.status).toBe(401);
  });

  it('an announcement takes back what is kept', async () => {
    const server = aDemoServer();
    await aBatchOf(server, [kept]);

    server.services.bus.announce({ tags: ['widget-1'] });

    expect((await aBatchOf(server, [kept])).stats).toMatchObject({ cacheHits: 0 });
  });

  it('runs identical items once', async () => {
    const server = aDemoServer();

    const { stats, responses } = await aBatchOf(server, [kept, kept, kept]);

    expect(stats).toMatchObject({ total: 3, succeeded: 3, deduplicated: 2 });
    expect(responses).toHaveLength(3);
    expect(await valueOf(server, 'deduplicated')).toBe(2);
  });

  it('starts items by the priority of their paths, and by what they say themselves', async () => {
    const server = aDemoServer({ BATCH_CONCURRENCY: 1 });

    const order = await orderOf(server, [
      '/api/archive/1',
      '/api/widgets/1',
      '/api/messages',
      '/api/auth/me',
      { url: '/api/widgets/2', headers: { priority: 'u=0' } },
    ]);

    expect(order).toEqual(['3', '4', '2', '1', '0']);
  });

  it('a failed item tells what was asked, and the id that the log has it under', async () => {
    const server = aDemoServer();

    const { responses } = await aBatchOf(server, ['/api/notes/7?a=b', '/api/widgets/1'], {
      headers: { 'x-correlation-id': 'trip-7' },
    });

    expect(responses.find(({ id }) => id === '0')).toMatchObject({
      status: 404,
      body: {
        title: 'No such note',
        correlationId: 'trip-7',
        request: { method: 'GET', url: '/api/notes/7?a=b' },
      },
    });
    expect(server.lines).toContainEqual(
      expect.objectContaining({ correlationId: 'trip-7', status: 404, via: 'batch' }),
    );
  });

  it.each([
    ['is refused', { url: '//elsewhere/' }, 400],
    ['is for nothing', { url: '/api/none' }, 404],
    ['is for nothing of the API', { url: '/docs' }, 404],
    ['is a batch of the other shape', { method: 'POST', url: '/api/batch', body: {} }, 400],
    ['is no request of this API', { method: 'PUT', url: '/api/notes/1', body: {} }, 404],
  ])('so does an item that %s', async (_, item, status) => {
    const server = aDemoServer();

    const { responses } = await aBatchOf(server, [item], {
      headers: { 'x-correlation-id': 'trip-7' },
    });

    const { method = 'GET', url } = item as { readonly method?: string; readonly url: string };
    expect(responses[0]).toMatchObject({
      status,
      body: { correlationId: 'trip-7', request: { method, url } },
    });
  });

  it('an item that breaks breaks alone, and its reason is in the log alone', async () => {
    const server = aDemoServer();
    const token = await server.tokenOf('admin');
    server.services.database.close();

    const { responses } = await aBatchOf(server, ['/api/audit', kept], {
      as: null,
      headers: { authorization: `Bearer ${token}`, 'x-correlation-id': 'trip-8' },
    });

    const broken = responses.find(({ id }) => id === '0')!;
    expect(broken).toMatchObject({ status: 500, body: { correlationId: 'trip-8' } });
    expect(JSON.stringify(broken)).not.toContain('database');
    expect(responses.find(({ id }) => id === '1')!.status).toBe(200);
    expect(server.lines).toContainEqual(
      expect.objectContaining({ msg: 'failed', correlationId: 'trip-8', level: 50 }),
    );
  });

  it('its answer has the same correlation id as its items', async () => {
    const server = aDemoServer();

    const response = await server.send('POST', '/batch', {
      requests: [{ id: '0', method: 'GET', url: kept }],
    });

    const { responses } = (await response.json()) as { responses: { headers: object }[] };
    expect(responses[0]!.headers).toMatchObject({
      'x-correlation-id': response.headers.get('x-correlation-id'),
    });
  });

  it.each(['/batch', '/api/batch'])('an item may not be a batch: %s is 400', async (url) => {
    const body = { requests: [] };

    const { responses } = await aBatchOf(aDemoServer(), [{ method: 'POST', url, body }, kept]);

    expect(responses.find(({ id }) => id === '0')).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('batch inside a batch') },
    });
    expect(responses.find(({ id }) => id === '1')!.status).toBe(200);
  });

  it('counts sizes, outcomes and what is deduplicated', async () => {
    const server = aDemoServer();

    await aBatchOf(server, [kept, kept, '/api/widgets/none']);

    const text = await (await server.ask('/metrics')).text();
    expect(text).toContain('batch_items_bucket{le="2",shape="batch"} 0');
    expect(text).toContain('batch_items_bucket{le="5",shape="batch"} 1');
    expect(text).toContain('batch_items_total{outcome="succeeded"} 2');
    expect(text).toContain('batch_items_total{outcome="failed"} 1');
    expect(text).toContain('batch_items_deduplicated_total 1');
    expect(text).toContain('cache_lookups_total{cache="responses",outcome="miss"} 1');
  });

  it('refused as a whole is told to the log, with the reason', async () => {
    const server = aDemoServer();

    const response = await server.send('POST', '/batch', { requests: {} });

    expect(response.status).toBe(400);
    expect(server.lines).toContainEqual(
      expect.objectContaining({ msg: 'batch refused', status: 400 }),
    );
  });

  it('beyond the limit of batches is 429 and says when to try again', async () => {
    const server = aDemoServer({ BATCH_LIMIT: 1 });
    await aBatchOf(server, [kept]);

    const response = await server.send('POST', '/batch', { requests: [] });

    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await valueOf(server, 'limited', 'batches')).toBe(1);
  });

  it('items beyond their limit fail alone, each counted', async () => {
    const server = aDemoServer({ ITEM_LIMIT: 3, BATCH_CONCURRENCY: 1 });

    const { responses } = await aBatchOf(
      server,
      [1, 2, 3, 4, 5].map((id) => `/api/widgets/${id}`),
    );

    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
  });
});

describe('what can be turned off', () => {
  it('BATCH_CACHE', async () => {
    const server = aDemoServer({ BATCH_CACHE: false });
    await aBatchOf(server, [kept]);

    expect((await aBatchOf(server, [kept])).stats).toMatchObject({ cacheHits: 0 });
  });

  it('BATCH_DEDUPE', async () => {
    const server = aDemoServer({ BATCH_DEDUPE: false });

    const { stats } = await aBatchOf(server, ['/api/widgets/1', '/api/widgets/1']);

    expect(stats).toMatchObject({ total: 2, deduplicated: 0 });
  });

  it.each([
    ['on', true, ['1', '0']],
    ['off', false, ['0', '1']],
  ])('BATCH_PRIORITY: %s', async (_, isOn, order) => {
    const server = aDemoServer({ BATCH_PRIORITY: isOn, BATCH_CONCURRENCY: 1 });

    expect(await orderOf(server, ['/api/widgets/1', '/api/auth/me'])).toEqual(order);
  });

  it.each([
    ['on', true, 3],
    ['off', false, 1],
  ])('BATCH_RETRY: %s', async (_, isOn, attempts) => {
    const server = aDemoServer({ BATCH_RETRY: isOn });
    server.services.leave();

    await aBatchOf(server, ['/readyz']);

    const asked = server.lines.filter(({ route }) => route === '/readyz');
    expect(asked).toHaveLength(attempts);
  });
});

describe('the configuration', () => {
  it('runs 20 items at once, with everything on', () => {
    expect(readConfig()).toMatchObject({
      BATCH_CONCURRENCY: 20,
      BATCH_DEDUPE: true,
      BATCH_PRIORITY: true,
      BATCH_RETRY: true,
      BATCH_CACHE: true,
    });
  });

  it('takes off and on', () => {
    expect(readConfig({ BATCH_CACHE: 'off', BATCH_RETRY: 'on' })).toMatchObject({
      BATCH_CACHE: false,
      BATCH_RETRY: true,
    });
  });

  it.each([
    ['BATCH_CACHE', 'no'],
    ['BATCH_DEDUPE', '1'],
    ['BATCH_CONCURRENCY', '0'],
    ['BATCH_CONCURRENCY', '1001'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`${name} .*got '${value}'`));
  });
});
