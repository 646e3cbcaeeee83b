import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { instruments } from '../../demo/server/market/instruments.ts';
import type { Config } from '../../demo/server/config.ts';
import { aDemoServer } from '../support/a-demo-server.ts';

interface Position {
  readonly symbol: string;
  readonly shares: number;
  readonly averageCost: number;
  readonly price: number | null;
  readonly value: number | null;
  readonly gain: number | null;
  readonly gainPercent: number | null;
  readonly since: string;
}

interface Portfolio {
  readonly positions: readonly Position[];
  readonly totalValue: number;
  readonly totalGain: number;
  readonly isComplete: boolean;
}

const start = Date.parse('2026-03-02T15:00:00Z');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

function aServer(config: Partial<Config> = {}) {
  const server = aDemoServer(config);
  const heard: object[] = [];
  server.services.bus.listen((announcement) => heard.push(announcement));
  const portfolio = async (as = 'demo') =>
    (await (await server.ask('/api/portfolio', { as })).json()) as Portfolio;
  const watched = async (as = 'demo') => {
    const list = await (await server.ask('/api/watchlist', { as })).json();
    return (list as { watched: { symbol: string }[] }).watched.map(({ symbol }) => symbol);
  };
  const put = (symbol: string, body: unknown = { shares: 10, averageCost: 20 }, as = 'demo') =>
    server.send('PUT', `/api/portfolio/${symbol}`, body, { as });
  const change = (method: string, path: string, as = 'demo') => server.ask(path, { method, as });
  /** Makes room for what the test puts in. */
  const clear = (table: string) => server.services.database.exec(`DELETE FROM ${table}`);
  return { ...server, heard, portfolio, watched, put, change, clear };
}

