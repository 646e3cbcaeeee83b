import { request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { afterEach, describe, expect, test } from 'vitest';
import { createBatchHandler } from '../../src/server/index.ts';
import { createGates, type TestPart } from './support.ts';

let server: Server | undefined;

afterEach(async () => {
  const closing = server;
  server = undefined;
  closing?.closeAllConnections();
  await new Promise((resolve) => {
    if (closing) closing.close(resolve);
    else resolve(null);
  });
});

async function listen(app: Hono): Promise<number> {
  const listening = Promise.withResolvers<AddressInfo>();
  server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, listening.resolve) as Server;
  return (await listening.promise).port;
}

function post(
  port: number,
  items: object[],
  headers: Record<string, string> = {},
): {
  answer: Promise<IncomingMessage>;
  disconnect: () => void;
} {
  const outgoing = httpRequest({
    port,
    host: '127.0.0.1',
    path: '/batch',
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/x-ndjson', ...headers },
  });
  const answer = Promise.withResolvers<IncomingMessage>();
  outgoing.on('response', answer.resolve);
  outgoing.on('error', answer.reject);
  outgoing.end(JSON.stringify({ requests: items }));
  return {
    answer: answer.promise,
    disconnect: () => {
      answer.promise.catch(() => {});
      outgoing.destroy();
    },
  };
}

/** Lines of a stream, one at a time. */
function linesOf(stream: Readable): () => Promise<string> {
  let text = '';
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  return async () => {
    for (let at = text.indexOf('\n'); at < 0; at = text.indexOf('\n')) {
      const { done, value } = await chunks.next();
      if (done) throw new Error(`no further line, but ${text}`);
      text += value.toString();
    }
    const at = text.indexOf('\n');
    const line = text.slice(0, at);
    text = text.slice(at + 1);
    return line;
  };
}

const item = (id: string, url: string): object => ({ id, method: 'GET', url });

