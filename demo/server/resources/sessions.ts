import { givenId, session } from '../chat/schemas.ts';
import { toSession, type SessionRow } from '../chat/store.ts';
import { selectByIds, type Database } from '../platform/database.ts';
import type { ReadableType } from './types.ts';

/** Chat sessions, by lists of ids. They are private: administrators have no business there. */
export const createSessionType = (database: Database): ReadableType => ({
  name: 'sessions',
  id: givenId.transform(String),
  schema: session,
  example: 'demo-51',
  mayRead: (user, owner) => user.id === owner,
  find: (ids) => {
    const rows = selectByIds<SessionRow>(
      database,
      'SELECT * FROM chat_sessions WHERE id',
      'id',
      ids,
    );
    return new Map([...rows].map(([id, row]) => [id, { owner: row.user, value: toSession(row) }]));
  },
});
