import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

export type Database = DatabaseSync;

/** A part of the database: what it consists of, and what stands in it at first. */
export interface Tables {
  /** `CREATE … IF NOT EXISTS` statements. */
  readonly schema: string;
  /** The table that tells, by being empty, that nothing has been seeded yet. */
  readonly first: string;
  readonly seed: (database: Database) => void;
}

/** SQLite takes more parameters than this, but a plan for so many is made quickly. */
const idsPerStatement = 100;

/** Runs `work` in one transaction, which takes effect as a whole or, where it throws, not at all. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Opens the database at `path`, or one in memory, and seeds what is empty.
 *
 * @param image what `serialize()` of another one gave: where many are opened, they start from the same seeds.
 */
export function openDatabase(path: string, parts: readonly Tables[], image?: Uint8Array): Database {
  const database = new DatabaseSync(path);
  if (image) database.deserialize(image);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;',
  );
  // Another process may be at it.
  database.exec('PRAGMA busy_timeout = 5000;');
  for (const { schema, first, seed } of parts) {
    inTransaction(database, () => {
      database.exec(schema);
      if (!database.prepare(`SELECT 1 FROM ${first} LIMIT 1`).get()) seed(database);
    });
  }
  return database;
}

/**
 * All rows of these ids, in the order of ids, at one statement for each hundred; ids without a row are
 * left out.
 *
 * @param select the statement up to its `IN`, such as `SELECT * FROM quotes WHERE symbol`; `key` names its column.
 */
export function selectByIds<Row extends Readonly<Record<string, unknown>>>(
  database: Database,
  select: string,
  key: keyof Row & string,
  ids: readonly string[],
  ...more: readonly SQLInputValue[]
): Map<string, Row> {
  const unique = [...new Set(ids)];
  const rows = new Map<string, Row>();
  for (let at = 0; at < unique.length; at += idsPerStatement) {
    const chunk = unique.slice(at, at + idsPerStatement);
    const marks = chunk.map(() => '?').join(', ');
    const found = database.prepare(`${select} IN (${marks})`).all(...more, ...chunk);
    for (const row of found) rows.set(String(row[key]), row as Row);
  }
  return new Map(unique.flatMap((id) => (rows.has(id) ? [[id, rows.get(id)!]] : [])));
}
