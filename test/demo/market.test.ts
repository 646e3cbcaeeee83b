import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Config } from '../../demo/server/config.ts';
import { aDemoServer } from '../support/a-demo-server.ts';

/** A Monday in a session. */
const start = Date.parse('2026-03-02T15:00:00Z');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

const callsOf = ({ services }: ReturnType<typeof aDemoServer>) =>
  services.market.upstreamCounts().calls;

/** The provider has been asked; on timers that stand still, the turns of the event loop go on. */
async function whenAsked(server: ReturnType<typeof aDemoServer>): Promise<void> {
  while (callsOf(server) === 0) await new Promise((resolve) => void setImmediate(resolve));
}

const paths = [
  ['/api/quotes/AAPL', 300, 'quotes, quote-AAPL'],
  ['/api/fundamentals/AAPL', 86_400, 'fundamentals, fundamentals-AAPL'],
  ['/api/history/AAPL?range=1w', 3_600, 'history, history-AAPL'],
  ['/api/news?symbol=AAPL', 1_800, 'news, news-AAPL'],
  ['/api/news', 1_800, 'news, news-latest'],
] as const;

describe.each(paths)('GET %s', (path, seconds, tags) => {
  it('may be kept for what is left of its time, under its tags', async () => {
    const server = aDemoServer();

    const first = await server.ask(path);
    pass(100);
    const second = await server.ask(path);

    expect(first.status).toBe(200);
    expect(first.headers.get('cache-control')).toBe(`private, max-age=${seconds}`);
    expect(first.headers.get('cache-status')).toBe(`carpool; fwd=miss; stored; ttl=${seconds}`);
    expect(first.headers.get('cache-tag')).toBe(tags);
    expect(second.headers.get('cache-control')).toBe(`private, max-age=${seconds - 100}`);
    expect(second.headers.get('cache-status')).toBe(
      `carpool; hit; ttl=${seconds - 100}; detail=memory`,
    );
    expect(await second.json()).toEqual(await first.json());
    expect(callsOf(server)).toBe(1);
  });

  it('is fetched anew when its time is over', async () => {
    const server = aDemoServer();
    await server.ask(path);
    pass(seconds);

    const response = await server.ask(path);

    expect(response.headers.get('cache-status')).toContain('fwd=miss');
    expect(callsOf(server)).toBe(2);
  });

  it('is 304 to who has it, with its fields', async () => {
    const server = aDemoServer();
    const etag = (await server.ask(path)).headers.get('etag') ?? '';

    const response = await server.ask(path, { headers: { 'if-none-match': etag } });

    expect(response.status).toBe(304);
    expect(response.headers.get('cache-control')).toBe(`private, max-age=${seconds}`);
    expect(response.headers.get('cache-tag')).toBe(tags);
    expect(response.headers.get('cache-status')).toContain('detail=memory');
  });

  it('of a hundred at once, one asks the provider', async () => {
    const server = aDemoServer();
    const { cache } = server.services;
    const { lookUp } = cache;
    let come = 0;
    const all = Promise.withResolvers<void>();
    vi.spyOn(cache, 'lookUp').mockImplementation((kind, subject, load) => {
      if (++come === 100) all.resolve();
      // Over a socket they come one by one: the first to come has the others to wait for.
      return lookUp(kind, subject, () => all.promise.then(load));
    });

    const responses = await Promise.all(Array.from({ length: 100 }, () => server.ask(path)));

    expect(responses.every(({ status }) => status === 200)).toBe(true);
    expect(callsOf(server)).toBe(1);
    const collapsed = responses.filter((response) =>
      response.headers.get('cache-status')?.includes('collapsed'),
    );
    expect(collapsed).toHaveLength(99);
  });

  it.each<[string, Partial<Config>, number]>([
    ['fails', { UPSTREAM_FAILURES: 1 }, 502],
    ['is used up', { UPSTREAM_QUOTA_PER_MINUTE: 0 }, 503],
  ])('when the provider %s, it is %s', async (_, config, status) => {
    const server = aDemoServer(config);

    const response = await server.ask(path);

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('when the provider fails and it is stale, that is better than nothing, and not kept', async () => {
    // One call a minute, then no more.
    const server = aDemoServer({ UPSTREAM_QUOTA_PER_MINUTE: 1 });
    const first = await server.ask(path);
    pass(seconds);
    await server.ask('/api/quotes/MSFT');

    const response = await server.ask(path);

    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('private, max-age=0');
    expect(response.headers.get('cache-status')).toMatch(/^carpool; fwd=stale; ttl=-?0; detail=/);
    expect(await response.json()).toEqual(await first.json());
  });

  it('needs a user', async () => {
    expect((await aDemoServer().ask(path, { as: null })).status).toBe(401);
  });
});

describe('the provider’s quota', () => {
  it('says when to try again', async () => {
    const server = aDemoServer({ UPSTREAM_QUOTA_PER_MINUTE: 0 });
    pass(12);

    const response = await server.ask('/api/quotes/AAPL');

    expect(response.headers.get('retry-after')).toBe('48');
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('in 48 s') });
  });

  it('is new each minute', async () => {
    const server = aDemoServer({ UPSTREAM_QUOTA_PER_MINUTE: 1 });
    await server.ask('/api/quotes/AAPL');
    expect((await server.ask('/api/quotes/MSFT')).status).toBe(503);
    pass(60);

    expect((await server.ask('/api/quotes/MSFT')).status).toBe(200);
  });
});

