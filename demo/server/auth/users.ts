import type { Database, Tables } from '../platform/database.ts';
import type { User } from '../http/context.ts';
import { hashPassword } from './passwords.ts';

/** The users that are there from the start; each one's password is the name and `-password`. */
const seeded: readonly User[] = [
  { id: 'demo', name: 'Demo', role: 'user' },
  { id: 'ann', name: 'Ann', role: 'user' },
  { id: 'bob', name: 'Bob', role: 'user' },
  { id: 'admin', name: 'Admin', role: 'admin' },
];

export const userTables: Tables = {
  first: 'users',
  schema: `
    CREATE TABLE IF NOT EXISTS users (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL
    ) STRICT;
  `,
  seed: (database) => {
    const insert = database.prepare('INSERT INTO users VALUES (?, ?, ?, ?)');
    for (const { id, name, role } of seeded) {
      insert.run(id, name, role, hashPassword(`${id}-password`, id));
    }
  },
};

export function findUser(
  database: Database,
  id: string,
): (User & { password: string }) | undefined {
  return database.prepare('SELECT * FROM users WHERE id = ?').get(id) as
    (User & { password: string }) | undefined;
}
