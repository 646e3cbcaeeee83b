import { createGather } from '../platform/gather.ts';
import type { Period } from './period.ts';
import type { Article, Fundamentals, History, Quote } from './schemas.ts';
import { UpstreamError, type Upstream } from './upstream.ts';

/** The upstream as one asks it: symbol by symbol. Each throws UpstreamError. */
export interface Source {
  readonly quote: (symbol: string) => Promise<Quote>;
  readonly fundamentals: (symbol: string) => Promise<Fundamentals>;
  readonly history: (symbol: string, period: Period) => Promise<History>;
  readonly news: (symbol: string) => Promise<Article[]>;
  readonly headlines: () => Promise<Article[]>;
  /** Gives up on what is under way. */
  readonly close: () => void;
}

/** How many symbols the upstream takes in a call. */
const maxSymbols = 100;

/**
 * Asks the upstream for what is wanted within one turn of the event loop in one call, and waits for no answer
 * longer than `timeoutMs`.
 */
export function createSource(upstream: Upstream, timeoutMs = 10_000): Source {
  const closing = new AbortController();

  async function within<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const reason = new UpstreamError('timeout', `No answer came within ${timeoutMs / 1000} s.`);
    const timer = setTimeout(() => late.abort(reason), timeoutMs);
    const signal = AbortSignal.any([closing.signal, late.signal]);
    try {
      return await work(signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  type Fetch<T> = (
    symbols: readonly string[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, T>>;

  const together = <T>(fetch: Fetch<T>): ((symbol: string) => Promise<T>) => {
    const gather = createGather<string, T | undefined>(async (symbols) => {
      const answers = await within((signal) => fetch(symbols, signal));
      return symbols.map((symbol) => answers.get(symbol));
    }, maxSymbols);
    return async (symbol) => {
      const answer = await gather(symbol);
      if (answer !== undefined) return answer;
      throw new UpstreamError('failure', `The provider of market data has nothing on ${symbol}.`);
    };
  };

  /** Those of one period go together. */
  const periods = new Map<string, (symbol: string) => Promise<History>>();

  return {
    quote: together(upstream.quotes),
    fundamentals: together(upstream.fundamentals),
    news: together(upstream.news),
    history: async (symbol, period) => {
      const name = `${period.from} ${period.to}`;
      const ask =
        periods.get(name) ??
        together((symbols, signal) => upstream.history(symbols, period, signal));
      periods.set(name, ask);
      try {
        return await ask(symbol);
      } finally {
        periods.delete(name);
      }
    },
    headlines: () => within(upstream.headlines),
    close: () => closing.abort(new UpstreamError('failure', 'The server is going.')),
  };
}
