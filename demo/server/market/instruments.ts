import { createRandom } from '../widgets/random.ts';

/** What is traded. */
export interface Instrument {
  readonly symbol: string;
  readonly name: string;
  readonly exchange: string;
  readonly sector: string;
  readonly currency: string;
}

/** With what a share cost at the start of 2026, in dollars, or thereabouts. */
const wellKnown: readonly (readonly [
  symbol: string,
  name: string,
  sector: string,
  price: number,
])[] = [
  ['AAPL', 'Apple Inc.', 'Technology', 272],
  ['MSFT', 'Microsoft Corporation', 'Technology', 484],
  ['NVDA', 'NVIDIA Corporation', 'Technology', 186],
  ['GOOGL', 'Alphabet Inc.', 'Communication', 313],
  ['AMZN', 'Amazon.com, Inc.', 'Consumer', 231],
  ['META', 'Meta Platforms, Inc.', 'Communication', 660],
  ['TSLA', 'Tesla, Inc.', 'Consumer', 450],
  ['AVGO', 'Broadcom Inc.', 'Technology', 346],
  ['JPM', 'JPMorgan Chase & Co.', 'Finance', 322],
  ['V', 'Visa Inc.', 'Finance', 351],
  ['LLY', 'Eli Lilly and Company', 'Health', 1075],
  ['JNJ', 'Johnson & Johnson', 'Health', 207],
  ['XOM', 'Exxon Mobil Corporation', 'Energy', 120],
  ['CVX', 'Chevron Corporation', 'Energy', 152],
  ['WMT', 'Walmart Inc.', 'Consumer', 111],
  ['PG', 'The Procter & Gamble Company', 'Consumer', 143],
  ['HD', 'The Home Depot, Inc.', 'Consumer', 344],
  ['KO', 'The Coca-Cola Company', 'Consumer', 70],
  ['PEP', 'PepsiCo, Inc.', 'Consumer', 144],
  ['BAC', 'Bank of America Corporation', 'Finance', 55],
  ['DIS', 'The Walt Disney Company', 'Communication', 114],
  ['NFLX', 'Netflix, Inc.', 'Communication', 94],
  ['AMD', 'Advanced Micro Devices, Inc.', 'Technology', 214],
  ['INTC', 'Intel Corporation', 'Technology', 37],
  ['CSCO', 'Cisco Systems, Inc.', 'Technology', 77],
  ['BA', 'The Boeing Company', 'Industry', 217],
  ['CAT', 'Caterpillar Inc.', 'Industry', 573],
  ['GE', 'GE Aerospace', 'Industry', 308],
  ['NEE', 'NextEra Energy, Inc.', 'Utilities', 80],
  ['BRK.B', 'Berkshire Hathaway Inc.', 'Finance', 503],
];

const sectors = [
  'Technology',
  'Finance',
  'Health',
  'Energy',
  'Consumer',
  'Communication',
  'Industry',
  'Utilities',
  'Materials',
  'Real estate',
];
const first =
  'North Blue Silver Red Summit Harbor Pacific Atlas Cedar Iron Lake Nova Orion Pioneer Quartz River Sierra Terra Union Vista Willow Zenith Apex Bright Crown Delta Echo Falcon Granite Horizon';
const second = 'field stone bridge water wood gate point light path ridge';
const third =
  'Systems Holdings Bancorp Therapeutics Energy Foods Media Logistics Materials Properties Labs Partners';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function createInstruments(count: number): readonly Instrument[] {
  const random = createRandom(1_792);
  const pick = (list: readonly string[] | string): string =>
    list[random.integer(0, list.length - 1)]!;
  const [starts, middles, ends] = [first.split(' '), second.split(' '), third.split(' ')];
  const bySymbol = new Map<string, Instrument>(
    wellKnown.map(([symbol, name, sector], index) => [
      symbol,
      { symbol, name, sector, exchange: index % 3 === 2 ? 'NYSE' : 'NASDAQ', currency: 'USD' },
    ]),
  );
  while (bySymbol.size < count) {
    const symbol = Array.from({ length: random.integer(3, 4) }, () => pick(letters)).join('');
    const name = `${pick(starts)}${pick(middles)} ${pick(ends)}`;
    const exchange = pick(['NYSE', 'NASDAQ', 'AMEX']);
    const added = { symbol, name, exchange, sector: pick(sectors), currency: 'USD' };
    if (!bySymbol.has(symbol)) bySymbol.set(symbol, added);
  }
  return [...bySymbol.values()];
}

/** All that there are, the same each time, the best known first. */
export const instruments: readonly Instrument[] = createInstruments(3_000);

/** What shares of the best known cost, in dollars, before it goes up and down. */
export const knownPrices: ReadonlyMap<string, number> = new Map(
  wellKnown.map(([symbol, , , price]) => [symbol, price]),
);
