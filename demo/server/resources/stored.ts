import type { z } from '@hono/zod-openapi';
import { selectByIds, type Database } from '../platform/database.ts';
import type { Found, ReadableType } from './types.ts';

/** A resource as its table has it: the members are JSON, those that are searched for are columns made from it. */
interface Row extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly user: string;
  readonly data: string;
}

/** What two resources have to do with each other. */
export interface Reference {
  /** The member, in the one that refers. */
  readonly member: string;
  /** The type that it refers to. */
  readonly to: string;
}

/** A kind of resource that has a table, and can be written. */
export interface StoredType<T extends object = object> extends ReadableType {
  readonly schema: z.ZodObject;
  /** One of them, in words: `child`. */
  readonly singular: string;
  /** What is sent to create one. */
  readonly input: z.ZodType;
  /** What may be sent to change one: any of its members. */
  readonly change: z.ZodType;
  readonly references: readonly Reference[];
  readonly find: (ids: readonly string[]) => ReadonlyMap<string, Found<T>>;
  readonly insert: (id: string, user: string, value: object) => void;
  readonly update: (id: string, value: object) => void;
  readonly remove: (id: string) => void;
  /** How many of this type refer to each of these by `member`. */
  readonly countReferring: (member: string, ids: readonly string[]) => ReadonlyMap<string, number>;
}

const toValue = ({ id, data }: Row): object => ({ id, ...(JSON.parse(data) as object) });

type Statements = 'find' | 'insert' | 'update' | 'remove' | 'countReferring';

/** Gives a type its statements. Its table has the columns `id`, `user` and `data`. */
export function createStoredType<T extends object>(
  database: Database,
  about: Omit<StoredType<T>, Statements>,
): StoredType<T> {
  const { name } = about;
  const insert = database.prepare(`INSERT INTO ${name} (id, user, data) VALUES (?, ?, ?)`);
  const update = database.prepare(`UPDATE ${name} SET data = ? WHERE id = ?`);
  const remove = database.prepare(`DELETE FROM ${name} WHERE id = ?`);
  return {
    ...about,
    find: (ids) => {
      const select = `SELECT id, user, data FROM ${name} WHERE id`;
      const rows = selectByIds<Row>(database, select, 'id', ids);
      return new Map(
        [...rows].map(([id, row]) => [id, { owner: row.user, value: toValue(row) as T }]),
      );
    },
    insert: (id, user, value) => {
      insert.run(id, user, JSON.stringify(value));
    },
    update: (id, value) => {
      // The id has a column of its own.
      update.run(JSON.stringify({ ...value, id: undefined }), id);
    },
    remove: (id) => {
      remove.run(id);
    },
    countReferring: (member, ids) => {
      const marks = ids.map(() => '?').join(', ');
      const rows = database
        .prepare(
          `SELECT ${member} AS id, count(*) AS count FROM ${name} WHERE ${member} IN (${marks}) GROUP BY ${member}`,
        )
        .all(...ids);
      return new Map(rows.map(({ id, count }) => [String(id), Number(count)]));
    },
  };
}
