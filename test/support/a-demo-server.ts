import type { Hono } from 'hono';
import { createApp } from '../../demo/server/app.ts';
import { findUser } from '../../demo/server/auth/users.ts';
import { readConfig, type Config } from '../../demo/server/config.ts';
import { createLog } from '../../demo/server/platform/log.ts';
import { createServices, type Services } from '../../demo/server/services.ts';

export const origin = 'http://localhost:8787';

export interface DemoServer {
  readonly app: Hono;
  readonly services: Services;
  /** What the server has logged, a line each. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly tokenOf: (user: string) => Promise<string>;
  /** Asks as somebody; null for nobody. */
  readonly ask: (
    path: string,
    init?: RequestInit & { readonly as?: string | null },
  ) => Promise<Response>;
  /** Asks with a JSON body. */
  readonly send: (
    method: string,
    path: string,
    body: unknown,
    init?: RequestInit & { readonly as?: string | null },
  ) => Promise<Response>;
}

/** The seeded database, from which each server in memory starts: seeding takes most of a test's time. */
let seeded: Uint8Array | undefined;

/** The demo's server, without a port. */
export function aDemoServer(config: Partial<Config> = {}): DemoServer {
  const lines: Record<string, unknown>[] = [];
  const log = createLog('info', {
    write: (line) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  });
  const isOfItsOwn = config.DATABASE === undefined;
  const services = createServices(
    { ...readConfig(), UPSTREAM_LATENCY_MS: 0, UPSTREAM_FAILURES: 0, ANSWER_WORD_MS: 0, ...config },
    log,
    isOfItsOwn ? seeded : undefined,
  );
  if (isOfItsOwn) seeded ??= services.database.serialize();
  const app = createApp(services);
  const tokenOf = (user: string): Promise<string> =>
    services.tokens.issue(findUser(services.database, user)!);
  const ask: DemoServer['ask'] = async (path, { as = 'demo', ...init } = {}) => {
    const headers = new Headers(init.headers);
    if (as !== null) headers.set('authorization', `Bearer ${await tokenOf(as)}`);
    return app.request(`${origin}${path}`, { ...init, headers });
  };
  return {
    app,
    services,
    lines,
    tokenOf,
    ask,
    send: (method, path, body, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('content-type', 'application/json');
      return ask(path, { ...init, method, headers, body: JSON.stringify(body) });
    },
  };
}
