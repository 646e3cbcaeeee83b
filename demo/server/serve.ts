import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { createApp } from './app.ts';
import { readConfig, type Config } from './config.ts';
import { createWireCounter } from './operations/wire-counter.ts';
import { createServices, type Services } from './services.ts';

export interface RunningServer {
  readonly port: number;
  readonly services: Services;
  /** Lets open answers finish for `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
}

type WebSockets = NonNullable<Parameters<typeof createAdaptorServer>[0]['websocket']>['server'];

/** Loopback only: everybody knows the demo's passwords, and it sleeps on request. */
const hostname = '127.0.0.1';

/** What the adaptor gives only looks like a `Request`: who has to copy one, to limit its body, can't copy that. */
function toRequest(given: Request): Request {
  const { url, method } = given;
  if (method === 'GET' || method === 'HEAD') return given;
  const { headers, signal } = given;
  // It has a stream for every one; what tells is the message's framing (RFC 9112, 6.3).
  const length = headers.get('content-length');
  const isEmpty = length === null ? !headers.has('transfer-encoding') : length === '0';
  const body = isEmpty ? null : given.body;
  const init: RequestInit & { readonly duplex: 'half' } = {
    method,
    headers,
    body,
    signal,
    duplex: 'half',
  };
  return new Request(url, init);
}

/**
 * Starts the demo on that port; 0 takes any free one.
 *
 * @throws Node's listen error: `EADDRINUSE` when the port is taken, `EACCES` when it is privileged
 */
export async function serve(port: number, config: Config = readConfig()): Promise<RunningServer> {
  const counter = createWireCounter();
  const services = createServices(config);
  const app = createApp(services, counter);
  // Its types know no `noServer` that is set.
  const sockets = new WebSocketServer({
    noServer: true,
    // Nobody has anything to say here.
    maxPayload: 1024,
  }) as unknown as WebSockets;
  // The adaptor would replace the global Request and Response; a demo of fidelity keeps the platform's.
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(toRequest(request), env),
    overrideGlobalObjects: false,
    websocket: { server: sockets },
  }) as Server;
  counter.attach(server);

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, () => {
      server.off('error', reject);
      resolve();
    });
  });

  // From here on requests are answered: warming only spares the first of them a wait.
  void services.market.warm();

  return {
    port: (server.address() as AddressInfo).port,
    services,
    async close(graceMs) {
      services.leave();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
      await services.close();
    },
  };
}
