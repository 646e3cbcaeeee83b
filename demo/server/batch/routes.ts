import { createBatchHandler } from 'carpool/server';
import { Hono } from 'hono';
import { createGuard } from '../auth/guard.ts';
import type { AppEnv } from '../http/context.ts';
import { createLimit } from '../http/limits.ts';
import { createTracing, toTracedRequest } from '../http/tracing.ts';
import type { Services } from '../services.ts';
import { endpoints } from './dispatch.ts';
import { createOlderShape } from './older/routes.ts';
import { createAsyncBatches } from './respond-async.ts';
import type { Dispatch } from './retry.ts';
import { toHandlerOptions } from './setup.ts';

/**
 * `POST /batch`, and the older shape of it, `POST /api/batch`: each item passes through `dispatch` as a
 * request of its own.
 */
export function createBatchRoutes(services: Services, dispatch: Dispatch): Hono<AppEnv> {
  const { limiters, log, metrics, tokens } = services;
  const routes = new Hono<AppEnv>();
  const batch = createBatchHandler(toHandlerOptions(services, dispatch, 'batch'));

  for (const path of endpoints) {
    routes.use(
      path,
      createTracing(log, metrics),
      createGuard(tokens),
      createLimit(limiters.batches, metrics),
    );
  }
  routes.route('/', createAsyncBatches(services, batch));
  routes.all('/batch', (c) => batch(toTracedRequest(c)));
  routes.route('/', createOlderShape(services, dispatch));
  return routes;
}
