import { describe, expect, it, vi } from 'vitest';
import { instruments } from '../../demo/server/market/instruments.ts';
import { createSource } from '../../demo/server/market/source.ts';
import {
  createUpstream,
  type Upstream,
  type UpstreamOptions,
} from '../../demo/server/market/upstream.ts';

const monday = Date.parse('2026-03-02T15:00:00Z');

const anUpstream = (options: Partial<UpstreamOptions> = {}) =>
  createUpstream({
    latencyMs: 0,
    failures: 0,
    quotaPerMinute: 1_000,
    now: () => monday,
    random: () => 0.5,
    ...options,
  });

const { signal } = new AbortController();

describe('the instruments', () => {
  it('are three thousand, each with a symbol of its own', () => {
    expect(new Set(instruments.map(({ symbol }) => symbol)).size).toBe(3_000);
    expect(instruments).toHaveLength(3_000);
  });

  it('have symbols that the API takes', () => {
    expect(instruments.filter(({ symbol }) => !/^[A-Z][A-Z0-9.-]{0,9}$/.test(symbol))).toEqual([]);
  });
});

describe('the simulated provider', () => {
  it('says the same at the same time', async () => {
    const one = await anUpstream().quotes(['AAPL', 'MSFT'], signal);
    const other = await anUpstream().quotes(['MSFT', 'AAPL'], signal);

    expect(one.get('AAPL')).toEqual(other.get('AAPL'));
    expect(one.get('AAPL')).not.toEqual(one.get('MSFT'));
  });

  it('has prices that move', async () => {
    const now = (await anUpstream().quotes(['AAPL'], signal)).get('AAPL');
    const later = (
      await anUpstream({ now: () => monday + 7_200_000 }).quotes(['AAPL'], signal)
    ).get('AAPL');

    expect(later?.price).not.toBe(now?.price);
    expect(later?.previousClose).toBe(now?.previousClose);
  });

  it('has quotes that agree with themselves, and with history', async () => {
    const upstream = anUpstream();
    const symbols = instruments.map(({ symbol }) => symbol);
    const quotes = [...(await upstream.quotes(symbols, signal)).values()];
    const period = { from: '2026-02-27', to: '2026-03-02' };
    const histories = await upstream.history(symbols, period, signal);

    const wrong = quotes.filter(({ symbol, price, open, high, low, previousClose, change }) => {
      const [friday, today] = histories.get(symbol)!.candles;
      return !(
        low > 0 &&
        low <= Math.min(open, price) &&
        high >= Math.max(open, price) &&
        Math.abs(price - previousClose - change) < 0.01 &&
        friday?.close === previousClose &&
        today?.close === price
      );
    });
    expect(quotes).toHaveLength(3_000);
    expect(wrong).toEqual([]);
  });

  it.each([
    ['before trading starts', '2026-03-02T09:00:00Z'],
    ['on a Sunday', '2026-03-01T12:00:00Z'],
  ])('%s, prices are those of Friday’s close', async (_, time) => {
    const upstream = anUpstream({ now: () => Date.parse(time) });
    const period = { from: '2026-02-26', to: '2026-03-02' };

    const quote = (await upstream.quotes(['AAPL'], signal)).get('AAPL');

    const { candles } = (await upstream.history(['AAPL'], period, signal)).get('AAPL')!;
    expect(candles.map(({ date }) => date)).toEqual(['2026-02-26', '2026-02-27']);
    expect(quote?.price).toBe(candles[1]?.close);
    expect(quote?.previousClose).toBe(candles[0]?.close);
  });

  it('has fundamentals that agree with themselves', async () => {
    const all = await anUpstream().fundamentals(['AAPL', 'XOM', 'BRK.B'], signal);

    for (const { high52Weeks, low52Weeks, marketCap, dividendYield } of all.values()) {
      expect(high52Weeks).toBeGreaterThanOrEqual(low52Weeks);
      expect(marketCap).toBeGreaterThan(0);
      expect(dividendYield).toBeGreaterThanOrEqual(0);
    }
  });

  it('leaves out symbols that it doesn’t know', async () => {
    const quotes = await anUpstream().quotes(['AAPL', 'NONE9'], signal);

    expect([...quotes.keys()]).toEqual(['AAPL']);
  });

  it('a call of many symbols counts once towards the quota', async () => {
    const upstream = anUpstream({ quotaPerMinute: 2 });
    await upstream.quotes(['AAPL', 'MSFT', 'NVDA'], signal);
    await upstream.news(['AAPL'], signal);

    await expect(upstream.headlines(signal)).rejects.toMatchObject({
      code: 'quota',
      retryAfterSeconds: 60,
    });
    expect(upstream.counts()).toEqual({ calls: 3, failures: 0, refused: 1 });
  });

  it.each([
    [0.29, 'fails'],
    [0.3, 'answers'],
  ])('with a share of failures of 0.3 and luck of %s, it %s', async (luck, what) => {
    const upstream = anUpstream({ failures: 0.3, random: () => luck });

    const [settled] = await Promise.allSettled([upstream.quotes(['AAPL'], signal)]);

    expect(settled.status).toBe(what === 'fails' ? 'rejected' : 'fulfilled');
    expect(upstream.counts().failures).toBe(what === 'fails' ? 1 : 0);
  });

  it('with the seed that it has, the same calls fail each time', async () => {
    const fates = async () => {
      const upstream = createUpstream({ latencyMs: 0, failures: 0.5, quotaPerMinute: 1_000 });
      const settled: string[] = [];
      for (let n = 0; n < 20; n++) {
        const [{ status }] = await Promise.allSettled([upstream.quotes(['AAPL'], signal)]);
        settled.push(status);
      }
      return settled;
    };

    const first = await fates();

    expect(await fates()).toEqual(first);
    expect(new Set(first).size).toBe(2);
  });
});

