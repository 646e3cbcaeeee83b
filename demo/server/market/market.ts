import type { Cache } from '../platform/cache/cache.ts';
import type { Found } from '../platform/cache/found.ts';
import { selectByIds, type Database } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import type { Instrument } from './instruments.ts';
import type { Period } from './period.ts';
import type { Fundamentals, History, News, Quote } from './schemas.ts';
import { createSource } from './source.ts';
import type { Upstream, UpstreamCounts } from './upstream.ts';

/** Market data, by way of the cache. Look-ups throw UpstreamError where there is neither anything new nor anything old. */
export interface Market {
  /** Those of the symbols that there are. */
  readonly find: (symbols: readonly string[]) => ReadonlyMap<string, Instrument>;
  readonly quote: (symbol: string) => Promise<Found<Quote>>;
  readonly fundamentals: (symbol: string) => Promise<Found<Fundamentals>>;
  readonly history: (symbol: string, period: Period) => Promise<Found<History>>;
  /** Of a symbol, or of anything. */
  readonly news: (symbol?: string) => Promise<Found<News>>;
  readonly upstreamCounts: () => UpstreamCounts;
  /** Fetches what most people watch, before they ask; never fails. */
  readonly warm: () => Promise<void>;
  readonly close: () => void;
}

export interface MarketParts {
  readonly database: Database;
  readonly cache: Cache;
  readonly upstream: Upstream;
  readonly log: Log;
}

/** How many of the most watched symbols are fetched at the start: one call of each kind. */
export const warmedSymbols = 100;

/** The subject of news that are of no symbol in particular; no symbol is lower-case. */
const anything = 'latest';

export function createMarket({ database, cache, upstream, log }: MarketParts): Market {
  const source = createSource(upstream);
  let isClosed = false;

  const quote = (symbol: string) => cache.lookUp('quote', symbol, () => source.quote(symbol));
  const fundamentals = (symbol: string) =>
    cache.lookUp('fundamentals', symbol, () => source.fundamentals(symbol));

  return {
    find: (symbols) =>
      selectByIds<Instrument & Record<string, unknown>>(
        database,
        'SELECT * FROM instruments WHERE symbol',
        'symbol',
        symbols,
      ),
    quote,
    fundamentals,
    history: (symbol, period) =>
      cache.lookUp('history', `${symbol}:${period.from}:${period.to}`, () =>
        source.history(symbol, period),
      ),
    news: (symbol) =>
      cache.lookUp('news', symbol ?? anything, async () => ({
        articles: await (symbol === undefined ? source.headlines() : source.news(symbol)),
      })),
    upstreamCounts: upstream.counts,
    warm: async () => {
      const watched = database
        .prepare(
          'SELECT symbol FROM watched GROUP BY symbol ORDER BY count(*) DESC, symbol LIMIT ?',
        )
        .all(warmedSymbols)
        .map(({ symbol }) => String(symbol));
      const looked = await Promise.allSettled(
        watched.flatMap((symbol): Promise<unknown>[] => [quote(symbol), fundamentals(symbol)]),
      );
      if (isClosed) return;
      const failed = looked.filter(({ status }) => status === 'rejected').length;
      log[failed > 0 ? 'warn' : 'info'](
        { warmed: looked.length - failed, failed },
        'the cache is warm',
      );
    },
    close: () => {
      isClosed = true;
      source.close();
    },
  };
}
