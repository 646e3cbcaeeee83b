import type { Tables } from '../platform/database.ts';
import { createCharges } from './seed.ts';

/** Charges (production lots) and what was measured on them: a row for each characteristic, readings as JSON. */
export const chargeTables: Tables = {
  first: 'charges',
  schema: `
    CREATE TABLE IF NOT EXISTS charges (
      id TEXT PRIMARY KEY, article TEXT NOT NULL, line TEXT NOT NULL, owner TEXT NOT NULL,
      status TEXT NOT NULL, quantity REAL NOT NULL, unit TEXT NOT NULL,
      produced_at TEXT NOT NULL, changed_at TEXT NOT NULL, reason TEXT
    ) STRICT;
    CREATE INDEX IF NOT EXISTS charges_by_time ON charges (produced_at, id);
    CREATE INDEX IF NOT EXISTS charges_by_owner ON charges (owner, produced_at, id);
    CREATE INDEX IF NOT EXISTS charges_by_status ON charges (status, produced_at, id);
    CREATE TABLE IF NOT EXISTS charge_measurements (
      charge TEXT NOT NULL REFERENCES charges (id), characteristic TEXT NOT NULL,
      unit TEXT NOT NULL, lower REAL NOT NULL, upper REAL NOT NULL, readings TEXT NOT NULL,
      PRIMARY KEY (charge, characteristic)
    ) STRICT;
  `,
  seed: (database) => {
    const charge = database.prepare('INSERT INTO charges VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    const measured = database.prepare('INSERT INTO charge_measurements VALUES (?, ?, ?, ?, ?, ?)');
    for (const { row, series } of createCharges()) {
      charge.run(...row);
      for (const each of series) measured.run(row[0], ...each);
    }
  },
};
