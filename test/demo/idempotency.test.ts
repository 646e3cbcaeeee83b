import { Hono } from 'hono';
import type { Context } from 'hono';
import { describe, expect, it } from 'vitest';
import type { AppEnv } from '../../demo/server/http/context.ts';
import { createIdempotency } from '../../demo/server/http/idempotency/middleware.ts';
import { createMemoryStore } from '../../demo/server/http/idempotency/store.ts';
import { aDemoServer } from '../support/a-demo-server.ts';

const origin = 'http://localhost:8787';
const hourMs = 3_600_000;

type Answer = (c: Context) => Response | Promise<Response>;

const counted = (c: Context, times: number) =>
  c.json({ times }, 201, { location: `/things/${times}`, 'x-times': String(times) });

/** An app that answers everything with `answer`, by default with how often it was asked. */
function anApp({
  answer = counted,
  ...options
}: {
  answer?: (c: Context, times: number) => Response | Promise<Response>;
  now?: () => number;
  maxResults?: number;
} = {}) {
  let times = 0;
  const handler: Answer = (c) => answer(c, ++times);
  const app = new Hono<AppEnv>()
    .use((c, next) => {
      const id = c.req.header('x-user') ?? 'ann';
      c.set('user', { id, name: id, role: 'user' });
      return next();
    })
    .use(createIdempotency(createMemoryStore(options)))
    .all('*', handler);
  app.onError(() => new Response('failed', { status: 500 }));
  return {
    times: () => times,
    ask: (
      key: string | undefined,
      {
        path = '/things',
        method = 'POST',
        body = '{}',
        headers = {},
      }: {
        path?: string;
        method?: string;
        body?: string | null;
        headers?: Record<string, string>;
      } = {},
    ) =>
      app.request(`${origin}${path}`, {
        method,
        body,
        headers: {
          'content-type': 'application/json',
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...headers,
        },
      }),
  };
}

const status = async (response: Response | Promise<Response>) => (await response).status;

describe('a repeated key', () => {
  it('gets the first answer again: status, headers and body, marked as replayed', async () => {
    const { ask, times } = anApp();

    const first = await ask('"a"');
    const second = await ask('"a"');

    expect(times()).toBe(1);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.status).toBe(201);
    expect(second.headers.get('location')).toBe('/things/1');
    expect(second.headers.get('x-times')).toBe('1');
    expect(second.headers.get('content-type')).toBe('application/json');
    expect(await second.json()).toEqual({ times: 1 });
    expect(await first.json()).toEqual({ times: 1 });
  });

  it('gets an answer without a body without one', async () => {
    const { ask } = anApp({ answer: (c) => c.body(null, 204) });

    await ask('"a"');
    const second = await ask('"a"');

    expect(second.status).toBe(204);
    expect(second.body).toBeNull();
  });

  it("is the client's error as well as its success", async () => {
    const { ask, times } = anApp({ answer: (c) => c.text('no', 404) });

    await ask('"a"');

    expect(await status(ask('"a"'))).toBe(404);
    expect(times()).toBe(1);
  });

  it.each([500, 503, 408, 425, 429])('is carried out again after a %s', async (first) => {
    const { ask, times } = anApp({
      answer: (c, n) => (n === 1 ? new Response('later', { status: first }) : c.text('done')),
    });

    expect(await status(ask('"a"'))).toBe(first);
    expect(await status(ask('"a"'))).toBe(200);
    expect(times()).toBe(2);
  });

  it('is carried out again when the first one threw', async () => {
    const { ask, times } = anApp({
      answer: (c, n) => {
        if (n === 1) throw new Error('out of order');
        return c.text('done');
      },
    });

    expect(await status(ask('"a"'))).toBe(500);
    expect(await status(ask('"a"'))).toBe(200);
    expect(times()).toBe(2);
  });

  it('is 409 while the first one is under way, and replayed afterwards', async () => {
    const started = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<Response>();
    const { ask, times } = anApp({
      answer: () => {
        started.resolve();
        return gate.promise;
      },
    });

    const first = ask('"a"');
    await started.promise;
    const during = await ask('"a"');
    gate.resolve(new Response('done'));
    await first;
    const after = await ask('"a"');

    expect(during.status).toBe(409);
    expect(during.headers.get('content-type')).toBe('application/problem+json');
    expect(await after.text()).toBe('done');
    expect(times()).toBe(1);
  });

  it('of two that come in one turn, one is carried out', async () => {
    const { ask, times } = anApp();

    const statuses = await Promise.all([status(ask('"a"')), status(ask('"a"'))]);

    expect(statuses.sort()).toEqual([201, 409]);
    expect(times()).toBe(1);
  });

  it.each([
    ['payload', { body: '{"other":1}' }],
    ['path', { path: '/others' }],
    ['query', { path: '/things?x=1' }],
    ['method', { method: 'PATCH' }],
    ['media type', { headers: { 'content-type': 'text/plain' } }],
  ])('with another %s is 422', async (_, other) => {
    const { ask, times } = anApp();

    await ask('"a"');

    expect(await status(ask('"a"', other))).toBe(422);
    expect(times()).toBe(1);
  });

  it('with another payload is 422 also while the first one is under way', async () => {
    const started = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<Response>();
    const { ask } = anApp({
      answer: () => {
        started.resolve();
        return gate.promise;
      },
    });

    const first = ask('"a"');
    await started.promise;
    const during = await ask('"a"', { body: '{"other":1}' });
    gate.resolve(new Response('done'));
    await first;

    expect(during.status).toBe(422);
  });

  it('is forgotten after 24 hours', async () => {
    const bornMs = 1_000_000;
    let nowMs = bornMs;
    const { ask, times } = anApp({ now: () => nowMs });

    await ask('"a"');
    nowMs = bornMs + 24 * hourMs;
    await ask('"a"');
    expect(times()).toBe(1);
    nowMs = bornMs + 24 * hourMs + 1;
    await ask('"a"');

    expect(times()).toBe(2);
  });

  it('is forgotten when too many others were used since', async () => {
    const { ask, times } = anApp({ maxResults: 2 });

    for (const key of ['"a"', '"b"', '"a"', '"c"']) await ask(key);
    expect(times()).toBe(3);
    await ask('"a"');
    expect(times()).toBe(3);
    await ask('"b"');

    expect(times()).toBe(4);
  });
});

