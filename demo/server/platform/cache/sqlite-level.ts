import { inTransaction, selectByIds, type Database, type Tables } from '../database.ts';

/** What is written into a level. */
export interface Stored {
  readonly key: string;
  readonly value: string;
  /** Until it is of no use at all, not even for want of something fresher; milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface SqliteLevel {
  readonly getMany: (keys: readonly string[]) => ReadonlyMap<string, Stored>;
  readonly setMany: (entries: readonly Stored[]) => void;
  /** Removes what matches; gives its keys. */
  readonly drop: (patterns: readonly string[]) => readonly string[];
  /** How many entries and bytes there are, by the key up to its colon. */
  readonly sizes: () => readonly { prefix: string; entries: number; bytes: number }[];
}

export const cacheTables: Tables = {
  first: 'cache',
  schema: `
    CREATE TABLE IF NOT EXISTS cache (
      key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS cache_by_expiry ON cache (expires_at);
  `,
  seed: () => {},
};

const [maxEntries, writesBetweenPrunes] = [50_000, 1_000];

/** The last level: a table, which survives a restart where the database is a file. */
export function createSqliteLevel(database: Database, now: () => number = Date.now): SqliteLevel {
  const insert = database.prepare(
    `INSERT INTO cache VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
  );
  const remove = database.prepare('DELETE FROM cache WHERE key GLOB ? RETURNING key');
  const removeExpired = database.prepare('DELETE FROM cache WHERE expires_at <= ?');
  const removeSurplus = database.prepare(
    `DELETE FROM cache WHERE key IN (
       SELECT key FROM cache ORDER BY expires_at LIMIT max(0, (SELECT count(*) FROM cache) - ?)
     )`,
  );
  let written = 0;

  return {
    getMany: (keys) => {
      const select =
        'SELECT key, value, expires_at AS expiresAt FROM cache WHERE expires_at > ? AND key';
      return selectByIds<Stored & Record<string, unknown>>(database, select, 'key', keys, now());
    },
    setMany: (entries) => {
      inTransaction(database, () => {
        for (const { key, value, expiresAt } of entries) insert.run(key, value, expiresAt);
        written += entries.length;
        if (written < writesBetweenPrunes) return;
        written = 0;
        removeExpired.run(now());
        removeSurplus.run(maxEntries);
      });
    },
    drop: (patterns) =>
      patterns.flatMap((pattern) => remove.all(pattern).map(({ key }) => String(key))),
    sizes: () =>
      database
        .prepare(
          `SELECT substr(key, 1, instr(key, ':') - 1) AS prefix, count(*) AS entries,
             sum(octet_length(key) + octet_length(value)) AS bytes
           FROM cache WHERE expires_at > ? GROUP BY 1`,
        )
        .all(now()) as unknown as { prefix: string; entries: number; bytes: number }[],
  };
}
