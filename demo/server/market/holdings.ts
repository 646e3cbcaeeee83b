import type { Database } from '../platform/database.ts';

/** What a user has of a symbol. */
export interface Holding {
  readonly symbol: string;
  readonly name: string;
  readonly shares: number;
  /** What a share has cost, in dollars. */
  readonly averageCost: number;
  readonly since: string;
}

export interface Holdings {
  readonly all: (user: string) => readonly Holding[];
  readonly find: (user: string, symbol: string) => Holding | undefined;
  readonly count: (user: string) => number;
  /** Sets how much there is; what was there before keeps its date. */
  readonly put: (user: string, symbol: string, shares: number, averageCost: number) => void;
  /** Whether there was one. */
  readonly remove: (user: string, symbol: string) => boolean;
}

export function createHoldings(database: Database): Holdings {
  const select = `
    SELECT symbol, name, shares, average_cost AS averageCost, since
    FROM holdings JOIN instruments USING (symbol) WHERE user = ?`;
  const selectAll = database.prepare(`${select} ORDER BY symbol`);
  const selectOne = database.prepare(`${select} AND symbol = ?`);
  const count = database.prepare('SELECT count(*) AS count FROM holdings WHERE user = ?');
  const upsert = database.prepare(
    `INSERT INTO holdings VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET shares = excluded.shares, average_cost = excluded.average_cost`,
  );
  const remove = database.prepare('DELETE FROM holdings WHERE user = ? AND symbol = ?');
  return {
    all: (user) => selectAll.all(user) as unknown as readonly Holding[],
    find: (user, symbol) => selectOne.get(user, symbol) as Holding | undefined,
    count: (user) => Number(count.get(user)?.['count']),
    put: (user, symbol, shares, averageCost) => {
      upsert.run(user, symbol, shares, averageCost, new Date().toISOString());
    },
    remove: (user, symbol) => remove.run(user, symbol).changes > 0,
  };
}
