import { createBatchHandler } from 'carpool/server';
import { Hono } from 'hono';
import { createGuard } from '../auth/guard.ts';
import type { AppEnv } from '../http/context.ts';
import { createLimit } from '../http/limits.ts';
import { createTracing, toTracedRequest } from '../http/tracing.ts';
import type { Services } from '../services.ts';
import { createAsyncBatches } from './respond-async.ts';

/** The widgets wait more than they compute, so a whole batch may wait at once. */
const concurrency = 100;

/** `POST /batch`: each item passes through `dispatch` as a request of its own. */
export function createBatchRoutes(
  services: Services,
  dispatch: (request: Request) => Response | Promise<Response>,
): Hono<AppEnv> {
  const { limiters, log, metrics, tokens } = services;
  const routes = new Hono<AppEnv>();
  const batch = createBatchHandler({ dispatch, concurrency });

  routes.use(
    '/batch',
    createTracing(log, metrics),
    createGuard(tokens),
    createLimit(limiters.batches, metrics),
  );
  routes.route('/', createAsyncBatches(services, batch));
  routes.all('/batch', (c) => batch(toTracedRequest(c.req.raw)));
  return routes;
}
