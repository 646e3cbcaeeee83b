import { describe, expect, it } from 'vitest';
import { aChat } from '../support/a-chat.ts';

interface Page {
  readonly sessions: readonly { readonly id: string | number; readonly updatedAt: string }[];
  readonly next: string | null;
}

const idRule = 'must be a string of 1 to 64 letters';

describe('GET /api/sessions', () => {
  it('has one’s own that aren’t archived, the one changed last first', async () => {
    const { ask, read } = aChat();

    const page = await read<Page>(ask('/api/sessions?limit=100'));

    expect(page.next).toBeNull();
    expect(page.sessions).toHaveLength(50);
    expect(page.sessions[0]).toMatchObject({ id: 1060, archived: false });
    const times = page.sessions.map(({ updatedAt }) => updatedAt);
    expect(times).toEqual(times.toSorted().reverse());
  });

  it.each([
    ['true', 10],
    ['false', 50],
    ['all', 60],
  ])('archived=%s has %s', async (archived, count) => {
    const { ask, read } = aChat();

    const { sessions } = await read<Page>(ask(`/api/sessions?limit=100&archived=${archived}`));

    expect(sessions).toHaveLength(count);
  });

  it('page by page is the same as at once, also when one is changed meanwhile', async () => {
    const { ask, send, read } = aChat();
    const { sessions: all } = await read<Page>(ask('/api/sessions?limit=100'));

    const seen: (string | number)[] = [];
    let path: string | null = '/api/sessions?limit=7&fields=id';
    while (path !== null) {
      const page: Page = await read<Page>(ask(path));
      seen.push(...page.sessions.map(({ id }) => id));
      if (seen.length === 7) await send('PATCH', '/api/sessions/demo-59', { title: 'Now on top' });
      path = page.next;
    }

    expect(seen).toEqual(all.map(({ id }) => id));
  });

  it.each([
    ['limit=0', '#/limit'],
    ['limit=101', '#/limit'],
    ['limit=1.5', '#/limit'],
    ['limit=a', '#/limit'],
    ['archived=maybe', '#/archived'],
    ['after=nonsense', '#/after'],
    ['fields=id,nam', '#/fields/1'],
  ])('?%s is 400 and names it', async (query, pointer) => {
    const { ask } = aChat();

    const response = await ask(`/api/sessions?${query}`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });

  it('of a user without any is an empty list', async () => {
    const { ask, read, services } = aChat();
    services.database.exec("DELETE FROM chat_sessions WHERE user = 'ann'");

    expect(await read(ask('/api/sessions', { as: 'ann' }))).toEqual({ sessions: [], next: null });
  });

  it('tags that were never given are an empty list', async () => {
    const { ask, read } = aChat();

    expect(await read(ask('/api/sessions/demo-51'))).toMatchObject({ tags: [] });
    expect(await read(ask('/api/sessions/demo-52'))).toMatchObject({
      tags: [expect.any(String)],
    });
  });
});

describe('POST /api/sessions', () => {
  it.each([
    ['a string', 'c-42', 'c-42'],
    ['an integer', 42, 42],
    ['zero', 0, 0],
    ['the largest integer', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ['64 characters', 'a'.repeat(64), 'a'.repeat(64)],
  ])('takes %s as its id, and gives it back as it was', async (_, id, expected) => {
    const { ask, read, start } = aChat();

    const created = await start({ id, title: ' Plans ', tags: ['x'] });

    expect(created.status).toBe(201);
    expect(created.headers.get('location')).toBe(`/api/sessions/${id}`);
    const session = await read(created);
    expect(session).toMatchObject({ id: expected, title: 'Plans', tags: ['x'], messageCount: 0 });
    expect(await read(ask(`/api/sessions/${id}`))).toEqual(session);
  });

  it('gives an id and a title where there is none', async () => {
    const { read, start } = aChat();

    const session = await read<{ id: string; title: string }>(start({}));

    expect(session.id).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
    expect(session).toMatchObject({ title: 'New chat', tags: [], archived: false });
  });

  it.each([
    ['an empty id', { id: '' }, '#/id', idRule],
    ['65 characters', { id: 'a'.repeat(65) }, '#/id', idRule],
    ['a slash', { id: 'a/b' }, '#/id', 'got "a/b"'],
    ['dots that lead up', { id: '..' }, '#/id', idRule],
    ['a negative id', { id: -1 }, '#/id', 'got -1'],
    ['a fraction', { id: 1.5 }, '#/id', 'got 1.5'],
    ['an integer that is no longer exact', { id: 2 ** 53 }, '#/id', idRule],
    ['null', { id: null }, '#/id', 'got null'],
    ['a list', { id: ['a'] }, '#/id', idRule],
    ['an empty title', { title: ' ' }, '#/title', ''],
    ['201 characters of title', { title: 'a'.repeat(201) }, '#/title', ''],
    ['eleven tags', { tags: Array.from({ length: 11 }, (_, n) => `t${n}`) }, '#/tags', ''],
    ['41 characters of tag', { tags: ['a'.repeat(41)] }, '#/tags/0', ''],
    ['a member too many', { owner: 'ann' }, '#', 'owner'],
  ])('%s is 422 and names it', async (_, body, pointer, detail) => {
    const response = await aChat().start(body);

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      errors: [{ pointer, detail: expect.stringContaining(detail) }],
    });
  });

  it.each([
    ['a string as itself', 'c-42', 'c-42'],
    ['an integer as its digits', 42, '42'],
    ['digits as their integer', '42', 42],
  ])('is 409 for an id that is taken: %s', async (_, first, second) => {
    const { start } = aChat();
    await start({ id: first });

    const response = await start({ id: second, title: 'Another' });

    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({
      detail: expect.stringContaining(`'${first}'`),
      errors: [{ pointer: '#/id' }],
    });
  });

  it('is 409 also where the id is another’s', async () => {
    const response = await aChat().start({ id: 'ann-1' });

    expect(response.status).toBe(409);
  });

  it('with the same Idempotency-Key, a repetition gets the first answer', async () => {
    const { ask, read, start } = aChat();
    const headers = { 'idempotency-key': '"k-1"' };

    const first = await start({ id: 'once' }, { headers });
    const second = await start({ id: 'once' }, { headers });

    expect(second.status).toBe(201);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await second.json()).toEqual(await first.json());
    const { sessions } = await read<Page>(ask('/api/sessions?limit=100'));
    expect(sessions.filter(({ id }) => id === 'once')).toHaveLength(1);
  });

  it('a deleted id is free again', async () => {
    const { ask, start } = aChat();
    await start({ id: 'again' });
    await ask('/api/sessions/again', { method: 'DELETE' });

    expect((await start({ id: 'again' })).status).toBe(201);
  });

  it('is 507 for the 1,001st of a user, until one is deleted', async () => {
    const { ask, services, start } = aChat();
    services.database.exec(`
      WITH RECURSIVE n(i) AS (SELECT 61 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
      INSERT INTO chat_sessions (id, is_integer, user, title, created_at, updated_at)
      SELECT 'full-' || i, 0, 'demo', 'x', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z' FROM n
    `);

    expect((await start({}, { as: 'ann' })).status).toBe(201);
    const refused = await start({});
    await ask('/api/sessions/full-61', { method: 'DELETE' });

    expect(refused.status).toBe(507);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('1000') });
    expect((await start({})).status).toBe(201);
  });
});