describe('keys', () => {
  it.each([
    ['no quotes', 'a'],
    ['an empty string', '""'],
    ['nothing', ''],
    ['half a quote', '"a'],
    ['a quote inside', '"a"b"'],
    ['an unknown escape', String.raw`"a\n"`],
    ['two of them', '"a", "b"'],
    ['a token', '?1'],
    ['letters beyond ASCII', '"\u00fc"'],
    ['256 characters', `"${'a'.repeat(256)}"`],
  ])('with %s are 400', async (_, key) => {
    const { ask, times } = anApp();

    const response = await ask(key);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(times()).toBe(0);
  });

  it.each([
    ['a UUID', '"8e03978e-40d5-43dd-bc93-6894a57f9324"'],
    ['escapes', String.raw`"a\"b\\c"`],
    ['255 characters', `"${'a'.repeat(255)}"`],
    ['255 characters, escaped', `"${String.raw`\"`.repeat(255)}"`],
  ])('with %s are taken', async (_, key) => {
    const { ask, times } = anApp();

    expect(await status(ask(key))).toBe(201);
    expect(await status(ask(key))).toBe(201);
    expect(times()).toBe(1);
  });

  it('belong to the user that they came with', async () => {
    const { ask, times } = anApp();

    await ask('"a"', { headers: { 'x-user': 'ann' } });
    await ask('"a"', { headers: { 'x-user': 'bob' } });
    expect(times()).toBe(2);
    await ask('"a"', { headers: { 'x-user': 'ann' } });

    expect(times()).toBe(2);
  });

  it.each(['GET', 'HEAD'])('mean nothing to %s', async (method) => {
    const { ask, times } = anApp();

    await ask('not even one', { method, body: null });
    await ask('not even one', { method, body: null });

    expect(times()).toBe(2);
  });

  it('are not asked for', async () => {
    const { ask, times } = anApp();

    await ask(undefined);
    await ask(undefined);

    expect(times()).toBe(2);
  });
});

describe('in a batch', () => {
  const aNote = (id: string, text: string, key: string) => ({
    id,
    method: 'POST',
    url: '/api/notes',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: { text },
  });

  const batchOf = (...requests: readonly object[]) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ requests }),
  });

  interface Part {
    id: string;
    status: number;
    headers: Record<string, string>;
    body: unknown;
  }

  const partsOf = async (response: Response) => {
    const { responses } = (await response.json()) as { responses: Part[] };
    return new Map(responses.map((part) => [part.id, part]));
  };

  it('every item has its own key, and an answer is replayed in the next batch', async () => {
    const app = aDemoServer();

    const first = await partsOf(
      await app.ask('/batch', batchOf(aNote('0', 'one', '"a"'), aNote('1', 'two', '"b"'))),
    );
    const second = await partsOf(
      await app.ask('/batch', batchOf(aNote('0', 'two', '"b"'), aNote('1', 'three', '"c"'))),
    );

    const { headers, ...rest } = second.get('0')!;
    expect(rest).toEqual({ id: '0', status: 201, body: first.get('1')?.body });
    expect(headers).toMatchObject({
      location: first.get('1')?.headers['location'],
      'idempotency-replayed': 'true',
    });
    expect(second.get('1')?.headers).not.toHaveProperty('idempotency-replayed');
    const { notes } = (await (await app.ask('/api/notes')).json()) as {
      notes: { text: string }[];
    };
    expect(notes.map(({ text }) => text).sort()).toEqual(['one', 'three', 'two']);
  });

  it('an answer given outside is replayed inside', async () => {
    const app = aDemoServer();
    const { url, headers, method, body } = aNote('0', 'one', '"a"');

    const outside = await app.ask(url, {
      method,
      headers,
      body: JSON.stringify(body),
    });
    const inside = await partsOf(await app.ask('/batch', batchOf(aNote('0', 'one', '"a"'))));

    expect(outside.status).toBe(201);
    expect(inside.get('0')).toMatchObject({
      status: 201,
      headers: { 'idempotency-replayed': 'true' },
      body: await outside.json(),
    });
  });

  it('a bad key and one used for something else cost only their item', async () => {
    const app = aDemoServer();

    await app.ask('/batch', batchOf(aNote('0', 'one', '"a"')));
    const parts = await partsOf(
      await app.ask(
        '/batch',
        batchOf(aNote('0', 'other', '"a"'), aNote('1', 'two', 'b'), aNote('2', 'three', '"c"')),
      ),
    );

    expect(['0', '1', '2'].map((id) => parts.get(id)?.status)).toEqual([422, 400, 201]);
  });
});
