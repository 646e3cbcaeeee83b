import { dayMs, startOfDay, toDate } from './prices.ts';

/** From one day to another, both included; `2026-01-31`. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** How many days the ranges have that have names. */
export const ranges = {
  '1w': 7,
  '1mo': 30,
  '3mo': 91,
  '6mo': 182,
  '1y': 365,
  '5y': 1_826,
} as const;

export type Range = keyof typeof ranges;

const maxDays = 1_830;

export interface PeriodQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly range?: Range | undefined;
}

/**
 * The period that is asked for; the last month, if none is.
 *
 * @throws RangeError saying what is wrong with it
 */
export function toPeriod({ from, to, range }: PeriodQuery, nowMs: number): Period {
  const today = startOfDay(nowMs);
  if (from === undefined && to === undefined) {
    const days = ranges[range ?? '1mo'];
    return { from: toDate(today - days * dayMs), to: toDate(today) };
  }
  if (range !== undefined) {
    throw new RangeError(`Give either from and to, or range, got range '${range}' beside them`);
  }
  if (from === undefined) throw new RangeError(`to needs a from, got only to '${to}'`);
  const end = to ?? toDate(today);
  if (from > end) throw new RangeError(`from must not be after ${end}, got '${from}'`);
  const days = (Date.parse(end) - Date.parse(from)) / dayMs + 1;
  if (days > maxDays) {
    throw new RangeError(
      `from and to may be at most ${maxDays} days apart, got '${from}' to '${end}', which is ${days}`,
    );
  }
  return { from, to: end };
}