describe('one session', () => {
  it('is renamed', async () => {
    const { ask, read, send } = aChat();

    const renamed = await send('PATCH', '/api/sessions/demo-51', { title: ' Indoors ' });

    expect(renamed.status).toBe(200);
    const session = await read(renamed);
    expect(session).toMatchObject({ id: 'demo-51', title: 'Indoors' });
    expect(await read(ask('/api/sessions/demo-51'))).toEqual(session);
  });

  it.each([
    ['no title', {}, '#/title'],
    ['an empty one', { title: '' }, '#/title'],
    ['another member', { title: 'a', archived: true }, '#'],
  ])('is not renamed with %s: 422', async (_, body, pointer) => {
    const response = await aChat().send('PATCH', '/api/sessions/demo-51', body);

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });

  it('is deleted with its messages: 204 once, then 404', async () => {
    const { ask, services } = aChat();

    const first = await ask('/api/sessions/demo-51', { method: 'DELETE' });
    const second = await ask('/api/sessions/demo-51', { method: 'DELETE' });

    expect([first.status, second.status]).toEqual([204, 404]);
    const left = services.database.prepare(
      "SELECT count(*) AS count FROM chat_messages WHERE session = 'demo-51'",
    );
    expect(left.get()).toEqual({ count: 0 });
  });

  it('is archived and brought back, each as often as one likes', async () => {
    const { ask, read } = aChat();
    const archive = (method: string) =>
      read<{ archived: boolean }>(ask('/api/sessions/demo-51/archive', { method }));

    expect(await archive('POST')).toMatchObject({ id: 'demo-51', archived: true });
    expect(await archive('POST')).toMatchObject({ archived: true });
    expect(await archive('DELETE')).toMatchObject({ archived: false });
    expect(await archive('DELETE')).toMatchObject({ archived: false });
  });

  it('has only the fields that are asked for', async () => {
    const { ask, read } = aChat();

    expect(await read(ask('/api/sessions/demo-51?fields=title,id'))).toEqual({
      id: 'demo-51',
      title: expect.any(String),
    });
  });

  it('that is read again is 304, until it changes', async () => {
    const { ask, send } = aChat();
    const first = await ask('/api/sessions/demo-51');
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };

    const same = await ask('/api/sessions/demo-51', { headers });
    await send('PATCH', '/api/sessions/demo-51', { title: 'Another' });
    const changed = await ask('/api/sessions/demo-51', { headers });

    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect(first.headers.get('cache-tag')).toBe('sessions, session-demo-51');
    expect(same.status).toBe(304);
    expect(same.headers.get('cache-tag')).toBe('sessions, session-demo-51');
    expect(changed.status).toBe(200);
  });
});

