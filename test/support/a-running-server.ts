import { readConfig, type Config } from '../../demo/server/config.ts';
import { serve } from '../../demo/server/serve.ts';
import { findUser } from '../../demo/server/auth/users.ts';
import type { Services } from '../../demo/server/services.ts';

export interface RunningDemo {
  /** Such as `http://127.0.0.1:40001`. */
  readonly url: string;
  readonly services: Services;
  readonly tokenOf: (user: string) => Promise<string>;
  /** Asks as somebody; null for nobody. */
  readonly ask: (
    path: string,
    init?: RequestInit & { readonly as?: string | null },
  ) => Promise<Response>;
  readonly close: () => Promise<void>;
}

const graceMs = 1000;

/** The demo's server on a port of its own, over real HTTP. */
export async function aRunningServer(config: Partial<Config> = {}): Promise<RunningDemo> {
  const server = await serve(0, {
    ...readConfig(),
    LOG_LEVEL: 'silent',
    UPSTREAM_LATENCY_MS: 0,
    UPSTREAM_FAILURES: 0,
    ...config,
  });
  const { services } = server;
  const url = `http://127.0.0.1:${String(server.port)}`;
  const tokenOf = (user: string): Promise<string> =>
    services.tokens.issue(findUser(services.database, user)!);
  let closing: Promise<void> | undefined;
  return {
    url,
    services,
    tokenOf,
    ask: async (path, { as = 'demo', ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (as !== null) headers.set('authorization', `Bearer ${await tokenOf(as)}`);
      return fetch(url + path, { ...init, headers });
    },
    close: () => (closing ??= server.close(graceMs)),
  };
}
