import { readFileSync } from 'node:fs';
import type { Route } from './route.ts';

const dist = new URL('../../../dist/carpool.min.js', import.meta.url);

function readDist(): string {
  try {
    return readFileSync(dist, 'utf8');
  } catch (error) {
    throw new Error('dist/ is missing: run `npm run build` first', { cause: error });
  }
}

/** The page, its script, and Carpool's browser build. */
export function createStaticRoute(page: string): Route {
  const files = new Map([
    ['/', ['text/html', '<!doctype html><meta charset="utf-8">']],
    ['/page.js', ['text/javascript', page]],
    ['/carpool.min.js', ['text/javascript', readDist()]],
  ]);
  return {
    takes: (path) => files.has(path),
    handle(request, response) {
      const [type, text] = files.get(request.url ?? '') ?? [];
      response.writeHead(200, {
        'content-type': type,
        // Together they make the page's clock tell 5 µs instead of 100.
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      });
      response.end(text);
    },
  };
}