/** All that can be done with a session that exists. */
const accesses: [string, string, unknown][] = [
  ['GET', '', undefined],
  ['PATCH', '', { title: 'Mine' }],
  ['DELETE', '', undefined],
  ['POST', '/archive', undefined],
  ['DELETE', '/archive', undefined],
  ['GET', '/messages', undefined],
  ['POST', '/messages', { text: 'Hello' }],
  ['GET', '/messages/m-1', undefined],
  ['DELETE', '/messages/m-1', undefined],
  ['POST', '/questions', { text: 'Hello' }],
];

describe('ownership', () => {
  const go = (
    chat: ReturnType<typeof aChat>,
    path: string,
    method: string,
    body: unknown,
    as: string,
  ) =>
    body === undefined ? chat.ask(path, { method, as }) : chat.send(method, path, body, { as });

  it.each(accesses)(
    '%s …%s of another’s is 403, for administrators too',
    async (method, path, body) => {
      const chat = aChat();
      const before = await chat.read(chat.ask('/api/sessions/demo-51'));

      for (const as of ['ann', 'admin']) {
        const response = await go(chat, `/api/sessions/demo-51${path}`, method, body, as);

        expect(response.status).toBe(403);
        expect(await response.json()).toMatchObject({
          detail: expect.stringContaining("'demo-51'"),
        });
      }
      expect(await chat.read(chat.ask('/api/sessions/demo-51'))).toEqual(before);
    },
  );

  it.each(accesses)('%s …%s of none is 404', async (method, path, body) => {
    const response = await go(aChat(), `/api/sessions/none${path}`, method, body, 'demo');

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining("'none'") });
  });

  it.each(accesses)('%s …%s of an id that can’t be is 400', async (method, path, body) => {
    const response = await go(aChat(), `/api/sessions/a%20b${path}`, method, body, 'demo');

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ pointer: '#/id', detail: expect.stringContaining(idRule) }],
    });
  });

  it('a 403 and a 404 within a batch are those items’ alone', async () => {
    const { batch } = aChat();

    const responses = await batch([
      { url: '/api/sessions/demo-51' },
      { url: '/api/sessions/ann-51' },
      { url: '/api/sessions/none' },
      { url: '/api/sessions/demo-52/messages' },
    ]);

    expect(responses.map(({ status }) => status)).toEqual([200, 403, 404, 200]);
    expect(responses[1]!.body).toMatchObject({ title: 'Not your session' });
  });
});

describe('writes', () => {
  it.each([
    ['POST', '/api/sessions', { id: 'new' }, 'new'],
    ['PATCH', '/api/sessions/demo-51', { title: 'a' }, 'demo-51'],
    ['DELETE', '/api/sessions/demo-51', undefined, 'demo-51'],
    ['POST', '/api/sessions/demo-51/archive', undefined, 'demo-51'],
    ['DELETE', '/api/sessions/demo-51/archive', undefined, 'demo-51'],
    ['POST', '/api/sessions/demo-51/messages', { text: 'a' }, 'demo-51'],
    ['DELETE', '/api/sessions/demo-51/messages/m-1', undefined, 'demo-51'],
  ])('%s %s announces its tags, to its user', async (method, path, body, id) => {
    const { announced, ask, send } = aChat();
    const heard = announced();

    if (body === undefined) await ask(path, { method });
    else await send(method, path, body);

    expect(heard).toEqual([{ tags: ['session-list', `session-${id}`], user: 'demo' }]);
  });

  it('that are refused announce nothing', async () => {
    const { announced, send, start } = aChat();
    const heard = announced();

    await start({ id: 'ann-1' });
    await send('PATCH', '/api/sessions/ann-51', { title: 'a' });

    expect(heard).toEqual([]);
  });
});
