import type { Database, Tables } from '../platform/database.ts';
import { createRandom } from '../widgets/random.ts';
import { instruments } from './instruments.ts';
import { dayMs, pricesOf } from './prices.ts';

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

type Row = readonly (string | number)[];

/** Inserts rows of `columns` values with one statement; of those with the same key, the first. */
function insert(database: Database, table: string, columns: number, rows: readonly Row[]): void {
  const values = Array.from({ length: columns }, (_, index) => `value ->> ${index}`).join(', ');
  database
    .prepare(`INSERT OR IGNORE INTO ${table} SELECT ${values} FROM json_each(?)`)
    .run(JSON.stringify(rows));
}

function seed(database: Database): void {
  const random = createRandom(2_026);
  // Many hold and watch the same few: the cube of an even chance prefers what comes first.
  const pick = () => instruments[Math.floor(random.next() ** 3 * instruments.length)]!.symbol;
  // So that some of each user's rows are known to whoever tries the API.
  const some = (count: number) => ['AAPL', 'MSFT', 'NVDA', ...Array.from({ length: count }, pick)];
  const ago = (ms: number) => new Date(seededAt - ms).toISOString();

  const held = owners.flatMap((owner) =>
    some(22).map((symbol): Row => {
      const agoMs = random.integer(1, 700) * dayMs;
      const cost = pricesOf(symbol)(seededAt - agoMs);
      return [owner, symbol, random.integer(1, 200), cost, ago(agoMs)];
    }),
  );
  const watched = owners.flatMap((owner) =>
    some(17).map((symbol): Row => [owner, symbol, ago(random.integer(1, 9_000_000) * 1000)]),
  );
  const traded = instruments.map(({ symbol, name, exchange, sector, currency }): Row => [
    symbol,
    name,
    exchange,
    sector,
    currency,
  ]);
  insert(database, 'instruments', 5, traded);
  insert(database, 'holdings', 5, held);
  insert(database, 'watched', 3, watched);
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
