import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { cors } from 'hono/cors';
import { createApi } from './api.ts';
import { createAssets } from './assets.ts';
import { createBatchRoutes } from './batch/routes.ts';
import { createFailure } from './http/failure.ts';
import { endBodyOfHead } from './http/head.ts';
import { problem } from './http/problem.ts';
import { createSecurity } from './http/security.ts';
import { asItem } from './http/tracing.ts';
import { createOpenApiRoutes } from './openapi/routes.ts';
import { createWireCounter, type WireCounter } from './operations/wire-counter.ts';
import type { Services } from './services.ts';

/** The whole server as one web-standard handler: `app.fetch(request)` needs no port. */
export function createApp(services: Services, counter: WireCounter = createWireCounter()): Hono {
  const app = new Hono();
  const api = createApi(services, counter);

  app.use(endBodyOfHead);
  app.use(createSecurity());
  app.use(
    cors({
      origin: services.config.CORS_ORIGINS,
      credentials: true,
      exposeHeaders: [
        'cache-status',
        'cache-tag',
        'etag',
        'location',
        'preference-applied',
        'ratelimit',
        'ratelimit-policy',
        'retry-after',
        'x-request-id',
        'x-correlation-id',
      ],
      maxAge: 600,
    }),
  );
  app.route(
    '/',
    createBatchRoutes(services, (request) => api.fetch(request, asItem)),
  );

  // Plain answers are compressed too: a comparison of bytes should be between equals.
  app.use(compress());
  app.route('/', createOpenApiRoutes(api));
  app.route('/', api);
  app.route('/', createAssets());

  app.onError(createFailure(services.log));

  // From here on everything is there that a job from Redis may need.
  services.jobs.start();

  app.notFound((c) => problem(404, 'Not found', `Nothing is served at ${c.req.path}.`));
  return app;
}
