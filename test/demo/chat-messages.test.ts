import { describe, expect, it } from 'vitest';
import { aChat } from '../support/a-chat.ts';

interface Page {
  readonly messages: readonly { readonly id: string | number; readonly position: number }[];
  readonly next: string | null;
}

/** A chat with a session of so many messages, called 1, 2, 3 and so on. */
async function aSession(count = 0) {
  const chat = aChat();
  await chat.start({ id: 's' });
  for (let n = 1; n <= count; n++) await chat.say('s', { id: n, text: `text ${n}` });
  const ids = ({ messages }: Page) => messages.map(({ id }) => id);
  const page = (query = '') => chat.read<Page>(chat.ask(`/api/sessions/s/messages${query}`));
  return { ...chat, ids, page };
}

describe('GET /api/sessions/:id/messages', () => {
  it('of a session without any is an empty list, never null', async () => {
    const { page } = await aSession();

    expect(await page()).toEqual({ messages: [], next: null });
  });

  it('has the latest, in their order; next leads back to the first', async () => {
    const { ask, ids, page, read } = await aSession(5);

    const latest = await page('?limit=2');
    const before = await read<Page>(ask(latest.next!));
    const first = await read<Page>(ask(before.next!));

    expect([latest, before, first].map(ids)).toEqual([[4, 5], [2, 3], [1]]);
    expect(first.next).toBeNull();
  });

  it('after a position has the earliest; next leads on to the last', async () => {
    const { ask, ids, page, read } = await aSession(5);

    const first = await page('?limit=2&after=1&fields=id,position');
    const last = await read<Page>(ask(first.next!));

    expect([first, last].map(ids)).toEqual([
      [2, 3],
      [4, 5],
    ]);
    expect(last.next).toBeNull();
    expect(last.messages[0]).toEqual({ id: 4, position: 4 });
  });

  it('after the last position is an empty list', async () => {
    const { page } = await aSession(2);

    expect(await page('?after=2')).toEqual({ messages: [], next: null });
    expect(await page('?before=1')).toEqual({ messages: [], next: null });
  });

  it.each([
    ['limit=0', '#/limit'],
    ['limit=101', '#/limit'],
    ['before=-1', '#/before'],
    ['after=x', '#/after'],
    ['before=3&after=1', '#/before'],
    ['fields=txt', '#/fields/0'],
  ])('?%s is 400 and names it', async (query, pointer) => {
    const { ask } = await aSession();

    const response = await ask(`/api/sessions/s/messages?${query}`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });

  it('that are read again are 304, until one is added', async () => {
    const { ask, say } = await aSession(1);
    const first = await ask('/api/sessions/s/messages');
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };

    const same = await ask('/api/sessions/s/messages', { headers });
    await say('s', { text: 'more' });
    const more = await ask('/api/sessions/s/messages', { headers });

    expect(first.headers.get('cache-tag')).toBe('sessions, session-s');
    expect([same.status, more.status]).toEqual([304, 200]);
  });

  it('what was never given is an empty list', async () => {
    const { page, say } = await aSession();
    await say('s', { text: 'a' });

    expect(await page()).toMatchObject({ messages: [{ sources: [] }] });
  });
});

