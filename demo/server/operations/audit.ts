import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../http/context.ts';
import type { Database, Tables } from '../platform/database.ts';

export const auditTables: Tables = {
  first: 'audit',
  schema: `
    CREATE TABLE IF NOT EXISTS audit (
      at TEXT NOT NULL, user TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
      status INTEGER NOT NULL, request_id TEXT NOT NULL, correlation_id TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS audit_by_user ON audit (user, at);
  `,
  seed: () => {},
};

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Notes who has written what, when, and with what result; a write that was refused, too. */
export function createAudit(database: Database): MiddlewareHandler<AppEnv> {
  const insert = database.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)');
  return async (c, next) => {
    await next();
    const { method, path } = c.req;
    if (safe.has(method)) return;
    const user = (c.get('user') as AppEnv['Variables']['user'] | undefined)?.id ?? 'nobody';
    const at = new Date().toISOString();
    insert.run(at, user, method, path, c.res.status, c.get('requestId'), c.get('correlationId'));
  };
}
