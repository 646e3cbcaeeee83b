import { createRoute, z } from '@hono/zod-openapi';
import { upgradeWebSocket } from '@hono/node-server';
import { streamSSE } from 'hono/streaming';
import { refuse } from '../http/problem.ts';
import { createRouter, problems, type Router } from '../http/router.ts';
import { isItem } from '../http/tracing.ts';
import type { Services } from '../services.ts';
import { createHistory, isFor, type Told } from './history.ts';

/** What a client hears: an invalidation, as `carpool.listen` takes it. */
const toMessage = ({ announcement }: Told): string => JSON.stringify({ tags: announcement.tags });

const everything = JSON.stringify({ all: true });

/** Proxies cut what is silent for long. */
const heartbeatMs = 15_000;

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
export function createEventRoutes({ bus, onLeave }: Services): Router {
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
      let wake = (): void => {};
      const stop = history.listen((told) => {
        if (!isFor(told.announcement, user)) return;
        waiting.push(told);
        wake();
      });
      const unleave = onLeave(() => {
        stream.abort();
        wake();
      });
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
      unleave();
    });
  });

  router.get(
    '/events/socket',
    upgradeWebSocket((c) => {
      const user = (c.get('user') as { readonly id: string }).id;
      let stop = (): void => {};
      return {
        onOpen: (_, socket) => {
          const unhear = history.listen((told) => {
            if (isFor(told.announcement, user)) socket.send(toMessage(told));
          });
          const unleave = onLeave(() => socket.close(1001, 'the server is going'));
          stop = () => {
            unhear();
            unleave();
          };
        },
        onClose: () => {
          stop();
        },
      };
    }),
  );

  return router;
}
