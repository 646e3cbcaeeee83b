import { knownPrices } from './instruments.ts';
import { createRandom, type Random } from '../widgets/random.ts';

export const dayMs = 86_400_000;

/** When trading starts and ends, in milliseconds of the day, UTC. */
const [opensMs, closesMs] = [14.5 * 3_600_000, 21 * 3_600_000];

/** A number for a text (FNV-1a), to seed with. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}

/** A source of numbers of its own for each combination of texts. */
export const randomFor = (...texts: readonly string[]): Random =>
  createRandom(hash(texts.join('|')));

export const round = (value: number): number => Math.round(value * 100) / 100;

/** Swings of so many days, and how far they go. */
const swings = [
  [0.7, 0.004],
  [5.3, 0.015],
  [41, 0.05],
  [270, 0.14],
] as const;

/** What a symbol costs at a time, in dollars. */
export type Prices = (atMs: number) => number;

/** The prices of a symbol at any time: a function of the two alone, so that all data agree. */
export function pricesOf(symbol: string): Prices {
  const random = randomFor(symbol);
  const base = knownPrices.get(symbol) ?? Math.exp(random.between(2, 6.2));
  const yearlyGrowth = random.between(-0.05, 0.14);
  const waves = swings.map(([period, share]) => ({
    share,
    perDay: (2 * Math.PI) / period,
    phase: random.between(0, 2 * Math.PI),
  }));
  return (atMs) => {
    // From the start of 2026 on.
    const days = atMs / dayMs - 20_454;
    let exponent = (yearlyGrowth * days) / 365;
    for (const { share, perDay, phase } of waves)
      exponent += share * Math.sin(perDay * days + phase);
    return round(base * Math.exp(exponent));
  };
}

export interface Day {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** How often the price is looked at for the highest and the lowest of a day. */
const steps = 6;

/** What happened on the day that starts at `startMs`, up to `untilMs`. */
export function dayOf(prices: Prices, startMs: number, untilMs = Infinity): Day {
  const from = startMs + opensMs;
  const to = Math.min(startMs + closesMs, untilMs);
  const seen = Array.from({ length: steps + 1 }, (_, step) =>
    prices(from + ((to - from) * step) / steps),
  );
  return { open: seen[0]!, high: Math.max(...seen), low: Math.min(...seen), close: seen[steps]! };
}

/** How many shares of a symbol change hands on the day that starts then. */
export const volumeOf = (symbol: string, startMs: number): number =>
  randomFor(symbol, String(startMs)).integer(200_000, 9_000_000);

export const startOfDay = (atMs: number): number => atMs - (((atMs % dayMs) + dayMs) % dayMs);

/** Whether there has been trading by `untilMs` on the day that starts then; on weekends there is none. */
export function isTradingDay(startMs: number, untilMs = Infinity): boolean {
  const weekday = new Date(startMs).getUTCDay();
  return weekday !== 0 && weekday !== 6 && untilMs >= startMs + opensMs;
}

/** The start of the latest trading day before the one that starts then. */
export function tradingDayBefore(startMs: number): number {
  const before = startMs - dayMs;
  return isTradingDay(before) ? before : tradingDayBefore(before);
}

export const toDate = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
