import { createRandom } from '../widgets/random.ts';

/** What is traded. */
export interface Instrument {
  readonly symbol: string;
  readonly name: string;
  readonly exchange: string;
  readonly sector: string;
  readonly currency: string;
}

const wellKnown: readonly (readonly [symbol: string, name: string, sector: string])[] = [
  ['AAPL', 'Apple Inc.', 'Technology'],
  ['MSFT', 'Microsoft Corporation', 'Technology'],
  ['NVDA', 'NVIDIA Corporation', 'Technology'],
  ['GOOGL', 'Alphabet Inc.', 'Communication'],
  ['AMZN', 'Amazon.com, Inc.', 'Consumer'],
  ['META', 'Meta Platforms, Inc.', 'Communication'],
  ['TSLA', 'Tesla, Inc.', 'Consumer'],
  ['AVGO', 'Broadcom Inc.', 'Technology'],
  ['JPM', 'JPMorgan Chase & Co.', 'Finance'],
  ['V', 'Visa Inc.', 'Finance'],
  ['LLY', 'Eli Lilly and Company', 'Health'],
  ['JNJ', 'Johnson & Johnson', 'Health'],
  ['XOM', 'Exxon Mobil Corporation', 'Energy'],
  ['CVX', 'Chevron Corporation', 'Energy'],
  ['WMT', 'Walmart Inc.', 'Consumer'],
  ['PG', 'The Procter & Gamble Company', 'Consumer'],
  ['HD', 'The Home Depot, Inc.', 'Consumer'],
  ['KO', 'The Coca-Cola Company', 'Consumer'],
  ['PEP', 'PepsiCo, Inc.', 'Consumer'],
  ['BAC', 'Bank of America Corporation', 'Finance'],
  ['DIS', 'The Walt Disney Company', 'Communication'],
  ['NFLX', 'Netflix, Inc.', 'Communication'],
  ['AMD', 'Advanced Micro Devices, Inc.', 'Technology'],
  ['INTC', 'Intel Corporation', 'Technology'],
  ['CSCO', 'Cisco Systems, Inc.', 'Technology'],
  ['BA', 'The Boeing Company', 'Industry'],
  ['CAT', 'Caterpillar Inc.', 'Industry'],
  ['GE', 'GE Aerospace', 'Industry'],
  ['NEE', 'NextEra Energy, Inc.', 'Utilities'],
  ['BRK.B', 'Berkshire Hathaway Inc.', 'Finance'],
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