describe('the source', () => {
  /** Upstream answers that the test gives. */
  const aSource = (quotes: Upstream['quotes'], timeoutMs?: number) =>
    createSource({ ...anUpstream(), quotes }, timeoutMs);
  const answer: Upstream['quotes'] = (symbols) => anUpstream().quotes(symbols, signal);

  it('asks for what is wanted at once in one call', async () => {
    const quotes = vi.fn<Upstream['quotes']>(answer);
    const { quote } = aSource(quotes);

    const found = await Promise.all(['AAPL', 'MSFT'].map(quote));

    expect(found.map(({ symbol }) => symbol)).toEqual(['AAPL', 'MSFT']);
    expect(quotes.mock.calls.map(([symbols]) => symbols)).toEqual([['AAPL', 'MSFT']]);
  });

  it('asks for at most a hundred in a call', async () => {
    const quotes = vi.fn<Upstream['quotes']>(answer);
    const { quote } = aSource(quotes);
    const symbols = instruments.slice(0, 250).map(({ symbol }) => symbol);

    await Promise.all(symbols.map(quote));

    expect(quotes.mock.calls.map(([asked]) => asked.length)).toEqual([100, 100, 50]);
  });

  it('asks for histories of different periods in different calls', async () => {
    const upstream = anUpstream();
    const { history } = createSource(upstream);
    const week = { from: '2026-02-23', to: '2026-02-27' };
    const day = { from: '2026-02-27', to: '2026-02-27' };

    const found = await Promise.all([
      history('AAPL', week),
      history('MSFT', week),
      history('AAPL', day),
    ]);

    expect(found.map(({ candles }) => candles.length)).toEqual([5, 5, 1]);
    expect(upstream.counts().calls).toBe(2);
  });

  it('gives up after its time, and tells the upstream', async () => {
    let seen: AbortSignal | undefined;
    const { quote } = aSource((_, given) => {
      seen = given;
      return new Promise((_resolve, reject) => {
        given.addEventListener('abort', () => reject(new Error('aborted')));
      });
    }, 1);

    await expect(quote('AAPL')).rejects.toMatchObject({ name: 'UpstreamError', code: 'timeout' });
    expect(seen?.aborted).toBe(true);
  });

  it('what the upstream doesn’t have is a failure', async () => {
    const { quote } = aSource(() => Promise.resolve(new Map()));

    await expect(quote('AAPL')).rejects.toMatchObject({
      code: 'failure',
      message: expect.stringContaining('AAPL'),
    });
  });
});