describe('a provider that does not answer', () => {
  it('is given up after 10 s with 504', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: start });
    const server = aDemoServer({ UPSTREAM_LATENCY_MS: 60_000 });
    let isAnswered = false;
    const asked = server.ask('/api/quotes/AAPL').finally(() => {
      isAnswered = true;
    });
    await whenAsked(server);

    await vi.advanceTimersByTimeAsync(9_999);
    expect(isAnswered).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    const response = await asked;
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({
      title: 'The provider took too long',
      detail: expect.stringContaining('10 s'),
    });
  });

  it('does not hold up the server’s end', async () => {
    const server = aDemoServer({ UPSTREAM_LATENCY_MS: 60_000 });
    const asked = server.ask('/api/quotes/AAPL');
    await whenAsked(server);

    server.services.market.close();

    expect((await asked).status).toBe(502);
  });
});

describe('a symbol that there isn’t', () => {
  it.each([
    '/api/quotes/NONE9',
    '/api/quotes/aapl',
    '/api/quotes/A%20B',
    '/api/fundamentals/NONE9',
    '/api/history/NONE9',
    '/api/news?symbol=NONE9',
  ])('is 404 at %s, and costs no call', async (path) => {
    const server = aDemoServer();

    const response = await server.ask(path);

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('AAPL') });
    expect(callsOf(server)).toBe(0);
  });
});

it('a symbol of more than 100 characters is 400', async () => {
  const response = await aDemoServer().ask(`/api/quotes/${'A'.repeat(101)}`);

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ pointer: '#/symbol' }] });
});

describe('GET /api/history/:symbol', () => {
  const daysOf = async (query: string) => {
    const response = await aDemoServer().ask(`/api/history/AAPL${query}`);
    const { from, to, candles } = (await response.json()) as {
      from: string;
      to: string;
      candles: { date: string }[];
    };
    return { from, to, dates: candles.map(({ date }) => date) };
  };

  it('has a candle for each trading day from one day to the other, both included', async () => {
    expect(await daysOf('?from=2026-02-19&to=2026-02-24')).toEqual({
      from: '2026-02-19',
      to: '2026-02-24',
      dates: ['2026-02-19', '2026-02-20', '2026-02-23', '2026-02-24'],
    });
  });

  it.each([
    ['', '2026-01-31'],
    ['?range=1w', '2026-02-23'],
    ['?range=3mo', '2025-12-01'],
    ['?range=1y', '2025-03-02'],
    ['?range=5y', '2021-03-02'],
  ])('%s begins on %s and ends today', async (query, from) => {
    expect(await daysOf(query)).toMatchObject({ from, to: '2026-03-02' });
  });

  it('without a to, it goes up to today', async () => {
    expect((await daysOf('?from=2026-02-27')).dates).toEqual(['2026-02-27', '2026-03-02']);
  });

  it('has nothing of days to come', async () => {
    expect((await daysOf('?from=2026-03-01&to=2026-03-31')).dates).toEqual(['2026-03-02']);
  });

  it.each([
    ['a from after the to', 'from=2026-02-02&to=2026-02-01', 'from must not be after 2026-02-01'],
    ['a from after today', 'from=2026-03-03', 'from must not be after 2026-03-02'],
    ['a to alone', 'to=2026-02-01', 'to needs a from'],
    ['a range beside them', 'from=2026-02-02&range=1w', 'either from and to, or range'],
    ['more than five years', 'from=2020-01-01&to=2026-01-01', 'at most 1830 days'],
    ['no date', 'from=yesterday', '#/from'],
    ['a day that there isn’t', 'from=2026-02-30', '#/from'],
    ['an unknown range', 'range=2w', '#/range'],
  ])('%s is 400 and says so', async (_, query, detail) => {
    const response = await aDemoServer().ask(`/api/history/AAPL?${query}`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining(detail) });
  });

  it('different periods are different entries', async () => {
    const server = aDemoServer();
    await server.ask('/api/history/AAPL?range=1w');

    await server.ask('/api/history/AAPL?range=1mo');

    expect(callsOf(server)).toBe(2);
  });
});

