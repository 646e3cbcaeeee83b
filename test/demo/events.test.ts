import { afterEach, describe, expect, it, vi } from 'vitest';
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

  it('tells who reads too slowly to forget everything, instead of keeping all for them', async () => {
    const { ask, services } = aDemoServer();
    const response = await ask('/events');

    for (let i = 0; i < 1100; i++) services.bus.announce({ tags: [`t${String(i)}`] });
    const lines = linesOf(response);
    const heard: string[] = [];
    while (heard.at(-1) !== 'data: {"tags":["t1099"]}') {
      heard.push((await lines.next()).value as string);
    }
    await lines.return(undefined);

    expect(heard).toContain('data: {"all":true}');
    expect(heard.filter((line) => line.startsWith('data: '))).toHaveLength(100);
  });

  it.each(['/events', '/api/jobs/ID/events'])(
    'HEAD %s leaves nobody behind who listens',
    async (path) => {
      const { ask, send, services } = aDemoServer({ ANALYSIS_STEP_MS: 60_000 });
      const analysis = await send('POST', '/api/charges/C-101199/analysis', {});
      const { id } = (await analysis.json()) as { id: string };
      const stop = vi.spyOn(services.leaving, 'removeEventListener');
      const ended = vi.fn<() => void>();
      vi.spyOn(services.jobs, 'listen').mockReturnValue(ended);

      const response = await ask(path.replace('ID', id), { method: 'HEAD' });

      expect(response.status).toBe(200);
      await vi.waitFor(() => expect(stop.mock.calls.length + ended.mock.calls.length).toBe(1));
    },
  );

  it('counts against the limit of items', async () => {
    const { ask, services } = aDemoServer({ ITEM_LIMIT: 1 });

    const first = await ask('/events', { method: 'HEAD' });
    const second = await ask('/events', { method: 'HEAD' });

    expect([first.status, second.status]).toEqual([200, 429]);
    const { values } = await services.metrics.requests.get();
    expect(values.map(({ labels: { route, status }, value }) => [route, status, value])).toEqual([
      ['/events', 200, 1],
      ['/events', 429, 1],
    ]);
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

describe('the events of a job', () => {
  it.each([
    ['/api/charges/C-101199/analysis', '/api/jobs/ID/events', {}],
    [
      '/batch',
      '/batch/jobs/ID',
      { requests: [{ id: 'a', method: 'GET', url: '/api/widgets/1?delay=9000' }] },
    ],
  ])('of POST %s end when the server goes, not cut', async (path, stream, body) => {
    const server = await aRunningServer({ ANALYSIS_STEP_MS: 60_000 });
    running.push(server);
    const submitted = await server.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'respond-async' },
      body: JSON.stringify(body),
    });
    const { id } = (await submitted.json()) as { id: string };
    const response = await server.ask(stream.replace('ID', id), {
      headers: { accept: 'text/event-stream' },
    });

    const [text] = await Promise.all([response.text(), server.close()]);

    expect(text).toContain('event: progress');
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

  it.each([
    ['its own', (url: string) => url, true],
    ['one that is listed', () => 'https://app.test', true],
    ['another', () => 'https://evil.test', false],
    ['none', () => 'null', false],
  ])('from a page of %s origin', async (_, originOf, isTaken) => {
    const server = await aRunningServer({ CORS_ORIGINS: ['https://app.test'] });
    running.push(server);

    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/events/socket`, {
      headers: { cookie: `token=${await server.tokenOf('ann')}` },
      origin: originOf(server.url),
    });
    const outcome = await new Promise((resolve) => {
      socket.once('open', () => resolve('open'));
      socket.once('error', ({ message }) => resolve(message));
    });

    expect(outcome).toEqual(isTaken ? 'open' : expect.stringContaining('403'));
  });

  it('listens to nobody: who says much is cut off', async () => {
    const server = await start();
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/events/socket`, {
      headers: { authorization: `Bearer ${await server.tokenOf('ann')}` },
    });
    await new Promise((resolve) => socket.once('open', resolve));

    socket.send('x'.repeat(2000));

    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(1009);
  });

  it('asked for otherwise is 426', async () => {
    const response = await aDemoServer().ask('/events/socket');

    expect(response.status).toBe(426);
    expect(response.headers.get('upgrade')).toBe('websocket');
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
