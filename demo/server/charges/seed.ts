import { createRandom, type Random } from '../widgets/random.ts';

/** The values of a `charges` row, in the order of its columns. */
type ChargeRow = [
  id: string,
  article: string,
  line: string,
  owner: string,
  status: string,
  quantity: number,
  unit: string,
  producedAt: string,
  changedAt: string,
  reason: string | null,
];

/** The values of a `charge_measurements` row, but for its charge. */
type SeriesRow = [name: string, unit: string, lower: number, upper: number, readings: string];

interface SeededCharge {
  readonly row: ChargeRow;
  readonly series: readonly SeriesRow[];
}

export const chargeCount = 1200;
const readingCount = 40;
const firstAt = Date.UTC(2026, 0, 5, 6, 0);
const minuteMs = 60_000;

/** Each article with its characteristics: name, unit, lower and upper limit, decimals. */
const articles: readonly (readonly [
  string,
  readonly [string, string, number, number, number][],
])[] = [
  [
    'Hydraulic oil HLP 46',
    [
      ['viscosity', 'mm²/s', 41.4, 50.6, 2],
      ['density', 'kg/m³', 870, 890, 1],
      ['water', 'ppm', 0, 200, 0],
    ],
  ],
  [
    'Gear oil CLP 220',
    [
      ['viscosity', 'mm²/s', 198, 242, 1],
      ['density', 'kg/m³', 880, 900, 1],
      ['flash point', '°C', 220, 260, 0],
    ],
  ],
  [
    'Cooling lubricant B 5',
    [
      ['pH', '', 8.8, 9.4, 2],
      ['density', 'kg/m³', 995, 1015, 1],
      ['concentration', '%', 4.5, 5.5, 2],
    ],
  ],
  [
    'Cleaner N 10',
    [
      ['pH', '', 6.6, 7.4, 2],
      ['density', 'kg/m³', 1000, 1030, 1],
      ['surface tension', 'mN/m', 28, 34, 1],
    ],
  ],
];

const lines = ['L1', 'L2', 'L3', 'L4'];
const owners = ['demo', 'demo', 'ann', 'bob'];
/** Most lots of the past have been decided on. */
const statuses = ['released', 'released', 'released', 'open', 'open', 'held', 'rejected'];
const reasons = ['Sample is repeated', 'Contaminated drum', 'Waits for the laboratory'];

const pick = <T>(random: Random, from: readonly T[]): T =>
  from[random.integer(0, from.length - 1)]!;

/** Readings around the middle of their limits: most lots are capable, some drift, scatter or miss it. */
function createReadings(random: Random, lower: number, upper: number, decimals: number): string {
  const width = upper - lower;
  const kind = random.next();
  const spread = width * (kind < 0.1 ? 0.22 : random.between(0.06, 0.11));
  const miss = kind > 0.1 && kind < 0.13 ? 0.42 : random.between(-0.06, 0.06);
  const centre = (lower + upper) / 2 + width * miss;
  const drift = kind > 0.9 ? width * random.between(0.2, 0.4) : 0;
  const factor = 10 ** decimals;
  const readings = Array.from({ length: readingCount }, (_, index) => {
    // The sum of three is close to a normal distribution, of standard deviation 1.
    const noise = (random.next() + random.next() + random.next() - 1.5) * 2;
    const value = centre + spread * noise + drift * (index / readingCount - 0.5);
    return Math.round(Math.max(0, value) * factor) / factor;
  });
  return JSON.stringify(readings);
}

function createCharge(index: number): SeededCharge {
  const random = createRandom(70_000 + index);
  const [article, characteristics] = pick(random, articles);
  const status = pick(random, statuses);
  const producedMs = firstAt + (index * 370 + random.integer(0, 300)) * minuteMs;
  const changedMs = producedMs + random.integer(60, 2880) * minuteMs;
  const hasReason = status === 'held' || status === 'rejected';
  const row: ChargeRow = [
    `C-${100_001 + index}`,
    article,
    pick(random, lines),
    pick(random, owners),
    status,
    random.integer(8, 120) * 25,
    'kg',
    new Date(producedMs).toISOString(),
    new Date(status === 'open' ? producedMs : changedMs).toISOString(),
    hasReason ? pick(random, reasons) : null,
  ];
  const series = characteristics.map(([name, unit, lower, upper, decimals]): SeriesRow => [
    name,
    unit,
    lower,
    upper,
    createReadings(random, lower, upper, decimals),
  ]);
  return { row, series };
}

let made: readonly SeededCharge[] | undefined;

/** All seeded charges: the same each time, and constant, so a process makes them once. */
export const createCharges = (): readonly SeededCharge[] =>
  (made ??= Array.from({ length: chargeCount }, (_, index) => createCharge(index)));