describe('GET /api/news', () => {
  const articlesOf = async (query: string) => {
    const response = await aDemoServer().ask(`/api/news${query}`);
    return ((await response.json()) as { articles: { symbol: string; publishedAt: string }[] })
      .articles;
  };

  it('has twenty articles of anything, the latest first', async () => {
    const articles = await articlesOf('');

    const times = articles.map(({ publishedAt }) => publishedAt);
    expect(articles).toHaveLength(20);
    expect(times).toEqual([...times].sort().reverse());
    expect(Date.parse(times[0]!)).toBeLessThanOrEqual(start);
    expect(new Set(articles.map(({ symbol }) => symbol)).size).toBeGreaterThan(5);
  });

  it('with a symbol, has those of that alone', async () => {
    const articles = await articlesOf('?symbol=MSFT&limit=3');

    expect(articles.map(({ symbol }) => symbol)).toEqual(['MSFT', 'MSFT', 'MSFT']);
  });

  it('another limit is the same entry', async () => {
    const server = aDemoServer();
    await server.ask('/api/news?limit=1');
    await server.ask('/api/news?limit=100');

    expect(callsOf(server)).toBe(1);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'limit=1.5', 'symbol=', 'symbol=a b'])(
    '?%s is 400 and names it',
    async (query) => {
      const response = await aDemoServer().ask(`/api/news?${query}`);

      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        errors: [{ pointer: `#/${query.split('=')[0]}` }],
      });
    },
  );
});

describe('as items of a batch', () => {
  it('quotes are fetched in one call', async () => {
    const server = aDemoServer();

    const response = await server.send('POST', '/batch', {
      requests: ['AAPL', 'MSFT', 'NVDA'].map((symbol) => ({
        id: symbol,
        method: 'GET',
        url: `/api/quotes/${symbol}`,
      })),
    });

    const { responses } = (await response.json()) as { responses: { status: number }[] };
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(callsOf(server)).toBe(1);
  });
});

describe('warming', () => {
  it('fetches what most people watch, in one call of each kind', async () => {
    const server = aDemoServer();

    await server.services.market.warm();

    expect(callsOf(server)).toBe(2);
    for (const path of ['/api/quotes/AAPL', '/api/fundamentals/MSFT']) {
      expect((await server.ask(path)).headers.get('cache-status')).toContain('hit');
    }
    expect(server.lines).toContainEqual(expect.objectContaining({ warmed: 200, failed: 0 }));
  });

  it('chooses by the number of those who watch', async () => {
    const server = aDemoServer();
    const { database, market } = server.services;
    const rare = database
      .prepare(
        'SELECT symbol FROM instruments WHERE symbol NOT IN (SELECT symbol FROM watched) LIMIT 1',
      )
      .get()?.['symbol'];
    const insert = database.prepare('INSERT INTO watched VALUES (?, ?, ?)');
    for (let n = 0; n < 200; n++) insert.run(`fan-${n}`, String(rare), '2026-01-01T00:00:00.000Z');

    await market.warm();

    const response = await server.ask(`/api/quotes/${String(rare)}`);
    expect(response.headers.get('cache-status')).toContain('hit');
  });

  it('that fails is logged, and no more', async () => {
    const server = aDemoServer({ UPSTREAM_FAILURES: 1 });

    await server.services.market.warm();

    expect(server.lines).toContainEqual(
      expect.objectContaining({ level: 40, warmed: 0, failed: 200 }),
    );
  });
});
