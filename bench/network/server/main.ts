import compression from 'compression';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { carpoolRoute } from './carpool.ts';
import { setCost, type Cost } from './cost.ts';
import { graphqlRoute } from './graphql.ts';
import { limitRoute, tunedRoute } from './limit.ts';
import { orpcRoute } from './orpc.ts';
import { listRoute, widgetRoute } from './rest.ts';
import type { Route } from './route.ts';
import { createStaticRoute } from './static.ts';
import { trpcRoutes } from './trpc.ts';

/** What the harness tells this process. */
export type Order =
  | { readonly start: { readonly page: string; readonly cert: string; readonly key: string } }
  | { readonly cost: Cost }
  | { readonly count: true }
  | { readonly cpu: true };

/** What it hears: once for each order. */
export type Report =
  | { readonly ports: { readonly h1: number; readonly h2: number } }
  | { readonly done: true }
  | { readonly requests: number }
  | { readonly cpuMs: number };

let requests = 0;

// As a web server does it, by gzip: level 6 is the library's own choice.
const compress = compression();

/** Carpool, oRPC and the limit compress by themselves; the library leaves what is compressed alone. */
function createListener(routes: readonly Route[]) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    requests++;
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const route = routes.find(({ takes }) => takes(path));
    if (!route) {
      response.writeHead(404).end();
      return;
    }
    // The bars compare with gzip, which Carpool's server uses, too.
    if (request.headers['accept-encoding']) request.headers['accept-encoding'] = 'gzip';
    const handle = async (): Promise<void> => {
      await route.handle(request, response);
    };
    const fail = (error: unknown): void => {
      console.error(error);
      response.destroy();
    };
    const isPlain = !request.headers['accept-encoding'];
    if (route.compressesItself || isPlain) handle().catch(fail);
    else compress(request as never, response as never, () => void handle().catch(fail));
  };
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

async function start(page: string, cert: string, key: string): Promise<Report> {
  const listener = createListener([
    widgetRoute,
    listRoute,
    ...trpcRoutes,
    orpcRoute,
    graphqlRoute,
    carpoolRoute,
    limitRoute,
    tunedRoute,
    createStaticRoute(page),
  ]);
  // Warm connections are to stay so, however long the others take.
  const h1 = createServer({ keepAliveTimeout: 600_000, noDelay: true }, listener);
  const h2 = createSecureServer({ cert, key }, listener as never);
  return { ports: { h1: await listen(h1), h2: await listen(h2) } };
}

async function obey(order: Order): Promise<Report> {
  if ('start' in order) return start(order.start.page, order.start.cert, order.start.key);
  if ('count' in order) return { requests };
  if ('cpu' in order) {
    const { user, system } = process.cpuUsage();
    return { cpuMs: (user + system) / 1000 };
  }
  setCost(order.cost);
  return { done: true };
}

process.on('message', (order: Order) => {
  obey(order).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
