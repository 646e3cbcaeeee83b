import { describe, expect, it } from 'vitest';
import { aDemoServer } from '../support/a-demo-server.ts';

/** The app, and a board that is empty at first. */
function aBoard() {
  const server = aDemoServer();
  const ask = (method: string, path: string, init: RequestInit = {}) =>
    server.ask(path, { method, ...init });
  const post = (body: string, type = 'application/json') =>
    ask('POST', '/api/notes', { body, headers: { 'content-type': type } });
  const texts = async () => {
    const { notes } = (await (await ask('GET', '/api/notes')).json()) as {
      notes: { text: string }[];
    };
    return notes.map(({ text }) => text);
  };
  return { ask, post, texts };
}

const aNote = (text: string) => JSON.stringify({ text });

describe('POST /api/notes', () => {
  it('is 201 with the note and where it is', async () => {
    const { ask, post } = aBoard();

    const created = await post(aNote('  Call the tent supplier '));

    const note = await created.json();
    expect(created.status).toBe(201);
    expect(note).toMatchObject({ id: 1, text: 'Call the tent supplier' });
    const { createdAt } = note as { createdAt: string };
    expect(new Date(createdAt).toISOString()).toBe(createdAt);
    const location = created.headers.get('location') ?? '';
    expect(await (await ask('GET', location)).json()).toEqual(note);
  });

  it('the list has the latest first', async () => {
    const { post, texts } = aBoard();

    await post(aNote('one'));
    await post(aNote('two'));

    expect(await texts()).toEqual(['two', 'one']);
  });

  it.each([
    ['no text', '{}', '#/text'],
    ['a number', '{"text":1}', '#/text'],
    ['an empty text', aNote(''), '#/text'],
    ['nothing but spaces', aNote('   '), '#/text'],
    ['501 characters', aNote('a'.repeat(501)), '#/text'],
    ['a member too many', '{"text":"a","x":1}', '#'],
    ['a list', '[]', '#'],
  ])('%s is 422 with a problem that points at it', async (_, body, pointer) => {
    const { post, texts } = aBoard();

    const response = await post(body);

    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      status: 422,
      errors: [{ pointer, detail: expect.any(String) }],
    });
    expect(await texts()).toEqual([]);
  });

  it('500 characters are taken', async () => {
    const { post } = aBoard();

    expect((await post(aNote('a'.repeat(500)))).status).toBe(201);
  });

  it.each([
    [400, 'what is no JSON', '{', 'application/json'],
    [415, 'a form', 'text=a', 'application/x-www-form-urlencoded'],
    [415, 'JSON that is called text', aNote('a'), 'text/plain'],
    [413, 'more than 256 kB', aNote('a'.repeat(300_000)), 'application/json'],
  ])('is %s for %s', async (status, _, body, type) => {
    const { post, texts } = aBoard();

    const response = await post(body, type);

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await texts()).toEqual([]);
  });

  it('is 507 when the board is full, until a note is deleted', async () => {
    const { ask, post } = aBoard();
    for (let n = 0; n < 1000; n++) await post(aNote('a'));

    expect((await post(aNote('b'))).status).toBe(507);
    await ask('DELETE', '/api/notes/1');

    expect((await post(aNote('b'))).status).toBe(201);
  });
});

describe('GET /api/notes', () => {
  it('says nothing of how long it may be kept, but has a validator', async () => {
    const { ask, post } = aBoard();

    const empty = await ask('GET', '/api/notes');
    const etag = empty.headers.get('etag') ?? '';
    const same = await ask('GET', '/api/notes', { headers: { 'if-none-match': etag } });
    await post(aNote('a'));
    const changed = await ask('GET', '/api/notes', { headers: { 'if-none-match': etag } });

    expect(empty.headers.get('cache-control')).toBeNull();
    expect(etag).toMatch(/^(?:W\/)?"[^"]+"$/);
    expect(same.status).toBe(304);
    expect(changed.status).toBe(200);
  });
});

describe('DELETE /api/notes/:id', () => {
  it('is 204 once, then 404', async () => {
    const { ask, post, texts } = aBoard();
    await post(aNote('a'));

    const first = await ask('DELETE', '/api/notes/1');
    const second = await ask('DELETE', '/api/notes/1');

    expect(first.status).toBe(204);
    expect(second.status).toBe(404);
    expect(second.headers.get('content-type')).toBe('application/problem+json');
    expect(await texts()).toEqual([]);
    expect((await ask('GET', '/api/notes/1')).status).toBe(404);
  });

  it('an id is never given twice', async () => {
    const { ask, post } = aBoard();
    await post(aNote('a'));
    await ask('DELETE', '/api/notes/1');

    const next = await post(aNote('b'));

    expect(next.headers.get('location')).toBe('/api/notes/2');
  });
});
