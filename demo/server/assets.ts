import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The page, and the browser bundle that it imports, straight from their folders: nothing is built for the demo. */
export function createAssets(): Hono {
  const assets = new Hono();

  // Revalidated each time, so that a rebuilt bundle is never mixed with a cached page.
  assets.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-cache');
  });
  for (const name of ['carpool.min.js', 'carpool.min.js.map']) {
    assets.get(`/assets/${name}`, serveStatic({ path: folder(`../../dist/${name}`) }));
  }
  assets.get('*', serveStatic({ root: folder('../web') }));

  return assets;
}
