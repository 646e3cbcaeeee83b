import { randomUUID } from 'node:crypto';
import { refuse } from '../http/problem.ts';
import { inTransaction, type Database } from '../platform/database.ts';
import type { Message, Source } from './schemas.ts';
import { toGivenId, toList, type SessionStore } from './store.ts';

export const maxMessages = 5000;

interface MessageRow {
  readonly id: string;
  readonly is_integer: number;
  readonly position: number;
  readonly role: Message['role'];
  readonly text: string;
  readonly state: Message['state'];
  readonly sources: string | null;
  readonly created_at: string;
}

/** What is to be added. */
export interface NewMessage {
  readonly id?: string | number | undefined;
  readonly role: Message['role'];
  readonly text: string;
  readonly state?: Message['state'];
  readonly sources?: readonly Source[];
}

/** Which messages: those before a position, the latest of them; or those after one, the earliest. */
export interface MessageQuery {
  readonly limit: number;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
}

/** The messages of sessions; each access refuses what {@link SessionStore.read} does. */
export interface MessageStore {
  /** In the order in which they were said; `next` is where to go on, in the direction of the query. */
  readonly list: (
    user: string,
    session: string,
    query: MessageQuery,
  ) => { readonly messages: Message[]; readonly next: number | null };
  readonly read: (user: string, session: string, id: string) => Message;
  /** Refuses with 409 an id that is taken or a session that is archived, and with 507 one too many. */
  readonly add: (user: string, session: string, message: NewMessage) => Message;
  readonly remove: (user: string, session: string, id: string) => void;
}

const toMessage = (row: MessageRow): Message => ({
  id: toGivenId(row),
  position: row.position,
  role: row.role,
  text: row.text,
  state: row.state,
  sources: toList(row.sources),
  createdAt: row.created_at,
});

export function createMessageStore(
  database: Database,
  sessions: SessionStore,
  now: () => number,
): MessageStore {
  const find = database.prepare('SELECT * FROM chat_messages WHERE session = ? AND id = ?');
  const latest = database.prepare(
    'SELECT * FROM chat_messages WHERE session = ? AND position < ? ORDER BY position DESC LIMIT ?',
  );
  const earliest = database.prepare(
    'SELECT * FROM chat_messages WHERE session = ? AND position > ? ORDER BY position LIMIT ?',
  );
  const grow = database.prepare(
    `UPDATE chat_sessions SET message_count = message_count + 1, last_position = last_position + 1, updated_at = ?
     WHERE id = ? RETURNING last_position AS position`,
  );
  const shrink = database.prepare(
    'UPDATE chat_sessions SET message_count = message_count - 1 WHERE id = ?',
  );
  const insert = database.prepare('INSERT INTO chat_messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM chat_messages WHERE session = ? AND id = ?');

  const read: MessageStore['read'] = (user, session, id) => {
    sessions.read(user, session);
    const row = find.get(session, id) as MessageRow | undefined;
    if (row) return toMessage(row);
    const detail = `The session '${session}' has no message '${id}'. GET /api/sessions/${session}/messages has them.`;
    return refuse(404, 'No such message', detail);
  };

  return {
    read,
    list: (user, session, { limit, before, after }) => {
      sessions.read(user, session);
      const rows = (after === undefined
        ? latest.all(session, before ?? Number.MAX_SAFE_INTEGER, limit + 1)
        : earliest.all(session, after, limit + 1)) as unknown as MessageRow[];
      const shown = rows.slice(0, limit);
      const next = rows.length > limit ? shown.at(-1)!.position : null;
      const messages = shown.map(toMessage);
      return { messages: after === undefined ? messages.reverse() : messages, next };
    },
    add: (user, session, { id = randomUUID(), role, text, state = 'complete', sources = [] }) =>
      inTransaction(database, () => {
        const { archived, messageCount } = sessions.read(user, session);
        // What was asked may be answered.
        const isAsked = role === 'user';
        if (archived && isAsked) {
          const detail = `The session '${session}' is archived. DELETE /api/sessions/${session}/archive brings it back.`;
          return refuse(409, 'Session is archived', detail);
        }
        if (messageCount >= maxMessages && isAsked) {
          const detail = `A session has at most ${maxMessages} messages. Start a new one.`;
          return refuse(507, 'Too many messages', detail);
        }
        if (find.get(session, String(id))) {
          const detail = `The session '${session}' has a message '${id}' already. Choose another id, or leave it out to be given one.`;
          return refuse(409, 'Id is taken', detail, [{ pointer: '#/id', detail }]);
        }
        const at = new Date(now()).toISOString();
        const position = Number(grow.get(at, session)!['position']);
        const isInteger = Number(typeof id === 'number');
        const found = sources.length > 0 ? JSON.stringify(sources) : null;
        insert.run(session, position, String(id), isInteger, role, text, state, found, at);
        return read(user, session, String(id));
      }),
    remove: (user, session, id) => {
      read(user, session, id);
      inTransaction(database, () => {
        remove.run(session, id);
        shrink.run(session);
      });
    },
  };
}
