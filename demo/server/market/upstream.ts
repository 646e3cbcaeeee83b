import { createRandom } from '../widgets/random.ts';
import { wait } from '../widgets/delay.ts';
import { instruments } from './instruments.ts';
import type { Period } from './period.ts';
import type { Article, Fundamentals, History, Quote } from './schemas.ts';
import {
  simulateFundamentals,
  simulateHeadlines,
  simulateHistory,
  simulateNews,
  simulateQuote,
} from './simulate.ts';

/** Why the upstream gave nothing. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly code: 'failure' | 'quota' | 'timeout';
  /** For `quota`: when to try again. */
  readonly retryAfterSeconds: number | undefined;
  constructor(code: UpstreamError['code'], message: string, retryAfterSeconds?: number) {
    super(message);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

type Answers<T> = Promise<ReadonlyMap<string, T>>;

/**
 * Where market data come from. Each call, of one symbol or of many, counts once towards the quota; symbols that it
 * doesn't know are left out of its answer.
 *
 * All throw UpstreamError, and the signal's reason once that aborts.
 */
export interface Upstream {
  readonly quotes: (symbols: readonly string[], signal: AbortSignal) => Answers<Quote>;
  readonly fundamentals: (symbols: readonly string[], signal: AbortSignal) => Answers<Fundamentals>;
  readonly history: (
    symbols: readonly string[],
    period: Period,
    signal: AbortSignal,
  ) => Answers<History>;
  readonly news: (symbols: readonly string[], signal: AbortSignal) => Answers<Article[]>;
  /** News of whatever it is. */
  readonly headlines: (signal: AbortSignal) => Promise<Article[]>;
  readonly counts: () => UpstreamCounts;
}

/** Since the start. */
export interface UpstreamCounts {
  readonly calls: number;
  readonly failures: number;
  /** Calls beyond the quota. */
  readonly refused: number;
}

export interface UpstreamOptions {
  /** How long an answer takes, on average. */
  readonly latencyMs: number;
  /** The share of calls that fail, 0 to 1. */
  readonly failures: number;
  /** Calls in each minute of the clock. */
  readonly quotaPerMinute: number;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** From 0 to 1. @default a seeded one */
  readonly random?: () => number;
}

const minuteMs = 60_000;

/** A simulated provider of market data: what it answers depends on the symbol and on the time alone. */
export function createUpstream({
  latencyMs,
  failures,
  quotaPerMinute,
  now = Date.now,
  random = createRandom(7).next,
}: UpstreamOptions): Upstream {
  const bySymbol = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
  const counts = { calls: 0, failures: 0, refused: 0 };
  let minute = 0;
  let callsInMinute = 0;

  async function call<T>(signal: AbortSignal, work: () => T): Promise<T> {
    counts.calls++;
    const current = Math.floor(now() / minuteMs);
    if (current !== minute) [minute, callsInMinute] = [current, 0];
    if (++callsInMinute > quotaPerMinute) {
      counts.refused++;
      const seconds = Math.ceil(((current + 1) * minuteMs - now()) / 1000);
      throw new UpstreamError('quota', `More than ${quotaPerMinute} calls a minute.`, seconds);
    }
    // Up to half as much again, or half as little.
    await wait(latencyMs * (0.5 + random()), signal);
    if (random() < failures) {
      counts.failures++;
      throw new UpstreamError('failure', 'The provider of market data failed.');
    }
    return work();
  }

  const each = <T>(symbols: readonly string[], make: (symbol: string) => T): Map<string, T> =>
    new Map(
      symbols.filter((symbol) => bySymbol.has(symbol)).map((symbol) => [symbol, make(symbol)]),
    );
  const known = (symbol: string) => bySymbol.get(symbol)!;

  return {
    quotes: (symbols, signal) =>
      call(signal, () => each(symbols, (symbol) => simulateQuote(known(symbol), now()))),
    fundamentals: (symbols, signal) =>
      call(signal, () => each(symbols, (symbol) => simulateFundamentals(known(symbol), now()))),
    history: (symbols, period, signal) =>
      call(signal, () => each(symbols, (symbol) => simulateHistory(symbol, period, now()))),
    news: (symbols, signal) =>
      call(signal, () => each(symbols, (symbol) => simulateNews(known(symbol), now()))),
    headlines: (signal) => call(signal, () => simulateHeadlines(instruments, now())),
    counts: () => ({ ...counts }),
  };
}
