import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aDemoServer } from '../support/a-demo-server.ts';

interface Statistics {
  readonly total: { readonly hitRate: number; readonly hits: Readonly<Record<string, number>> };
  readonly kinds: Readonly<Record<string, { readonly misses: number; readonly hitRate: number }>>;
  readonly sizes: {
    readonly memory: Readonly<Record<string, { readonly entries: number }>>;
    readonly redis: unknown;
  };
  readonly upstream: { readonly calls: number };
}

function aServer() {
  const server = aDemoServer();
  const statistics = async () =>
    (await (await server.ask('/api/cache/stats', { as: 'admin' })).json()) as Statistics;
  const invalidate = (query: string, as = 'admin') =>
    server.ask(`/api/cache?${query}`, { as, method: 'DELETE' });
  const statusOf = async (path: string) => (await server.ask(path)).headers.get('cache-status');
  return { ...server, statistics, invalidate, statusOf };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-02T15:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('GET /api/cache/stats', () => {
  it('counts look-ups by level and by kind, and what there is', async () => {
    const { ask, statistics } = aServer();
    await ask('/api/quotes/AAPL');
    await ask('/api/quotes/AAPL');
    await ask('/api/news');

    const seen = await statistics();

    expect(seen.total).toMatchObject({
      hits: { memory: 1, redis: 0, sqlite: 0 },
      misses: 2,
      hitRate: 0.3333,
    });
    expect(seen.kinds['quote']).toMatchObject({ misses: 1, writes: 1, hitRate: 0.5 });
    expect(seen.kinds['analysis']).toMatchObject({ misses: 0, hitRate: 0 });
    expect(seen.sizes.memory['quote']?.entries).toBe(1);
    expect(seen.sizes.redis).toBeNull();
    expect(seen.upstream).toEqual({ calls: 2, failures: 0, refused: 0 });
  });

  it('is not to be stored', async () => {
    const response = await aServer().ask('/api/cache/stats', { as: 'admin' });

    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['a user', 'demo', 403],
    ['nobody', null, 401],
  ])('is not for %s', async (_, as, status) => {
    expect((await aServer().ask('/api/cache/stats', { as })).status).toBe(status);
  });
});

describe('DELETE /api/cache', () => {
  it('by tags, has them loaded anew', async () => {
    const { ask, invalidate, statusOf } = aServer();
    for (const symbol of ['AAPL', 'MSFT', 'NVDA']) await ask(`/api/quotes/${symbol}`);

    const response = await invalidate('tags=quote-AAPL,quote-MSFT');

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ removed: 2 });
    expect(await statusOf('/api/quotes/AAPL')).toContain('fwd=miss');
    expect(await statusOf('/api/quotes/MSFT')).toContain('fwd=miss');
    expect(await statusOf('/api/quotes/NVDA')).toContain('hit');
  });

  it('by pattern, has what it describes loaded anew', async () => {
    const { ask, invalidate, statusOf } = aServer();
    await ask('/api/quotes/AAPL');
    await ask('/api/fundamentals/AAPL');

    expect(await (await invalidate('pattern=*:AAPL')).json()).toEqual({ removed: 2 });

    expect(await statusOf('/api/quotes/AAPL')).toContain('fwd=miss');
  });

  it('tells those who listen which tags are concerned', async () => {
    const { services, ask, invalidate } = aServer();
    const heard = vi.fn<(announcement: object) => void>();
    services.bus.listen(heard);
    await ask('/api/quotes/AAPL');

    await invalidate('pattern=quote:*');

    expect(heard).toHaveBeenCalledWith({ tags: ['quote-AAPL'], patterns: ['quote:*'] });
  });

  it.each([
    ['neither tags nor a pattern', '', 'either tags or pattern'],
    ['both', 'tags=quotes&pattern=*', 'either tags or pattern'],
    ['a tag of something else', 'tags=quotes,notes', "'notes'"],
    ['an empty tag', 'tags=', "''"],
    ['tags that are too long', `tags=${'quotes,'.repeat(300)}`, '#/tags'],
    ['an empty pattern', 'pattern=', '#/pattern'],
    ['a pattern with brackets', 'pattern=[a]', '#/pattern'],
    ['a pattern that is too long', `pattern=${'a'.repeat(201)}`, '#/pattern'],
  ])('with %s is 400 and says so', async (_, query, detail) => {
    const { ask, invalidate, statusOf } = aServer();
    await ask('/api/quotes/AAPL');

    const response = await invalidate(query);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining(detail) });
    expect(await statusOf('/api/quotes/AAPL')).toContain('hit');
  });

  it('is for administrators', async () => {
    const { ask, invalidate, statusOf } = aServer();
    await ask('/api/quotes/AAPL');

    expect((await invalidate('pattern=*', 'demo')).status).toBe(403);

    expect(await statusOf('/api/quotes/AAPL')).toContain('hit');
  });
});
