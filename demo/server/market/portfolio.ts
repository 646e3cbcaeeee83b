import { round } from './prices.ts';
import type { Holding } from './holdings.ts';
import type { Market } from './market.ts';
import { UpstreamError } from './upstream.ts';

/** A holding, and what it is worth; null where nothing tells. */
export interface Position extends Holding {
  readonly price: number | null;
  readonly value: number | null;
  readonly gain: number | null;
  readonly gainPercent: number | null;
}

export interface Portfolio {
  readonly positions: readonly Position[];
  /** Of those positions whose price is known. */
  readonly totalValue: number;
  readonly totalGain: number;
  /** Whether all prices are known. */
  readonly isComplete: boolean;
}

/** What holdings are worth now, and for how many seconds that stays so. */
export async function valuate(
  market: Market,
  holdings: readonly Holding[],
): Promise<{ portfolio: Portfolio; ttlSeconds: number }> {
  const quotes = await Promise.all(
    holdings.map(async ({ symbol }) => {
      try {
        return await market.quote(symbol);
      } catch (error) {
        if (error instanceof UpstreamError) return undefined;
        throw error;
      }
    }),
  );
  const positions = holdings.map((holding, index): Position => {
    const price = quotes[index]?.value.price;
    if (price === undefined) {
      return { ...holding, price: null, value: null, gain: null, gainPercent: null };
    }
    const cost = holding.shares * holding.averageCost;
    const value = round(holding.shares * price);
    const gain = round(value - cost);
    // What has cost nothing has no gain in percent.
    return {
      ...holding,
      price,
      value,
      gain,
      gainPercent: cost > 0 ? round((100 * gain) / cost) : null,
    };
  });
  const total = (pick: (position: Position) => number | null) =>
    round(positions.reduce((so, position) => so + (pick(position) ?? 0), 0));
  const lifetimes = quotes.map((found) => (!found || found.isStale ? 0 : found.ttlSeconds));
  return {
    portfolio: {
      positions,
      totalValue: total(({ value }) => value),
      totalGain: total(({ gain }) => gain),
      isComplete: !quotes.includes(undefined),
    },
    ttlSeconds: Math.max(0, Math.min(300, ...lifetimes)),
  };
}
