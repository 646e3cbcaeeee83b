import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import * as stream from 'node:stream';
import * as streamPromises from 'node:stream/promises';
import * as hono from 'hono';
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as server from '../../src/server/index.ts';
import { aBatch, aGet, linesOf, partsOf, streamed } from './support.ts';

const text = readFileSync(new URL('../../docs/server.md', import.meta.url), 'utf8');

type Handle = (request: Request) => Response | Promise<Response>;

/** Runs the example that begins with `comment`; the result is what it declares. */
async function example<Declared>(
  comment: string,
  modules: Record<string, unknown> = {},
): Promise<Declared> {
  const blocks = [...text.matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code!);
  const code = blocks.find((block) => block.startsWith(`// ${comment}\n`));
  if (code === undefined) throw new Error(`no example begins with ${comment}`);
  const names = [...code.matchAll(/^(?:export )?const (\w+)/gm)].map(([, name]) => name!);
  const script = stripTypeScriptTypes(code)
    .replaceAll(/^import (.*) from '(.*)';$/gm, "const $1 = modules['$2'];")
    .replace('export default', 'const exported =')
    .replaceAll(/^export /gm, '');
  if (script.includes('const exported')) names.push('exported');
  // oxlint-disable-next-line typescript/no-implied-eval -- the docs are code of this project
  const run = new Function(
    'modules',
    `return (async () => {${script}; return { ${names.join()} }; })()`,
  );
  return run({ 'carpool/server': server, hono, ...modules }) as Promise<Declared>;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the examples of docs/server.md', () => {
  test.each(['Hono', 'Hono with bindings'])('%s', async (name) => {
    const { app } = await example<{ app: hono.Hono }>(name);

    const response = await app.fetch(aBatch([aGet('/api/widgets/1')]), { KEY: 'x' });

    expect(await partsOf(response)).toMatchObject([{ status: 200, body: { id: '1' } }]);
  });

  test('Next.js', async () => {
    vi.stubGlobal('fetch', (request: Request) => Response.json({ url: request.url }));
    const { POST } = await example<{ POST: Handle }>('app/batch/route.ts');

    const response = await POST(aBatch([aGet('/a')]));

    expect(await partsOf(response)).toMatchObject([{ body: { url: 'http://localhost:3000/a' } }]);
  });

  test('Bun', async () => {
    const serve = vi.fn<(options: { routes: { '/batch': { POST: Handle } } }) => void>();
    vi.stubGlobal('Bun', { serve });
    await example('Bun');

    const response = await serve.mock.calls[0]![0].routes['/batch'].POST(aBatch([aGet('/a')]));

    expect(await partsOf(response)).toMatchObject([{ body: { path: '/a' } }]);
  });

  test('Deno', async () => {
    const serve = vi.fn<(handle: Handle) => void>();
    vi.stubGlobal('Deno', { serve });
    await example('Deno');

    const response = await serve.mock.calls[0]![0](aBatch([aGet('/a')]));

    expect(await partsOf(response)).toMatchObject([{ body: { path: '/a' } }]);
  });

  test('Workers', async () => {
    const { exported } = await example<{
      exported: { fetch: (request: Request, env: object) => Promise<Response> };
    }>('Workers');

    const response = await exported.fetch(aBatch([aGet('/a')]), { KV: {} });

    expect(await partsOf(response)).toMatchObject([{ body: { path: '/a', bindings: ['KV'] } }]);
  });

  // Express passes node:http's own req and res on, with `originalUrl` added.
  test('Express', async () => {
    const routes = new Map<string, (req: IncomingMessage, res: ServerResponse) => unknown>();
    const listener: RequestListener = (req, res) => {
      Object.assign(req, { originalUrl: req.url });
      const route = routes.get(`${req.method!} ${req.url!.split('?')[0]!}`);
      if (route) route(req, res);
      else res.writeHead(404).end();
    };
    const listening: Server = createServer(listener).listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const { port } = listening.address() as AddressInfo;
    const origin = `http://127.0.0.1:${String(port)}`;
    const native = fetch;
    // The example's port is taken for ours.
    vi.stubGlobal('fetch', (input: Request | string, init?: RequestInit) =>
      input instanceof Request
        ? native(new Request(input.url.replace('http://127.0.0.1:3000', origin), input))
        : native(input, init),
    );
    await example('Express', {
      express: () => ({
        post: (path: string, route: (req: IncomingMessage, res: ServerResponse) => unknown) =>
          routes.set(`POST ${path}`, route),
      }),
      'node:stream': stream,
      'node:stream/promises': streamPromises,
    });
    const opened = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    routes.set('GET /fast', (req, res) =>
      res.setHeader('content-type', 'application/json').end(JSON.stringify(req.headers)),
    );
    routes.set('GET /slow', (_, res) => void opened.promise.then(() => res.end('done')));
    routes.set('GET /endless', (_, res) => res.on('close', gone.resolve));
    routes.set('POST /echo', (req, res) => req.pipe(res.setHeader('set-cookie', ['a=1', 'b=2'])));
    const post = async (...items: Parameters<typeof aBatch>): Promise<Response> => {
      const request = aBatch(...items);
      return fetch(`${origin}/batch`, {
        method: 'POST',
        headers: request.headers,
        body: await request.text(),
      });
    };

    const stream1 = await post([aGet('/slow'), aGet('/fast')], { ...streamed, cookie: 'c=d' });
    const reader = stream1.body!.getReader();
    const first = new TextDecoder().decode((await reader.read()).value);
    opened.resolve();
    let rest = '';
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      rest += new TextDecoder().decode(read.value);
    }
    const buffered = await post([
      { method: 'POST', url: '/echo', body: { n: 1 }, headers: {} },
      aGet('/none'),
    ]);
    const cut = await post([aGet('/endless'), aGet('/fast')], streamed);
    const cutReader = cut.body!.getReader();
    await cutReader.read();
    await cutReader.cancel();
    await gone.promise;
    listening.closeAllConnections();
    listening.close();

    expect(stream1.headers.get('content-encoding')).toBe('gzip');
    expect(JSON.parse(first)).toMatchObject({
      id: '1',
      body: { host: `127.0.0.1:${String(port)}`, cookie: 'c=d', 'carpool-item': '1' },
    });
    expect((await linesOf(new Response(rest))).parts).toMatchObject([{ id: '0', status: 200 }]);
    expect(buffered.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await partsOf(buffered)).toMatchObject([{ status: 200 }, { status: 404 }]);
  });
});

test('docs/server.md names every option with its default', () => {
  const source = readFileSync(new URL('../../src/server/options.ts', import.meta.url), 'utf8');
  const [, options] = /export interface BatchHandlerOptions \{([^]*?)\n\}/.exec(source)!;
  const names = [...options!.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name]) => name!);
  const defaults = new Map(
    [...text.matchAll(/^\| `(\w+)` +\| (?:`(.*?)`)?/gm)].map(([, name, value]) => [name!, value]),
  );

  expect([...defaults.keys()]).toEqual(names);
  for (const [name, value] of defaults) {
    if (value === undefined) continue;
    const [, code] = new RegExp(`^ {4}${name} = (.*),$`, 'm').exec(source)!;
    expect(code!.replaceAll('_', '')).toBe(value);
  }
});
