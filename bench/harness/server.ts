import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createBatchHandler } from 'carpool/server';

/** What an endpoint answers: JSON, as text. */
export interface Answer {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ServerParts {
  /** The page's script. */
  readonly page: string;
  /** The application: what is at that path, alone or as an item of a batch; undefined for nothing. */
  readonly answer: (path: string) => Answer | undefined;
}

export interface BenchServer {
  /** With a slash at the end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const dist = new URL('../../dist/carpool.min.js', import.meta.url);
const document = '<!doctype html><meta charset="utf-8">';

function readDist(): string {
  try {
    return readFileSync(dist, 'utf8');
  } catch (error) {
    throw new Error('dist/ is missing: run `npm run build` first', { cause: error });
  }
}

/**
 * Serves the page at `/`, its script, Carpool's browser build, the application, and `/batch` in front of
 * it; on a free port of 127.0.0.1. A lone request gets the shortest way there is, since what is measured
 * against it should not win by a slow server.
 */
export async function startServer({ page, answer }: ServerParts): Promise<BenchServer> {
  const scripts = new Map([
    ['/page.js', page],
    ['/carpool.min.js', readDist()],
  ]);
  const batch = createBatchHandler({
    dispatch: (request) => {
      const found = answer(new URL(request.url).pathname);
      if (!found) return new Response(null, { status: 404 });
      return new Response(found.body, {
        headers: { 'content-type': 'application/json', ...found.headers },
      });
    },
  });

  const ride = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method ?? 'GET',
      headers: incoming.headers as Record<string, string>,
      body: new Uint8Array(await buffer(incoming)),
    });
    const response = await batch(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    for await (const chunk of response.body ?? []) outgoing.write(chunk);
    outgoing.end();
  };

  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    if (path === '/batch') {
      ride(incoming, outgoing).catch((error: unknown) => {
        outgoing.destroy(error as Error);
      });
      return;
    }
    const found = answer(path);
    if (found) {
      outgoing.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(found.body),
        ...found.headers,
      });
      outgoing.end(found.body);
      return;
    }
    const script = scripts.get(path);
    const text = path === '/' ? document : script;
    outgoing.writeHead(text === undefined ? 404 : 200, {
      'content-type': script === undefined ? 'text/html' : 'text/javascript',
      // Together they make the page's clock tell 5 µs instead of 100.
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    outgoing.end(text);
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
