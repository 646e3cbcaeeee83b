import type { Database, Tables } from '../platform/database.ts';
import { createRandom } from '../widgets/random.ts';
import { createInstruments } from './instruments.ts';
import { dayMs, priceAt, round } from './prices.ts';

/** When the seeded rows were made: tests and examples have them the same each time. */
const seededAt = Date.parse('2026-01-02T15:00:00Z');

/** Who has how much of what; the named ones can log in, the others make some symbols more watched than others. */
const owners = [
  'demo',
  'ann',
  'bob',
  'admin',
  ...Array.from({ length: 96 }, (_, index) => `investor-${index + 1}`),
];

function seed(database: Database): void {
  const instruments = createInstruments();
  const insert = database.prepare('INSERT INTO instruments VALUES (?, ?, ?, ?, ?)');
  for (const { symbol, name, exchange, sector, currency } of instruments) {
    insert.run(symbol, name, exchange, sector, currency);
  }
  const random = createRandom(2_026);
  const hold = database.prepare('INSERT OR IGNORE INTO holdings VALUES (?, ?, ?, ?, ?)');
  const watch = database.prepare('INSERT OR IGNORE INTO watched VALUES (?, ?, ?)');
  // Many hold and watch the same few: the cube of an even chance prefers what comes first.
  const pick = () => instruments[Math.floor(random.next() ** 3 * instruments.length)]!.symbol;
  for (const owner of owners) {
    // So that each user's first rows are known to whoever tries the API.
    const familiar = ['AAPL', 'MSFT', 'NVDA'];
    for (const symbol of [...familiar, ...Array.from({ length: 22 }, pick)]) {
      const boughtAt = seededAt - random.integer(1, 700) * dayMs;
      const cost = round(priceAt(symbol, boughtAt));
      hold.run(owner, symbol, random.integer(1, 200), cost, new Date(boughtAt).toISOString());
    }
    for (const symbol of [...familiar, ...Array.from({ length: 17 }, pick)]) {
      watch.run(
        owner,
        symbol,
        new Date(seededAt - random.integer(1, 9_000_000) * 1000).toISOString(),
      );
    }
  }
}

/** What is traded, and who holds and watches what. */
export const marketTables: Tables = {
  first: 'instruments',
  schema: `
    CREATE TABLE IF NOT EXISTS instruments (
      symbol TEXT PRIMARY KEY, name TEXT NOT NULL, exchange TEXT NOT NULL, sector TEXT NOT NULL,
      currency TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS holdings (
      user TEXT NOT NULL, symbol TEXT NOT NULL REFERENCES instruments, shares REAL NOT NULL,
      average_cost REAL NOT NULL, since TEXT NOT NULL, PRIMARY KEY (user, symbol)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS watched (
      user TEXT NOT NULL, symbol TEXT NOT NULL REFERENCES instruments, added_at TEXT NOT NULL,
      PRIMARY KEY (user, symbol)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS watched_by_symbol ON watched (symbol);
  `,
  seed,
};
