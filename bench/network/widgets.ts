import { createRandom } from '../harness/random.ts';

/** What a widget of a dashboard shows: 1 to 4 kB of JSON, or some 155 bytes of a small one. */
export interface Widget {
  readonly id: number;
  readonly title: string;
  readonly unit: string;
  readonly updatedAt: string;
  readonly points: readonly { readonly at: string; readonly value: number }[];
}

const units = ['EUR', 'USD', 'kWh', 'ms', 'requests'];
const [fewestPoints, mostPoints] = [20, 80];

/** From this one on, widgets are small: where a client's own work is to be seen, and not its parser's. */
export const firstSmallId = 100_000;

const start = Date.UTC(2026, 0, 5);
const quarterHourMs = 900_000;

const at = (index: number): string => new Date(start + index * quarterHourMs).toISOString();

/** The same for the same id, on the server and in the page, which asserts its answers by it. */
export function createWidget(id: number): Widget {
  const random = createRandom(id);
  let cents = random.below(100_000);
  const count = id < firstSmallId ? fewestPoints + random.below(mostPoints - fewestPoints) : 1;
  return {
    id,
    title: `Widget number ${id}`,
    unit: units[random.below(units.length)] ?? '',
    updatedAt: at(random.below(1000)),
    points: Array.from({ length: count }, (_, index) => {
      cents = Math.abs(cents + random.below(2000) - 1000);
      return { at: at(index), value: cents / 100 };
    }),
  };
}

export const pathOf = (id: number): string => `/api/widgets/${id}`;

/** The id in such a path. */
export function idIn(path: string): number | undefined {
  const digits = /^\/api\/widgets\/(\d{1,6})$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
