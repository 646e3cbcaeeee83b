import { bodyLimit } from 'hono/body-limit';
import { createGuard } from './auth/guard.ts';
import { createAuthRoutes } from './auth/routes.ts';
import { describeBatches } from './batch/openapi.ts';
import { createResponseCache } from './batch/response-cache.ts';
import { createChargeRoutes } from './charges/routes.ts';
import { createChatRoutes } from './chat/routes.ts';
import { createEventRoutes } from './events/routes.ts';
import { createEtag } from './http/etag.ts';
import { createFailure } from './http/failure.ts';
import { createIdempotency } from './http/idempotency/middleware.ts';
import { createSharedStore } from './http/idempotency/shared-store.ts';
import { createMemoryStore } from './http/idempotency/store.ts';
import { createLimit } from './http/limits.ts';
import { problem } from './http/problem.ts';
import { readOff } from './http/read-off.ts';
import { createRouter, type Router } from './http/router.ts';
import { createTracing } from './http/tracing.ts';
import { createJobRoutes } from './jobs/routes.ts';
import { createMarketRoutes } from './market/routes.ts';
import { createNoteRoutes } from './notes/routes.ts';
import type { NoteStore } from './notes/store.ts';
import { createAudit } from './operations/audit.ts';
import { createCacheRoutes } from './operations/cache-routes.ts';
import { createOperationsRoutes } from './operations/routes.ts';
import type { WireCounter } from './operations/wire-counter.ts';
import { createWireStats } from './operations/wire-stats.ts';
import { createNoteType } from './resources/notes.ts';
import { createResourceRoutes } from './resources/routes.ts';
import type { Services } from './services.ts';
import { createWidgetRoutes } from './widgets/routes.ts';

/** What needs a user. A star at the end stands for nothing, too. */
const ofUsers = ['/api/*', '/events/*'];

/** Ample for a hundred items of a resource batch. */
const maxBodyBytes = 262_144;

/**
 * The application's own endpoints, which know nothing of batches: an item of a batch passes through
 * the same middleware as a request of its own.
 */
export function createApi(services: Services, counter: WireCounter): Router {
  const { config, database, limiters, log, metrics, redis, tokens } = services;
  const api = createRouter();

  const notes: NoteStore = new Map();
  const limit = createLimit(limiters.items, metrics);
  for (const path of [...ofUsers, '/healthz', '/readyz', '/metrics']) {
    api.use(path, createTracing(log, metrics));
  }
  for (const path of ofUsers) api.use(path, createGuard(tokens), limit);
  api.use(
    '/api/*',
    ...(config.BATCH_CACHE ? [createResponseCache(services)] : []),
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: async (context) => {
        await readOff(context.req.raw);
        return problem(
          413,
          'Too large',
          `A body has at most ${maxBodyBytes} bytes on this server.`,
        );
      },
    }),
    createAudit(database),
    createIdempotency(redis ? createSharedStore(redis, createMemoryStore()) : undefined),
    createEtag(),
  );
  describeBatches(api);
  api.route('/', createAuthRoutes(services));
  api.route('/', createWidgetRoutes());
  api.route('/', createNoteRoutes(notes));
  api.route('/', createEventRoutes(services));
  api.route('/', createChatRoutes(services));
  api.route('/', createResourceRoutes(services, { more: [createNoteType(notes)] }));
  api.route('/', createChargeRoutes(services));
  api.route('/', createJobRoutes(services));
  api.route('/', createMarketRoutes(services));
  api.route('/', createCacheRoutes(services));
  api.route('/', createOperationsRoutes(services));
  api.route('/', createWireStats(counter));

  api.notFound((c) => problem(404, 'Not found', `Nothing is served at ${c.req.path}.`));
  api.onError(createFailure(log));

  return api;
}
