import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createHistory, type Told } from '../../demo/server/events/history.ts';
import { createBus } from '../../demo/server/platform/bus.ts';
import { aDemoServer } from '../support/a-demo-server.ts';
import { aRunningServer, type RunningDemo } from '../support/a-running-server.ts';

const running: RunningDemo[] = [];
const start = async (): Promise<RunningDemo> => {
  const server = await aRunningServer();
  running.push(server);
  return server;
};

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

/** The lines of an event stream, as they come. */
async function* linesOf(response: Response): AsyncGenerator<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split('\n');
    text = lines.pop()!;
    for (const line of lines) if (line !== '') yield line;
  }
}

/** A client that hears, once it does. */
async function hear(
  { ask }: RunningDemo,
  user = 'ann',
  headers: Record<string, string> = {},
): Promise<{ next: () => Promise<string | undefined>; stop: () => void; response: Response }> {
  const controller = new AbortController();
  const response = await ask('/events', { as: user, headers, signal: controller.signal });
  const lines = linesOf(response);
  const next = async (): Promise<string | undefined> =>
    (await lines.next()).value as string | undefined;
  return { next, stop: () => controller.abort(), response };
}

describe('GET /events', () => {
  it('announces tags as server-sent events, with ids, to all who listen', async () => {
    const server = await start();
    const [ann, bob] = [await hear(server, 'ann'), await hear(server, 'bob')];
    expect(ann.response.headers.get('content-type')).toBe('text/event-stream');
    for (const one of [ann, bob]) expect(await one.next()).toBe(': here');

    server.services.bus.announce({ tags: ['quotes', 'quote-AAPL'] });

    for (const one of [ann, bob]) {
      const event = [await one.next(), await one.next()];
      expect(event).toContain('data: {"tags":["quotes","quote-AAPL"]}');
      expect(event).toContainEqual(expect.stringMatching(/^id: \w+-1$/));
    }
  });

  it('tells nobody what is for another', async () => {
    const server = await start();
    const [ann, bob] = [await hear(server, 'ann'), await hear(server, 'bob')];
    for (const one of [ann, bob]) await one.next();

    server.services.bus.announce({ tags: ['sessions-ann'], user: 'ann' });
    server.services.bus.announce({ tags: ['all'] });

    expect([await ann.next(), await ann.next()]).toContain('data: {"tags":["sessions-ann"]}');
    expect([await bob.next(), await bob.next()]).toContain('data: {"tags":["all"]}');
  });

  it('tells who comes back what was missed', async () => {
    const server = await start();
    const before = await hear(server);
    await before.next();
    server.services.bus.announce({ tags: ['one'] });
    const event = [await before.next(), await before.next()];
    const id = event.find((line) => line?.startsWith('id: '))!.slice(4);
    before.stop();

    server.services.bus.announce({ tags: ['two'] });
    server.services.bus.announce({ tags: ['bob’s'], user: 'bob' });
    const after = await hear(server, 'ann', { 'last-event-id': id });

    expect(await after.next()).toBe(': here');
    expect([await after.next(), await after.next()]).toContain('data: {"tags":["two"]}');
  });

  it('tells who comes back from another process to forget everything', async () => {
    const client = await hear(await start(), 'ann', { 'last-event-id': 'other-1' });

    expect(await client.next()).toBe('data: {"all":true}');
  });

  it('ends when the server goes', async () => {
    const server = await start();
    const client = await hear(server);
    await client.next();

    await server.close();

    expect(await client.next().catch(() => undefined)).toBeUndefined();
  });

  it('needs a token', async () => {
    expect((await aDemoServer().ask('/events', { as: null })).status).toBe(401);
  });

  it('is refused as an item of a batch, which it would keep open for ever', async () => {
    const response = await aDemoServer().send('POST', '/batch', {
      requests: [{ id: 'a', method: 'GET', url: '/events' }],
    });

    expect(await response.json()).toMatchObject({
      responses: [{ status: 400, body: { title: 'Not in a batch' } }],
    });
  });
});

describe('the WebSocket', () => {
  it('announces the same, and closes when the server goes', async () => {
    const server = await start();
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/events/socket`, {
      headers: { authorization: `Bearer ${await server.tokenOf('ann')}` },
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const message = new Promise((resolve) => socket.once('message', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));

    server.services.bus.announce({ tags: ['bob’s'], user: 'bob' });
    server.services.bus.announce({ tags: ['quotes'] });

    expect(String(await message)).toBe('{"tags":["quotes"]}');
    await server.close();
    expect(await closed).toBe(1001);
  });

  it('needs a token', async () => {
    const server = await start();

    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/events/socket`);
    const refused = await new Promise((resolve) => socket.once('error', resolve));

    expect(String(refused)).toContain('401');
  });
});

describe('the history of announcements', () => {
  it('knows the last thousand', () => {
    const bus = createBus(null);
    const history = createHistory(bus);
    const told: Told[] = [];
    history.listen((one) => told.push(one));

    for (let i = 0; i < 1002; i++) bus.announce({ tags: [String(i)] });

    expect(history.since(told[1]!.id)).toHaveLength(1000);
    expect(history.since(told[0]!.id)).toBeNull();
    expect(history.since(told.at(-1)!.id)).toEqual([]);
  });

  it.each(['', 'x', 'a-b', '-1', '1'])("knows nothing of the id '%s'", (id) => {
    expect(createHistory(createBus(null)).since(id)).toBeNull();
  });
});