describe('GET /api/portfolio', () => {
  it('has what the user holds, with what that is worth', async () => {
    const { ask, portfolio } = aServer();
    const { price } = (await (await ask('/api/quotes/AAPL')).json()) as { price: number };

    const { positions, isComplete, totalValue } = await portfolio();

    const apple = positions.find(({ symbol }) => symbol === 'AAPL')!;
    expect(apple.price).toBe(price);
    expect(apple.value).toBeCloseTo(apple.shares * price, 2);
    expect(apple.gain).toBeCloseTo(apple.value! - apple.shares * apple.averageCost, 2);
    expect(positions.length).toBeGreaterThan(15);
    expect(isComplete).toBe(true);
    expect(totalValue).toBeCloseTo(
      positions.reduce((sum, { value }) => sum + value!, 0),
      1,
    );
  });

  it('fetches all quotes in one call', async () => {
    const { portfolio, services } = aServer();

    await portfolio();

    expect(services.market.upstreamCounts().calls).toBe(1);
  });

  it('is each user’s own', async () => {
    const { portfolio } = aServer();

    expect((await portfolio('ann')).positions).not.toEqual((await portfolio('bob')).positions);
  });

  it('may be kept as long as the oldest of its quotes', async () => {
    const { ask } = aServer();
    await ask('/api/quotes/AAPL');
    pass(100);

    const response = await ask('/api/portfolio');

    expect(response.headers.get('cache-control')).toBe('private, max-age=200');
    expect(response.headers.get('cache-tag')).toBe('portfolio, quotes');
    expect(response.headers.get('etag')).toMatch(/^W\/"/);
  });

  it('without any quote, it is there all the same, and not to be kept', async () => {
    const { ask } = aServer({ UPSTREAM_FAILURES: 1 });

    const response = await ask('/api/portfolio');

    const { positions, isComplete, totalValue } = (await response.json()) as Portfolio;
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('private, max-age=0');
    expect(positions[0]).toMatchObject({ price: null, value: null, gain: null, gainPercent: null });
    expect(isComplete).toBe(false);
    expect(totalValue).toBe(0);
  });

  it('of who holds nothing is empty', async () => {
    const { clear, portfolio } = aServer();
    clear('holdings');

    expect(await portfolio()).toEqual({
      positions: [],
      totalValue: 0,
      totalGain: 0,
      isComplete: true,
    });
  });

  it('needs a user', async () => {
    expect((await aServer().ask('/api/portfolio', { as: null })).status).toBe(401);
  });
});

describe('PUT /api/portfolio/:symbol', () => {
  it('is 201 for a new one and 200 for another number, and keeps its date', async () => {
    const { clear, put, portfolio } = aServer();
    clear('holdings');

    const created = await put('TSLA', { shares: 10, averageCost: 20 });
    pass(60);
    const changed = await put('TSLA', { shares: 2.5, averageCost: 30 });

    expect(created.status).toBe(201);
    expect(changed.status).toBe(200);
    const expected = { shares: 2.5, averageCost: 30, since: '2026-03-02T15:00:00.000Z' };
    expect(await changed.json()).toMatchObject(expected);
    expect((await portfolio()).positions).toMatchObject([expected]);
  });

  it('what has cost nothing has no gain in percent', async () => {
    const { clear, put, portfolio } = aServer();
    clear('holdings');

    await put('TSLA', { shares: 1, averageCost: 0 });

    expect((await portfolio()).positions[0]).toMatchObject({ gainPercent: null });
  });

  it('changes nobody else’s', async () => {
    const { clear, put, portfolio } = aServer();
    clear('holdings');

    await put('TSLA', undefined, 'ann');

    expect((await portfolio('bob')).positions).toEqual([]);
  });

  it('tells the user’s other pages', async () => {
    const { heard, put } = aServer();

    await put('TSLA', undefined, 'ann');

    expect(heard).toEqual([{ tags: ['portfolio'], user: 'ann' }]);
  });

  it('of a symbol that there isn’t is 404', async () => {
    const { heard, put } = aServer();

    expect((await put('NONE9')).status).toBe(404);
    expect(heard).toEqual([]);
  });

  it('the 501st is 409; another number of those that are there is not', async () => {
    const { clear, put, services } = aServer();
    clear('holdings');
    const insert = services.database.prepare('INSERT INTO holdings VALUES (?, ?, 1, 1, ?)');
    const some = instruments.slice(0, 501);
    for (const { symbol } of some.slice(0, 500)) insert.run('demo', symbol, 'x');

    const refused = await put(some[500]!.symbol);

    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('500') });
    expect((await put(some[0]!.symbol)).status).toBe(200);
  });

  it.each([
    ['no shares', { averageCost: 1 }, '#/shares'],
    ['shares of 0', { shares: 0, averageCost: 1 }, '#/shares'],
    ['shares below 0', { shares: -1, averageCost: 1 }, '#/shares'],
    ['too many shares', { shares: 1e10, averageCost: 1 }, '#/shares'],
    ['no cost', { shares: 1 }, '#/averageCost'],
    ['a cost below 0', { shares: 1, averageCost: -1 }, '#/averageCost'],
    ['a text', { shares: '1', averageCost: 1 }, '#/shares'],
    ['a member too many', { shares: 1, averageCost: 1, x: 1 }, '#'],
  ])('%s is 422 and names it', async (_, body, pointer) => {
    const { heard, put } = aServer();

    const response = await put('TSLA', body);

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
    expect(heard).toEqual([]);
  });
});

describe('DELETE /api/portfolio/:symbol', () => {
  it('is 204 once, then 404, and tells the user’s other pages', async () => {
    const { change, heard, portfolio } = aServer();

    const first = await change('DELETE', '/api/portfolio/AAPL');
    const second = await change('DELETE', '/api/portfolio/AAPL');

    expect([first.status, second.status]).toEqual([204, 404]);
    expect((await portfolio()).positions.map(({ symbol }) => symbol)).not.toContain('AAPL');
    expect(heard).toEqual([{ tags: ['portfolio'], user: 'demo' }]);
  });

  it('leaves what others hold', async () => {
    const { change, portfolio } = aServer();

    await change('DELETE', '/api/portfolio/AAPL', 'ann');

    expect((await portfolio('bob')).positions.map(({ symbol }) => symbol)).toContain('AAPL');
  });
});

