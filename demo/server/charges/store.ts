import type { SQLInputValue } from 'node:sqlite';
import { inTransaction, selectByIds, type Database } from '../platform/database.ts';
import type { Charge, ChargeStatus, Series } from './charge.ts';

/** Which charges a list has. Times are RFC 3339, `from` inclusive and `to` exclusive. */
export interface ChargeFilter {
  readonly owner?: string | undefined;
  readonly status?: ChargeStatus | undefined;
  readonly line?: string | undefined;
  readonly article?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Where a page ends: the next one goes on below. */
export type Position = readonly [producedAt: string, id: string];

export interface ChargeStore {
  /** The latest first, and how many there are on all pages. */
  readonly page: (
    filter: ChargeFilter,
    limit: number,
    after: Position | null,
  ) => { readonly charges: Charge[]; readonly total: number; readonly next: Position | null };
  readonly find: (id: string) => Charge | undefined;
  /** At one statement for each hundred. */
  readonly findAll: (ids: readonly string[]) => Map<string, Charge>;
  readonly seriesOf: (id: string) => Series[];
  /** Writes status, reason and time of all, or of none. */
  readonly update: (charges: readonly Charge[]) => void;
}

const select = `SELECT id, article, line, owner, status, quantity, unit,
  produced_at AS producedAt, changed_at AS changedAt, reason FROM charges`;

const conditions: Readonly<Record<keyof ChargeFilter, string>> = {
  owner: 'owner = ?',
  status: 'status = ?',
  line: 'line = ?',
  article: String.raw`article LIKE ? ESCAPE '\'`,
  from: 'produced_at >= ?',
  to: 'produced_at < ?',
};

/** A part of a name, whatever it contains. */
const like = (text: string): string => `%${text.replaceAll(/[%_\\]/g, String.raw`\$&`)}%`;

function toWhere(filter: ChargeFilter): { text: string; values: SQLInputValue[] } {
  const set = Object.entries(filter).filter(([, value]) => value !== undefined);
  return {
    text: set.map(([name]) => conditions[name as keyof ChargeFilter]).join(' AND ') || '1 = 1',
    values: set.map(([name, value]) => (name === 'article' ? like(value) : value)),
  };
}

export function createChargeStore(database: Database): ChargeStore {
  const one = database.prepare(`${select} WHERE id = ?`);
  const series = database.prepare(
    `SELECT characteristic AS name, unit, lower, upper, readings
     FROM charge_measurements WHERE charge = ? ORDER BY characteristic`,
  );
  const write = database.prepare(
    'UPDATE charges SET status = ?, reason = ?, changed_at = ? WHERE id = ?',
  );
  return {
    page: (filter, limit, after) => {
      const { text, values } = toWhere(filter);
      const counted = database
        .prepare(`SELECT count(*) AS total FROM charges WHERE ${text}`)
        .get(...values);
      const below = after ? 'AND (produced_at, id) < (?, ?)' : '';
      // One more tells whether there is a next page.
      const rows = database
        .prepare(
          `${select} WHERE ${text} ${below} ORDER BY produced_at DESC, id DESC LIMIT ${limit + 1}`,
        )
        .all(...values, ...(after ?? [])) as unknown as Charge[];
      const charges = rows.slice(0, limit);
      const last = charges.at(-1);
      return {
        charges,
        total: Number(counted?.['total']),
        next: rows.length > limit && last ? [last.producedAt, last.id] : null,
      };
    },
    find: (id) => one.get(id) as Charge | undefined,
    findAll: (ids) => selectByIds<Charge>(database, `${select} WHERE id`, 'id', ids),
    seriesOf: (id) =>
      series.all(id).map((row) => ({
        name: String(row['name']),
        unit: String(row['unit']),
        lower: Number(row['lower']),
        upper: Number(row['upper']),
        readings: JSON.parse(String(row['readings'])) as number[],
      })),
    update: (charges) => {
      inTransaction(database, () => {
        for (const { id, status, reason, changedAt } of charges) {
          write.run(status, reason, changedAt, id);
        }
      });
    },
  };
}