describe('POST /api/sessions/:id/messages', () => {
  it.each([
    ['a string', 'm-42', 'm-42'],
    ['an integer', 42, 42],
  ])('takes %s as its id, and gives it back as it was', async (_, id, expected) => {
    const { ask, read, say } = await aSession();

    const created = await say('s', { id, text: ' Hello ' });

    expect(created.status).toBe(201);
    const message = await read(created);
    expect(message).toMatchObject({
      id: expected,
      position: 1,
      role: 'user',
      text: 'Hello',
      state: 'complete',
    });
    expect(created.headers.get('location')).toBe(`/api/sessions/s/messages/${id}`);
    expect(await read(ask(`/api/sessions/s/messages/${id}`))).toEqual(message);
  });

  it('gives an id where there is none', async () => {
    const { read, say } = await aSession();

    expect(await read(say('s', { text: 'a' }))).toMatchObject({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
    });
  });

  it('counts in its session, which comes first then', async () => {
    const { ask, read, say } = await aSession();

    await say('demo-51', { text: 'a' });

    const { sessions } = await read<{ sessions: object[] }>(ask('/api/sessions?limit=1'));
    expect(sessions).toMatchObject([{ id: 'demo-51', messageCount: 13 }]);
  });

  it('is 409 for an id that the session has; another session may have it', async () => {
    const { say, start } = await aSession(1);
    await start({ id: 'other' });

    const response = await say('s', { id: '1', text: 'again' });

    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ errors: [{ pointer: '#/id' }] });
    expect((await say('other', { id: 1, text: 'a' })).status).toBe(201);
  });

  it('with the same Idempotency-Key, a repetition gets the first answer', async () => {
    const { say, texts } = await aSession();
    const headers = { 'idempotency-key': '"k-1"' };

    const first = await say('s', { text: 'once' }, { headers });
    const second = await say('s', { text: 'once' }, { headers });

    expect(second.status).toBe(201);
    expect(await second.json()).toEqual(await first.json());
    expect(await texts('s')).toEqual(['once']);
  });

  it('is 409 where the session is archived, until it is brought back', async () => {
    const { ask, say } = await aSession();
    await ask('/api/sessions/s/archive', { method: 'POST' });

    const refused = await say('s', { text: 'a' });
    await ask('/api/sessions/s/archive', { method: 'DELETE' });

    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      detail: expect.stringContaining('DELETE /api/sessions/s/archive'),
    });
    expect((await say('s', { text: 'a' })).status).toBe(201);
  });

  it('8,000 characters are taken', async () => {
    const { say } = await aSession();

    expect((await say('s', { text: 'a'.repeat(8000) })).status).toBe(201);
  });

  it.each([
    ['no text', {}, '#/text'],
    ['an empty text', { text: ' ' }, '#/text'],
    ['8,001 characters', { text: 'a'.repeat(8001) }, '#/text'],
    ['an id that can’t be', { id: 'a b', text: 'a' }, '#/id'],
    ['a role', { text: 'a', role: 'assistant' }, '#'],
  ])('%s is 422 and names it', async (_, body, pointer) => {
    const { say, texts } = await aSession();

    const response = await say('s', body);

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
    expect(await texts('s')).toEqual([]);
  });

  it('is 507 for the 5,001st of a session, until one is deleted', async () => {
    const { ask, say, services } = await aSession();
    services.database.exec(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
      INSERT INTO chat_messages SELECT 's', i, 'm-' || i, 0, 'user', 'x', 'complete', NULL, '' FROM n;
      UPDATE chat_sessions SET message_count = 5000, last_position = 5000 WHERE id = 's';
    `);

    const refused = await say('s', { text: 'a' });
    await ask('/api/sessions/s/messages/m-7', { method: 'DELETE' });

    expect(refused.status).toBe(507);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('5000') });
    expect((await say('s', { text: 'a' })).status).toBe(201);
  });
});

describe('one message', () => {
  it('is deleted: 204 once, then 404; the others keep their positions', async () => {
    const { ask, page, read } = await aSession(3);

    const first = await ask('/api/sessions/s/messages/2', { method: 'DELETE' });
    const second = await ask('/api/sessions/s/messages/2', { method: 'DELETE' });

    expect([first.status, second.status]).toEqual([204, 404]);
    const { messages } = await page();
    expect(messages.map(({ position }) => position)).toEqual([1, 3]);
    expect(await read(ask('/api/sessions/s'))).toMatchObject({ messageCount: 2 });
  });

  it('after the last one was deleted, a new one gets a position of its own', async () => {
    const { ask, read, say } = await aSession(2);
    await ask('/api/sessions/s/messages/2', { method: 'DELETE' });

    expect(await read(say('s', { text: 'a' }))).toMatchObject({ position: 3 });
  });

  it('that isn’t there is 404', async () => {
    const { ask } = await aSession();

    const response = await ask('/api/sessions/s/messages/none');

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ title: 'No such message' });
  });

  it('of another session is 404', async () => {
    const { ask, start } = await aSession(1);
    await start({ id: 'other' });

    expect((await ask('/api/sessions/other/messages/1')).status).toBe(404);
  });

  it('has only the fields that are asked for', async () => {
    const { ask, read } = await aSession(1);

    expect(await read(ask('/api/sessions/s/messages/1?fields=text'))).toEqual({ text: 'text 1' });
  });
});

describe('through POST /batch', () => {
  it('messages are added and read, and a refusal is its item’s alone', async () => {
    const { batch, texts } = await aSession();
    const post = (session: string, text: string) => ({
      method: 'POST',
      url: `/api/sessions/${session}/messages`,
      headers: { 'content-type': 'application/json' },
      body: { text },
    });

    const responses = await batch([post('s', 'mine'), post('ann-51', 'theirs'), post('s', '')]);

    expect(responses.map(({ status }) => status)).toEqual([201, 403, 422]);
    expect(await texts('s')).toEqual(['mine']);
  });
});
