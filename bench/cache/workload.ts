import { createRandom } from '../harness/random.ts';

/** What is stored: so many entries, in dashboards that were loaded one after the other. */
export const [entryCount, dashboardSize] = [2000, 100];

/** So many entries that no store has, never asked for otherwise. */
export const strangers: readonly number[] = Array.from(
  { length: dashboardSize },
  (_, index) => 5000 + index,
);

const bodyBytes = 1000;

/** Ids of entries that are read at once. */
export interface ReadSet {
  /** Unique in a run. */
  readonly name: string;
  readonly ids: readonly number[];
}

const padded = (id: number): string => String(id).padStart(4, '0');

export const pathOf = (id: number): string => `/api/quotes/${padded(id)}`;

/** The same entry where the browser's own HTTP cache may keep it. */
export const freshPathOf = (id: number): string => `/fresh/quotes/${padded(id)}`;

/** The id in such a path. */
export function idIn(path: string): number | undefined {
  const digits = /^\/(?:api|fresh)\/quotes\/(\d{4})$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** An entry's JSON, of 1,000 bytes: what a widget with a quote and its history gets. */
export function bodyOf(id: number): string {
  const random = createRandom(id);
  const price = (): number => Math.round(random.next() * 100_000) / 100;
  const quote = {
    id,
    symbol: `SYM${padded(id)}`,
    name: `Company number ${padded(id)}, Incorporated`,
    price: price(),
    change: price(),
    volume: random.below(10_000_000),
    currency: 'USD',
    open: random.below(2) === 1,
    history: Array.from({ length: 28 }, (_, day) => ({ day, close: price() })),
    note: '',
  };
  quote.note = 'n'.repeat(bodyBytes - JSON.stringify(quote).length);
  return JSON.stringify(quote);
}

export const idsOfDashboard = (dashboard: number): number[] =>
  Array.from({ length: dashboardSize }, (_, index) => dashboard * dashboardSize + index);

const dashboards: readonly (readonly number[])[] = Array.from(
  { length: entryCount / dashboardSize },
  (_, dashboard) => idsOfDashboard(dashboard),
);

/** Read before it is measured, since that opens a store. Two entries: a lone call doesn't ride. */
export const opening: ReadSet = { name: 'opening', ids: [2000, 2001] };

/** All that is stored, as it is loaded and written. */
export const loads: readonly (readonly number[])[] = [...dashboards, opening.ids];

/** A dashboard for each round, no two in a row the same. */
export const togetherSets = (rounds: number): ReadSet[] =>
  Array.from({ length: rounds }, (_, round) => ({
    name: `together ${round}`,
    ids: idsOfDashboard((round * 7) % dashboards.length),
  }));

/** As many entries for each round, from wherever they stand. */
export function scatteredSets(rounds: number, seed: number): ReadSet[] {
  const random = createRandom(seed);
  const all = dashboards.flat();
  return Array.from({ length: rounds }, (_, round) => ({
    name: `scattered ${round}`,
    ids: random.pick(all, dashboardSize),
  }));
}

/** @throws Error naming the first answer that isn't the entry that was asked for */
export function checkAnswers(
  who: string,
  ids: readonly number[],
  answers: readonly unknown[],
): void {
  for (const [index, id] of ids.entries()) {
    const answer = answers[index];
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    if (text === bodyOf(id)) continue;
    throw new Error(`${who}: asked for entry ${id}, got ${String(text).slice(0, 80)}`);
  }
}
