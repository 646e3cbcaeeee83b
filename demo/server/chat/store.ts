import { randomUUID } from 'node:crypto';
import { refuse } from '../http/problem.ts';
import { inTransaction, type Database } from '../platform/database.ts';
import type { Session } from './schemas.ts';

export const maxSessions = 1000;

type GivenId = string | number;

export interface SessionRow extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly is_integer: number;
  readonly user: string;
  readonly title: string;
  readonly tags: string | null;
  readonly archived: number;
  readonly message_count: number;
  readonly last_position: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Which sessions, and from where on. */
export interface SessionQuery {
  readonly limit: number;
  readonly archived: 'true' | 'false' | 'all';
  /** The last one of the page before, as {@link SessionStore.list} has told it. */
  readonly after?: string | undefined;
}

/** As it was given: an integer stays one. */
export const toGivenId = ({
  id,
  is_integer,
}: {
  readonly id: string;
  readonly is_integer: number;
}) => (is_integer ? Number(id) : id);

/** Lists are lists also where the database has nothing. */
export const toList = <T>(text: string | null): T[] =>
  text === null ? [] : (JSON.parse(text) as T[]);

export const toSession = (row: SessionRow): Session => ({
  id: toGivenId(row),
  title: row.title,
  tags: toList(row.tags),
  archived: row.archived === 1,
  messageCount: row.message_count,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const toCursor = ({ updated_at, id }: SessionRow) =>
  Buffer.from(`${updated_at} ${id}`).toString('base64url');

const cursorSyntax = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\S+)$/;

function readCursor(cursor: string): readonly [string, string] {
  const [, at, id] = cursorSyntax.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (at !== undefined && id !== undefined) return [at, id];
  const detail = `after must be taken from the 'next' of the page before, got '${cursor}'.`;
  return refuse(400, 'Bad cursor', detail, [{ pointer: '#/after', detail }]);
}

/** The sessions of chats. Each one belongs to a user, and nobody else gets at it. */
export interface SessionStore {
  /** The one changed last comes first. */
  readonly list: (
    user: string,
    query: SessionQuery,
  ) => { readonly sessions: Session[]; readonly next: string | null };
  /** Refuses with 404 what there isn't, and with 403 what is another's. */
  readonly read: (user: string, id: string) => Session;
  /** Refuses with 409 an id that is taken, and with 507 one too many. */
  readonly create: (
    user: string,
    session: {
      readonly id?: GivenId | undefined;
      readonly title: string;
      readonly tags?: readonly string[] | undefined;
    },
  ) => Session;
  readonly rename: (user: string, id: string, title: string) => Session;
  readonly archive: (user: string, id: string, isArchived: boolean) => Session;
  readonly remove: (user: string, id: string) => void;
}

export function createSessionStore(database: Database, now: () => number): SessionStore {
  const find = database.prepare('SELECT * FROM chat_sessions WHERE id = ?');
  const count = database.prepare('SELECT count(*) AS count FROM chat_sessions WHERE user = ?');
  const page = database.prepare(
    `SELECT * FROM chat_sessions
     WHERE user = ? AND archived = coalesce(?, archived) AND (updated_at, id) < (?, ?)
     ORDER BY updated_at DESC, id DESC LIMIT ?`,
  );
  const insert = database.prepare(
    `INSERT INTO chat_sessions (id, is_integer, user, title, tags, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const setTitle = database.prepare(
    'UPDATE chat_sessions SET title = ?, updated_at = ? WHERE id = ?',
  );
  const setArchived = database.prepare('UPDATE chat_sessions SET archived = ? WHERE id = ?');
  const remove = database.prepare('DELETE FROM chat_sessions WHERE id = ?');
  const instant = () => new Date(now()).toISOString();

  const read: SessionStore['read'] = (user, id) => {
    const row = find.get(id) as SessionRow | undefined;
    if (!row) {
      const detail = `There is no session '${id}'. GET /api/sessions has yours.`;
      return refuse(404, 'No such session', detail);
    }
    if (row.user === user) return toSession(row);
    const detail = `The session '${id}' belongs to another user. GET /api/sessions has yours.`;
    return refuse(403, 'Not your session', detail);
  };

  return {
    read,
    list: (user, { limit, archived, after }) => {
      // Later than any instant that there is.
      const [at, id] = after === undefined ? ['9', ''] : readCursor(after);
      const isArchived = archived === 'all' ? null : Number(archived === 'true');
      // One more tells whether there is more.
      const rows = page.all(user, isArchived, at, id, limit + 1) as unknown as SessionRow[];
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        sessions: shown.map(toSession),
        next: last && rows.length > limit ? toCursor(last) : null,
      };
    },
    create: (user, { id = randomUUID(), title, tags }) =>
      inTransaction(database, () => {
        if (find.get(String(id))) {
          const detail = `There is a session '${id}' already. Choose another id, or leave it out to be given one.`;
          return refuse(409, 'Id is taken', detail, [{ pointer: '#/id', detail }]);
        }
        if (Number(count.get(user)!['count']) >= maxSessions) {
          const detail = `A user has at most ${maxSessions} sessions. Delete one first.`;
          return refuse(507, 'Too many sessions', detail);
        }
        const at = instant();
        const isInteger = Number(typeof id === 'number');
        insert.run(String(id), isInteger, user, title, tags ? JSON.stringify(tags) : null, at, at);
        return read(user, String(id));
      }),
    rename: (user, id, title) => {
      read(user, id);
      setTitle.run(title, instant(), id);
      return read(user, id);
    },
    archive: (user, id, isArchived) => {
      read(user, id);
      setArchived.run(Number(isArchived), id);
      return read(user, id);
    },
    remove: (user, id) => {
      read(user, id);
      remove.run(id);
    },
  };
}
