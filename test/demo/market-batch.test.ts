import { describe, expect, it, vi } from 'vitest';
import { instruments } from '../../demo/server/market/instruments.ts';
import { aDemoServer } from '../support/a-demo-server.ts';

interface Batch {
  readonly results: readonly {
    readonly symbol: string;
    readonly status: string;
    readonly statusCode: number;
    readonly source?: string;
    readonly maxAgeSeconds?: number;
    readonly data?: { readonly articles?: readonly unknown[]; readonly from?: string };
    readonly error?: { readonly title: string };
  }[];
  readonly totalRequested: number;
  readonly totalSucceeded: number;
  readonly totalFailed: number;
}

const many = instruments.slice(0, 100).map(({ symbol }) => symbol);

const callsOf = ({ services }: ReturnType<typeof aDemoServer>) =>
  services.market.upstreamCounts().calls;

const read = async (response: Response) => (await response.json()) as Batch;

describe.each(['quotes', 'fundamentals', 'history', 'news'])('POST /api/%s/batch', (name) => {
  const path = `/api/${name}/batch`;

  it('has a result for each symbol, in order, from one call', async () => {
    const server = aDemoServer();

    const response = await server.send('POST', path, { symbols: many });

    const { results, ...totals } = await read(response);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(results.map(({ symbol }) => symbol)).toEqual(many);
    expect(results.every(({ statusCode }) => statusCode === 200)).toBe(true);
    expect(totals).toMatchObject({ totalRequested: 100, totalSucceeded: 100, totalFailed: 0 });
    expect(callsOf(server)).toBe(1);
  });

  it('has the same data as the single endpoint, from the same cache', async () => {
    const server = aDemoServer();
    const single = await server.ask(
      name === 'news' ? '/api/news?symbol=AAPL' : `/api/${name}/AAPL`,
    );

    const { results } = await read(await server.send('POST', path, { symbols: ['AAPL'] }));

    expect(results[0]).toMatchObject({ source: 'memory', isStale: false });
    expect(results[0]?.data).toEqual(await single.json());
    expect(callsOf(server)).toBe(1);
  });

  it('fetches what the cache lacks, and only that', async () => {
    const server = aDemoServer();
    await server.send('POST', path, { symbols: ['AAPL', 'MSFT'] });

    const { results } = await read(
      await server.send('POST', path, { symbols: ['AAPL', 'NVDA', 'MSFT'] }),
    );

    expect(results.map(({ source }) => source)).toEqual(['memory', 'upstream', 'memory']);
    expect(callsOf(server)).toBe(2);
  });

  it('an unknown symbol fails alone', async () => {
    const { results, totalFailed } = await read(
      await aDemoServer().send('POST', path, { symbols: ['AAPL', 'NONE9', 'MSFT'] }),
    );

    expect(results.map(({ status }) => status)).toEqual(['success', 'error', 'success']);
    expect(results[1]).toMatchObject({ statusCode: 404, error: { title: 'No such symbol' } });
    expect(totalFailed).toBe(1);
  });

  it('a repeated symbol counts once', async () => {
    const { results, totalRequested } = await read(
      await aDemoServer().send('POST', path, { symbols: ['AAPL', 'MSFT', 'AAPL'] }),
    );

    expect(results.map(({ symbol }) => symbol)).toEqual(['AAPL', 'MSFT']);
    expect(totalRequested).toBe(2);
  });

  it.each([
    ['fails', { UPSTREAM_FAILURES: 1 }, 502],
    ['is used up', { UPSTREAM_QUOTA_PER_MINUTE: 0 }, 503],
  ])('when the provider %s, each is an error', async (_, config, status) => {
    const response = await aDemoServer(config).send('POST', path, { symbols: ['AAPL', 'MSFT'] });

    const { results } = await read(response);
    expect(response.status).toBe(200);
    expect(results.map(({ statusCode }) => statusCode)).toEqual([status, status]);
  });

  it.each([
    ['no symbols', {}, '#/symbols'],
    ['an empty list', { symbols: [] }, '#/symbols'],
    ['101 symbols', { symbols: Array.from({ length: 101 }, () => 'AAPL') }, '#/symbols'],
    ['what is no symbol', { symbols: ['AAPL', 'aapl'] }, '#/symbols/1'],
    ['a number', { symbols: [1] }, '#/symbols/0'],
    ['a member too many', { symbols: ['AAPL'], x: 1 }, '#'],
  ])('%s is 422 and names it', async (_, body, pointer) => {
    const server = aDemoServer();

    const response = await server.send('POST', path, body);

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
    expect(callsOf(server)).toBe(0);
  });

  it('needs a user', async () => {
    const response = await aDemoServer().send('POST', path, { symbols: ['AAPL'] }, { as: null });

    expect(response.status).toBe(401);
  });

  it('finds all symbols with one statement', async () => {
    const server = aDemoServer();
    await server.send('POST', path, { symbols: many });
    const prepare = vi.spyOn(server.services.database, 'prepare');

    await server.send('POST', path, { symbols: many });

    const asked = prepare.mock.calls.filter(([sql]) => sql.includes('FROM instruments'));
    expect(asked).toHaveLength(1);
  });
});

describe('POST /api/quotes/batch', () => {
  it('when the provider fails, what is there is there, and only the rest is an error', async () => {
    const server = aDemoServer({ UPSTREAM_QUOTA_PER_MINUTE: 1 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-02T15:00:00Z') });
    await server.send('POST', '/api/quotes/batch', { symbols: ['AAPL'] });

    const { results } = await read(
      await server.send('POST', '/api/quotes/batch', { symbols: ['AAPL', 'MSFT'] }),
    );

    vi.useRealTimers();
    expect(results.map(({ statusCode }) => statusCode)).toEqual([200, 503]);
  });
});

describe('a provider that does not answer', () => {
  it('is an error of 504 for each, after 10 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const server = aDemoServer({ UPSTREAM_LATENCY_MS: 60_000 });
    const asked = server.send('POST', '/api/quotes/batch', { symbols: ['AAPL', 'MSFT'] });
    while (callsOf(server) === 0) await new Promise((resolve) => void setImmediate(resolve));

    await vi.advanceTimersByTimeAsync(10_000);

    const { results } = await read(await asked);
    vi.useRealTimers();
    expect(results.map(({ statusCode }) => statusCode)).toEqual([504, 504]);
  });
});

describe('POST /api/history/batch', () => {
  it('takes a period for all', async () => {
    const { results } = await read(
      await aDemoServer().send('POST', '/api/history/batch', {
        symbols: ['AAPL', 'MSFT'],
        from: '2026-02-02',
        to: '2026-02-06',
      }),
    );

    expect(results.map(({ data }) => data?.from)).toEqual(['2026-02-02', '2026-02-02']);
  });

  it('a bad period is 422', async () => {
    const response = await aDemoServer().send('POST', '/api/history/batch', {
      symbols: ['AAPL'],
      from: '2026-02-02',
      to: '2026-02-01',
    });

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('from') });
  });
});

describe('POST /api/news/batch', () => {
  it('takes a limit for each', async () => {
    const { results } = await read(
      await aDemoServer().send('POST', '/api/news/batch', { symbols: ['AAPL', 'MSFT'], limit: 2 }),
    );

    expect(results.map(({ data }) => data?.articles?.length)).toEqual([2, 2]);
  });
});
