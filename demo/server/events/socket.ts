import { upgradeWebSocket } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import type { WebSocket } from 'ws';
import type { AppEnv } from '../http/context.ts';
import { problem } from '../http/problem.ts';
import { createRouter, type Router } from '../http/router.ts';
import type { Services } from '../services.ts';
import { isFor, toMessage, type History } from './history.ts';

/** Who reads no more than so many bytes behind is cut off, and comes back. */
const maxBuffered = 1_048_576;

/** Browsers send cookies with a WebSocket whatever page opens it, and ask no permission: CORS is not for it. */
const ownPagesOnly =
  (origins: readonly string[]): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const origin = c.req.header('origin');
    const isOwn = (): boolean =>
      URL.canParse(origin!) && new URL(origin!).host === new URL(c.req.url).host;
    if (origin === undefined || origins.includes(origin) || isOwn()) return next();
    return problem(403, 'Another site', `Pages of the origin '${origin}' may not listen here.`);
  };

/** The announcements as a WebSocket, for those who listen. */
export function createSocketRoutes(
  { config, leaving }: Pick<Services, 'config' | 'leaving'>,
  history: History,
): Router {
  const router = createRouter();

  router.get(
    '/events/socket',
    ownPagesOnly(config.CORS_ORIGINS),
    upgradeWebSocket((c) => {
      const user = (c.get('user') as { readonly id: string }).id;
      let stop = (): void => {};
      return {
        onOpen: (_, socket) => {
          const raw = socket.raw as unknown as WebSocket | undefined;
          const unhear = history.listen((told) => {
            if (!isFor(told.announcement, user)) return;
            if ((raw?.bufferedAmount ?? 0) > maxBuffered) raw?.terminate();
            else socket.send(toMessage(told));
          });
          const leave = (): void => socket.close(1001, 'the server is going');
          leaving.addEventListener('abort', leave);
          stop = () => {
            unhear();
            leaving.removeEventListener('abort', leave);
          };
        },
        onClose: () => {
          stop();
        },
      };
    }),
    () => {
      const response = problem(426, 'A WebSocket', 'Open this as a WebSocket, or GET /events.');
      response.headers.set('upgrade', 'websocket');
      return response;
    },
  );

  return router;
}
