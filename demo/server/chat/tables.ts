import type { Tables } from '../platform/database.ts';
import { createRandom } from '../widgets/random.ts';
import { conversations } from './seed-texts.ts';

const owners = ['demo', 'ann', 'bob', 'admin'];
const sessionsPerOwner = 60;
const [minuteMs, dayMs] = [60_000, 86_400_000];
/** The last session of each user began on this day. */
const lastDay = Date.UTC(2026, 2, 2, 9);

/** Every fifth session was made by a client that numbers them. */
const idOf = (owner: string, number: number): string =>
  number % 5 === 0 ? String((owners.indexOf(owner) + 1) * 1000 + number) : `${owner}-${number}`;

/** Sessions and their messages. */
export const chatTables: Tables = {
  first: 'chat_sessions',
  schema: `
    CREATE TABLE IF NOT EXISTS chat_sessions (
      id TEXT PRIMARY KEY, is_integer INTEGER NOT NULL, user TEXT NOT NULL, title TEXT NOT NULL, tags TEXT,
      archived INTEGER NOT NULL DEFAULT 0, message_count INTEGER NOT NULL DEFAULT 0,
      last_position INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS chat_sessions_by_user ON chat_sessions (user, updated_at DESC, id DESC);
    CREATE TABLE IF NOT EXISTS chat_messages (
      session TEXT NOT NULL REFERENCES chat_sessions ON DELETE CASCADE, position INTEGER NOT NULL,
      id TEXT NOT NULL, is_integer INTEGER NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL,
      state TEXT NOT NULL, sources TEXT, created_at TEXT NOT NULL,
      PRIMARY KEY (session, position), UNIQUE (session, id)
    ) STRICT, WITHOUT ROWID;
  `,
  seed: (database) => {
    const insertSession = database.prepare(
      'INSERT INTO chat_sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    const insertMessage = database.prepare(
      "INSERT INTO chat_messages VALUES (?, ?, ?, 0, ?, ?, 'complete', NULL, ?)",
    );
    const random = createRandom(2);
    for (const owner of owners) {
      for (let number = 1; number <= sessionsPerOwner; number++) {
        const id = idOf(owner, number);
        const { title, tags, exchanges } =
          conversations[random.integer(0, conversations.length - 1)]!;
        const count = random.integer(2, 6);
        const start = lastDay - (sessionsPerOwner - number) * dayMs;
        const at = (position: number) => new Date(start + position * minuteMs).toISOString();
        insertSession.run(
          id,
          number % 5 === 0 ? 1 : 0,
          owner,
          title,
          // Clients that know no tags left none.
          number % 3 === 0 ? null : JSON.stringify(tags),
          number <= 10 ? 1 : 0,
          count * 2,
          count * 2,
          at(0),
          at(count * 2),
        );
        for (let turn = 0; turn < count; turn++) {
          const [question, answer] = exchanges[turn % exchanges.length]!;
          const position = turn * 2 + 1;
          insertMessage.run(id, position, `m-${position}`, 'user', question, at(position));
          insertMessage.run(
            id,
            position + 1,
            `m-${position + 1}`,
            'assistant',
            answer,
            at(position + 1),
          );
        }
      }
    }
  },
};