describe('mounted in Hono, over HTTP', () => {
  test.each([
    ['by itself', false],
    ['behind compress()', true],
  ])('a fast item is read through gzip before a slow one has finished, %s', async (_, isBehind) => {
    const gates = createGates();
    const app = new Hono();
    if (isBehind) app.use(compress());
    app.get('/api/*', (c) => gates.dispatch(c.req.raw));
    const batch = createBatchHandler({ dispatch: (request) => app.fetch(request) });
    app.post('/batch', (c) => batch(c.req.raw));
    const { answer } = post(
      await listen(app),
      [item('slow', '/api/slow'), item('fast', '/api/fast')],
      { 'accept-encoding': 'gzip' },
    );

    gates.open('/api/fast');
    const response = await answer;
    const next = linesOf(response.pipe(createGunzip()));
    const first = JSON.parse(await next()) as TestPart;
    const wasSlowUnderWay = gates.signals.has('/api/slow');
    gates.open('/api/slow');
    const second = JSON.parse(await next()) as TestPart;
    const last = await next();

    expect(response.headers['content-encoding']).toBe('gzip');
    expect(first).toMatchObject({ id: 'fast', status: 200, body: { path: '/api/fast' } });
    expect(wasSlowUnderWay).toBe(true);
    expect(second).toMatchObject({ id: 'slow', status: 200 });
    expect(last).toMatch(/^\{"stats":/);
  });

  test.each(['application/x-ndjson', 'application/json'])(
    'a client that disconnects aborts the request that dispatch has (%s)',
    async (accept) => {
      const arrived = Promise.withResolvers<void>();
      const aborted = Promise.withResolvers<void>();
      const app = new Hono();
      app.get('/slow', async (c) => {
        c.req.raw.signal.addEventListener('abort', () => {
          aborted.resolve();
        });
        arrived.resolve();
        await aborted.promise;
        return c.text('');
      });
      const batch = createBatchHandler({ dispatch: (request) => app.fetch(request) });
      app.post('/batch', (c) => batch(c.req.raw));
      const { disconnect } = post(await listen(app), [item('0', '/slow')], { accept });
      await arrived.promise;

      disconnect();

      await aborted.promise;
    },
  );

  test('a client that disconnects amid the stream does so too', async () => {
    const aborted = Promise.withResolvers<void>();
    const app = new Hono();
    app.get('/fast', (c) => c.text('a'));
    app.get('/slow', async (c) => {
      c.req.raw.signal.addEventListener('abort', () => {
        aborted.resolve();
      });
      await aborted.promise;
      return c.text('');
    });
    const batch = createBatchHandler({ dispatch: (request) => app.fetch(request) });
    app.post('/batch', (c) => batch(c.req.raw));
    const { answer, disconnect } = post(await listen(app), [
      item('0', '/slow'),
      item('1', '/fast'),
    ]);
    const response = await answer;
    response.on('error', () => {});
    await linesOf(response)();

    disconnect();

    await aborted.promise;
  });

  test('a client that reads nothing stops further dispatches', async () => {
    const started = new Set<string>();
    const body = Buffer.alloc(512 * 1024);
    const app = new Hono();
    app.get('/big/:id', (c) => {
      started.add(c.req.param('id'));
      crypto.getRandomValues(body.subarray(0, 65_536));
      return c.body(body, 200, { 'content-type': 'image/png' });
    });
    // Served in the order of arrival: when its answer is here, the batch has had its turn too.
    app.get('/ping', (c) => c.text('pong'));
    const batch = createBatchHandler({ dispatch: (request) => app.fetch(request), concurrency: 2 });
    app.post('/batch', (c) => batch(c.req.raw));
    const port = await listen(app);
    const items = Array.from({ length: 100 }, (_, i) => item(String(i), `/big/${String(i)}`));
    const { answer } = post(port, items);
    const response = await answer;

    // The sockets' own buffers fill up; then nothing more is started, however long the wait.
    let before = -1;
    for (let calm = 0; calm < 20;) {
      await (await fetch(`http://127.0.0.1:${String(port)}/ping`)).text();
      calm = started.size === before ? calm + 1 : 0;
      before = started.size;
    }
    const whileUnread = started.size;
    const next = linesOf(response);
    for (let lines = 0; lines <= 100; lines++) await next();

    expect(whileUnread).toBeLessThan(60);
    expect(started.size).toBe(100);
  });

  test('an answer that is complete at once has a length, and no chunks', async () => {
    const app = new Hono();
    app.get('/a', (c) => c.json({ n: 1 }));
    const batch = createBatchHandler({ dispatch: (request) => app.fetch(request) });
    app.post('/batch', (c) => batch(c.req.raw));

    const response = await post(await listen(app), [item('0', '/a')]).answer;
    const text = await Array.fromAsync(response).then((chunks) => Buffer.concat(chunks).toString());

    expect(response.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-length': String(Buffer.byteLength(text)),
    });
    expect(text.split('\n')).toEqual([
      '{"id":"0","status":200,"headers":{"content-type":"application/json"},"body":{"n":1}}',
      expect.stringMatching(/^\{"stats":/),
      '',
    ]);
  });

  test('Set-Cookie of several items stands at the head of a buffered answer', async () => {
    const app = new Hono();
    app.get('/set/:name', (c) => c.text('', 200, { 'set-cookie': `${c.req.param('name')}=1` }));
    const batch = createBatchHandler({ dispatch: (request) => app.fetch(request) });
    app.post('/batch', (c) => batch(c.req.raw));
    const items = [item('0', '/set/a'), item('1', '/set/b')];

    const response = await post(await listen(app), items, { accept: 'application/json' }).answer;
    response.resume();

    expect(response.headers['set-cookie']).toEqual(['a=1', 'b=1']);
  });
});

test('items may go over the network again, with fetch as dispatch', async () => {
  const app = new Hono();
  app.get('/moved', (c) => c.redirect('/there'));
  app.post('/echo', async (c) =>
    c.body(await c.req.text(), 200, { 'content-type': 'application/json' }),
  );
  app.get('/who', (c) => c.json({ cookie: c.req.header('cookie'), host: c.req.header('host') }));
  const batch = createBatchHandler({ dispatch: (request) => fetch(request) });
  app.post('/batch', (c) => batch(c.req.raw));
  app.post('/alias', (c) => batch(c.req.raw));
  app.use('/squeezed', compress());
  app.get('/squeezed', (c) => c.json({ text: 'a'.repeat(5000) }));
  const port = await listen(app);
  const items = [
    item('0', '/moved'),
    { id: '1', method: 'POST', url: '/echo', body: { n: 1 } },
    item('2', '/who'),
    { id: '3', method: 'POST', url: '/alias', body: { requests: [] } },
    item('4', '/squeezed'),
  ];

  const response = await post(port, items, { accept: 'application/json', cookie: 'a=b' }).answer;
  const chunks: Buffer[] = [];
  await pipeline(response, async (source) => {
    for await (const chunk of source) chunks.push(chunk as Buffer);
  });
  const { responses } = JSON.parse(Buffer.concat(chunks).toString()) as { responses: TestPart[] };

  expect(responses).toMatchObject([
    { status: 302, headers: { location: '/there' } },
    { status: 200, body: { n: 1 } },
    { status: 200, body: { cookie: 'a=b', host: `127.0.0.1:${String(port)}` } },
    { status: 400 },
    { status: 200, body: { text: 'a'.repeat(5000) } },
  ]);
});
