import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startDelayProxy } from '../../scripts/proxy/delay-proxy.ts';
import type { DelayProxy, ProxyOptions } from '../../scripts/proxy/delay-proxy.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

/** A server that hands each of its connections to the test. */
async function aServer(): Promise<{ server: Server; accepted: () => Promise<Socket> }> {
  const server = createServer({ allowHalfOpen: true });
  const waiting: Socket[] = [];
  const open: Socket[] = [];
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    waiting.push(socket);
    open.push(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    server,
    async accepted() {
      if (waiting.length === 0) await once(server, 'connection');
      const socket = waiting.shift();
      if (!socket) throw new Error('no connection came');
      return socket;
    },
  };
}

async function aProxy(server: Server, options: ProxyOptions = { rttMs: 0 }): Promise<DelayProxy> {
  const { port } = server.address() as AddressInfo;
  const proxy = await startDelayProxy({ host: '127.0.0.1', port }, options);
  cleanUp.push(() => proxy.close());
  return proxy;
}

async function aClient({ port }: DelayProxy): Promise<Socket> {
  const client = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  client.on('error', () => {});
  await once(client, 'connect');
  cleanUp.push(async () => client.destroy());
  return client;
}

/** Reads until that many bytes have come. */
async function read(socket: Socket, length: number): Promise<string> {
  let text = '';
  while (text.length < length) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    text += chunk.toString('latin1');
  }
  return text;
}

async function aPair(options?: ProxyOptions) {
  const { server, accepted } = await aServer();
  const proxy = await aProxy(server, options);
  const client = await aClient(proxy);
  return { proxy, client, upstream: await accepted(), accepted };
}

describe('startDelayProxy', () => {
  it('carries both directions, in order, and counts the bytes', async () => {
    const { proxy, client, upstream } = await aPair({ rttMs: 4 });

    client.write('ping');
    client.write('-ping');
    expect(await read(upstream, 9)).toBe('ping-ping');
    upstream.write('pong');
    upstream.write('-pong!');
    expect(await read(client, 10)).toBe('pong-pong!');

    expect(proxy.read()).toEqual({ connections: 1, roundTrips: 1, bytesUp: 9, bytesDown: 10 });
  });

  it('counts a round trip each time the client speaks after the server', async () => {
    const { proxy, client, upstream } = await aPair();

    for (const word of ['one', 'two', 'six']) {
      client.write(word);
      await read(upstream, 3);
      upstream.write(word);
      await read(client, 3);
    }

    expect(proxy.read().roundTrips).toBe(3);
  });

  it('counts connections and their round trips one by one', async () => {
    const { server, accepted } = await aServer();
    const proxy = await aProxy(server);

    for (let index = 0; index < 3; index++) {
      const client = await aClient(proxy);
      const upstream = await accepted();
      client.write('x');
      await read(upstream, 1);
    }

    expect(proxy.read()).toMatchObject({ connections: 3, roundTrips: 3, bytesUp: 3 });
  });

  it('an end travels as an end: the other direction stays open', async () => {
    const { client, upstream } = await aPair({ rttMs: 4 });

    client.end('last words');
    expect(await read(upstream, 10)).toBe('last words');
    await once(upstream, 'end');
    upstream.end('answer');

    expect(await read(client, 6)).toBe('answer');
    await once(client, 'end');
  });

  it('a reset by the client reaches the server as a reset', async () => {
    const { client, upstream } = await aPair();
    const failed = once(upstream, 'error');
    upstream.resume();

    client.resetAndDestroy();

    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('a reset by the server reaches the client as a reset', async () => {
    const { client, upstream } = await aPair();
    const failed = once(client, 'error');
    client.resume();

    upstream.resetAndDestroy();

    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('resets the client when there is no server', async () => {
    const { server } = await aServer();
    const proxy = await aProxy(server);
    await new Promise((resolve) => server.close(resolve));
    const client = connect({ host: '127.0.0.1', port: proxy.port });
    cleanUp.push(async () => client.destroy());

    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];

    expect(error.code).toBe('ECONNRESET');
  });

  it('makes a sender wait while the receiver reads nothing, and loses nothing', async () => {
    const { proxy, client, upstream } = await aPair();
    const size = 32 * 1_048_576;
    upstream.pause();

    const sent = new Promise<void>((resolve) => client.end(Buffer.alloc(size, 'x'), resolve));
    await expect.poll(() => proxy.read().bytesUp).toBeGreaterThan(1_048_576);
    expect(proxy.read().bytesUp).toBeLessThan(size);

    let received = 0;
    upstream.on('data', (chunk) => (received += chunk.length));
    upstream.resume();
    await once(upstream, 'end');
    await sent;
    expect(received).toBe(size);
    expect(proxy.read().bytesUp).toBe(size);
  });

  it('a line with a rate and a slow opening loses nothing, and keeps the order', async () => {
    const { proxy, client, upstream } = await aPair({
      rttMs: 4,
      bitsPerSecond: 100_000_000,
      slowOpening: true,
    });
    const words = Array.from({ length: 20_000 }, (_, index) => `${index}\n`).join('');

    client.write(words);
    expect(await read(upstream, words.length)).toBe(words);
    upstream.write(words);
    expect(await read(client, words.length)).toBe(words);

    expect(proxy.read()).toMatchObject({ bytesUp: words.length, bytesDown: words.length });
  });

  it('cut ends what is open, and takes new connections', async () => {
    const { server } = await aServer();
    const proxy = await aProxy(server);
    const client = await aClient(proxy);
    const ended = once(client, 'end');
    client.resume();

    await proxy.cut();

    await ended;
    await aClient(proxy);
    await expect.poll(() => proxy.read().connections).toBe(2);
  });

  it('close cuts what is open and frees the port', async () => {
    const { proxy, client } = await aPair();
    const ended = once(client, 'end');
    client.resume();

    await proxy.close();

    await ended;
    const late = connect({ host: '127.0.0.1', port: proxy.port });
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});