describe('GET /api/watchlist', () => {
  it('has what the user watches, by symbol', async () => {
    const { watched } = aServer();

    const symbols = await watched();

    expect(symbols).toContain('AAPL');
    expect(symbols).toEqual([...symbols].sort());
    expect(symbols).not.toEqual(await watched('ann'));
  });

  it('is asked for each time, under its tag, with a validator', async () => {
    const { ask } = aServer();

    const response = await ask('/api/watchlist');
    const etag = response.headers.get('etag') ?? '';
    const same = await ask('/api/watchlist', { headers: { 'if-none-match': etag } });

    expect(response.headers.get('cache-control')).toBe('private, no-cache');
    expect(response.headers.get('cache-tag')).toBe('watchlist');
    expect(same.status).toBe(304);
  });

  it('needs a user', async () => {
    expect((await aServer().ask('/api/watchlist', { as: null })).status).toBe(401);
  });
});

describe('PUT /api/watchlist/:symbol', () => {
  it('is 201 with the entry; again, it is 200 with the same', async () => {
    const { clear, change, heard, watched } = aServer();
    clear('watched');

    const first = await change('PUT', '/api/watchlist/TSLA');
    pass(60);
    const second = await change('PUT', '/api/watchlist/TSLA');

    expect([first.status, second.status]).toEqual([201, 200]);
    const entry = await first.json();
    expect(entry).toEqual({
      symbol: 'TSLA',
      name: 'Tesla, Inc.',
      addedAt: '2026-03-02T15:00:00.000Z',
    });
    expect(await second.json()).toEqual(entry);
    expect(await watched()).toEqual(['TSLA']);
    expect(await watched('ann')).toEqual([]);
    expect(heard).toEqual([{ tags: ['watchlist'], user: 'demo' }]);
  });

  it('of a symbol that there isn’t is 404', async () => {
    expect((await aServer().change('PUT', '/api/watchlist/NONE9')).status).toBe(404);
  });

  it('the 201st is 409, until one is deleted', async () => {
    const { clear, change, services } = aServer();
    clear('watched');
    const insert = services.database.prepare('INSERT INTO watched VALUES (?, ?, ?)');
    const [first, ...others] = instruments.slice(0, 201).map(({ symbol }) => symbol);
    for (const symbol of others) insert.run('demo', symbol, 'x');

    const refused = await change('PUT', `/api/watchlist/${first}`);
    await change('DELETE', `/api/watchlist/${others[0]}`);

    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('200') });
    expect((await change('PUT', `/api/watchlist/${first}`)).status).toBe(201);
  });
});

describe('DELETE /api/watchlist/:symbol', () => {
  it('is 204 once, then 404', async () => {
    const { change, heard, watched } = aServer();

    const first = await change('DELETE', '/api/watchlist/AAPL');
    const second = await change('DELETE', '/api/watchlist/AAPL');

    expect([first.status, second.status]).toEqual([204, 404]);
    expect(await watched()).not.toContain('AAPL');
    expect(await watched('ann')).toContain('AAPL');
    expect(heard).toEqual([{ tags: ['watchlist'], user: 'demo' }]);
  });
});

describe('the seed', () => {
  it('has thousands of rows, the same each time', () => {
    const rowsOf = () => {
      const { database } = aDemoServer().services;
      return ['instruments', 'holdings', 'watched'].map((table) =>
        database.prepare(`SELECT * FROM ${table}`).all(),
      );
    };

    const [instruments, holdings, watched] = rowsOf();

    expect(instruments).toHaveLength(3_000);
    expect(holdings?.length).toBeGreaterThan(2_000);
    expect(watched?.length).toBeGreaterThan(1_500);
    expect(rowsOf()).toEqual([instruments, holdings, watched]);
  });
});
