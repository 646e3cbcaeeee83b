import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { createApp } from '../../demo/server/app.ts';
import { findUser } from '../../demo/server/auth/users.ts';
import { readConfig, type Config } from '../../demo/server/config.ts';
import { createHttpServer } from '../../demo/server/http-server.ts';
import { createWireCounter } from '../../demo/server/operations/wire-counter.ts';
import { createLog } from '../../demo/server/platform/log.ts';
import { createServices, type Services } from '../../demo/server/services.ts';

// The platform's, also where a test puts another in its place.
const { fetch } = globalThis;

export interface DemoServer {
  /** For what a socket, which reads ahead, hides: at which word of a stream its reader has gone. */
  readonly app: Hono;
  readonly services: Services;
  /** What the server has logged, a line each. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** Where it listens, such as `http://127.0.0.1:40001`; from the first call until the test ends. */
  readonly origin: () => Promise<string>;
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

/** The demo's server, which is asked over real HTTP, on a port of its own. */
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
  const counter = createWireCounter();
  const app = createApp(services, counter);
  const http = createHttpServer(app, counter);

  const listen = async (): Promise<string> => {
    onTestFinished(async () => {
      const closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
      await closed;
    });
    await once(http.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`;
  };
  let listening: Promise<string> | undefined;
  // Many tests look at nothing but the services.
  const origin = () => (listening ??= listen());

  const tokenOf = (user: string): Promise<string> =>
    services.tokens.issue(findUser(services.database, user)!);
  const ask: DemoServer['ask'] = async (path, { as = 'demo', ...init } = {}) => {
    const headers = new Headers(init.headers);
    if (as !== null) headers.set('authorization', `Bearer ${await tokenOf(as)}`);
    return fetch(`${await origin()}${path}`, { ...init, headers });
  };
  return {
    app,
    services,
    lines,
    origin,
    tokenOf,
    ask,
    send: (method, path, body, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('content-type', 'application/json');
      return ask(path, { ...init, method, headers, body: JSON.stringify(body) });
    },
  };
}
