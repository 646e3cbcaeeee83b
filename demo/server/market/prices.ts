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

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** Swings of so many days, and how far they go. */
const swings = [
  [0.7, 0.004],
  [5.3, 0.015],
  [41, 0.05],
  [270, 0.14],
] as const;

/** The price of a symbol at any time, in dollars: a function of the two alone, so that all data agree. */
export function priceAt(symbol: string, atMs: number): number {
  const random = randomFor(symbol);
  const base = Math.exp(random.between(2, 6.2));
  const yearlyGrowth = random.between(-0.05, 0.14);
  // From the start of 2026 on.
  const days = atMs / dayMs - 20_454;
  const swing = swings.reduce((so, [period, share]) => {
    const phase = random.between(0, 2 * Math.PI);
    return so + share * Math.sin((2 * Math.PI * days) / period + phase);
  }, 0);
  return round(base * Math.exp((yearlyGrowth * days) / 365 + swing));
}

export interface Day {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** What a symbol did on the day that starts at `startMs`, up to `untilMs`. */
export function dayOf(symbol: string, startMs: number, untilMs = Infinity): Day {
  const end = Math.min(startMs + closesMs, untilMs);
  const steps = 6;
  const prices = Array.from({ length: steps + 1 }, (_, step) =>
    priceAt(symbol, startMs + opensMs + ((end - startMs - opensMs) * step) / steps),
  );
  const volume = randomFor(symbol, String(startMs)).integer(200_000, 9_000_000);
  return {
    open: prices[0]!,
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices.at(-1)!,
    volume,
  };
}

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
