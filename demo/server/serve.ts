import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createApp } from './app.ts';
import { createWireCounter } from './wire-counter.ts';

export interface RunningServer {
  readonly port: number;
  /** Lets open answers finish for `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
}

/** Loopback only: the demo has no log-in and sleeps on request. */
const hostname = '127.0.0.1';

/**
 * Starts the demo on that port; 0 takes any free one.
 *
 * @throws Node's listen error: `EADDRINUSE` when the port is taken, `EACCES` when it is privileged
 */
export async function serve(port: number): Promise<RunningServer> {
  const counter = createWireCounter();
  const app = createApp(counter);
  // The adaptor would replace the global Request and Response; a demo of fidelity keeps the platform's.
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;
  counter.attach(server);

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, () => {
      server.off('error', reject);
      resolve();
    });
  });

  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}
