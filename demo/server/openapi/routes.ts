import { createRequire } from 'node:module';
import { dirname, relative } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import type { Router } from '../http/router.ts';
import { createDocument } from './document.ts';

const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Carpool’s reference server: API</title>
    <link rel="icon" href="/docs/favicon-32x32.png" />
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <script src="/docs/swagger-ui-bundle.js" defer></script>
    <script src="/docs/start.js" defer></script>
  </head>
  <body>
    <div id="ui"></div>
  </body>
</html>
`;

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true, persistAuthorization: true });
`;

/** `GET /openapi.json`, and `GET /docs` to read it in a browser. */
export function createOpenApiRoutes(api: Router): Hono {
  const routes = new Hono();
  let document: Record<string, unknown> | undefined;

  routes.get('/openapi.json', (c) =>
    c.json((document ??= createDocument(api)), 200, { 'cache-control': 'no-cache' }),
  );
  routes.get('/docs', (c) => c.html(page));
  // The viewer brings a page of its own, of another API.
  for (const path of ['/docs/', '/docs/index.html']) routes.get(path, (c) => c.redirect('/docs'));
  routes.get('/docs/start.js', (c) => c.body(start, 200, { 'content-type': 'text/javascript' }));
  routes.get(
    '/docs/*',
    serveStatic({
      root: relative(process.cwd(), viewer),
      rewriteRequestPath: (path) => path.replace(/^\/docs/, ''),
    }),
  );
  return routes;
}
