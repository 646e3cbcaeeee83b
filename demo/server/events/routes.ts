import { createRoute, z } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import { refuse } from '../http/problem.ts';
import { createRouter, problems, type Router } from '../http/router.ts';
import { isItem } from '../http/tracing.ts';
import type { Services } from '../services.ts';
import { createHistory, isFor, toMessage, type Told } from './history.ts';
import { createSocketRoutes } from './socket.ts';

const everything = JSON.stringify({ all: true });

/** Proxies cut what is silent for long. */
const heartbeatMs = 15_000;

/** Who reads no more than this behind forgets everything instead: a queue for each reader must have an end. */
const maxWaiting = 1000;

const description = `Each message is an invalidation as JSON, such as \`{"tags":["quotes"]}\`: what \`carpool.listen('/events')\` applies to its cache. A client that comes back with \`Last-Event-ID\` hears what it has missed, or \`{"all":true}\` where that isn't known any more. The same as a WebSocket: \`ws://…/events/socket\`.`;

const events = createRoute({
  method: 'get',
  path: '/events',
  tags: ['events'],
  summary: 'Announces what is no longer valid',
  description,
  request: { headers: z.object({ 'last-event-id': z.string().max(100).optional() }) },
  responses: {
    200: {
      description: 'A stream that goes on',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...problems(400, 401),
  },
});

/** Server push: what is announced on the bus goes to the pages that listen. */
export function createEventRoutes(services: Services): Router {
  const { bus, leaving } = services;
  const router = createRouter();
  const history = createHistory(bus);

  router.openapi(events, (c) => {
    if (isItem(c)) {
      refuse(400, 'Not in a batch', 'A stream of events has no end: call it past the batch.');
    }
    const user = c.get('user').id;
    const lastId = c.req.header('last-event-id');
    // The header would be buffered with what comes later.
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      const waiting: Told[] = [];
      let isBehind = false;
      let wake = (): void => {};
      const stop = history.listen((told) => {
        if (!isFor(told.announcement, user)) return;
        waiting.push(told);
        if (waiting.length > maxWaiting) {
          waiting.length = 0;
          isBehind = true;
        }
        wake();
      });
      const leave = (): void => {
        stream.abort();
      };
      leaving.addEventListener('abort', leave);
      stream.onAbort(() => {
        wake();
      });
      if (lastId !== undefined) {
        const missed = history.since(lastId);
        if (missed) waiting.push(...missed.filter(({ announcement }) => isFor(announcement, user)));
        else await stream.writeSSE({ data: everything });
      }
      // So that the client knows that it is heard on.
      await stream.write(': here\n\n');
      while (!stream.aborted && !stream.closed) {
        if (isBehind) {
          isBehind = false;
          await stream.writeSSE({ data: everything });
          continue;
        }
        const told = waiting.shift();
        if (told) {
          await stream.writeSSE({ id: told.id, data: toMessage(told) });
          continue;
        }
        const isSilent = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(true), heartbeatMs);
          wake = () => {
            clearTimeout(timer);
            resolve(false);
          };
        });
        if (isSilent) await stream.write(': still here\n\n');
      }
      stop();
      leaving.removeEventListener('abort', leave);
    });
  });

  router.route('/', createSocketRoutes(services, history));
  return router;
}
