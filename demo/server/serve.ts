import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { readConfig, type Config } from './config.ts';
import { createHttpServer } from './http-server.ts';
import { createWireCounter } from './operations/wire-counter.ts';
import { createServices, type Services } from './services.ts';

export interface RunningServer {
  readonly port: number;
  readonly services: Services;
  /** Lets open answers finish for `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
}

/** Loopback only: everybody knows the demo's passwords, and it sleeps on request. */
const hostname = '127.0.0.1';

/**
 * Starts the demo on that port; 0 takes any free one.
 *
 * @throws Node's listen error: `EADDRINUSE` when the port is taken, `EACCES` when it is privileged
 */
export async function serve(port: number, config: Config = readConfig()): Promise<RunningServer> {
  const counter = createWireCounter();
  const services = createServices(config);
  const server = createHttpServer(createApp(services, counter), counter);

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
