import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCarpool } from '../../src/index.ts';
import { aNursery, ids } from '../support/a-nursery.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A page of `demo`'s, whose every call goes to the server. */
async function aPage() {
  const nursery = aNursery();
  const token = await nursery.tokenOf('demo');
  const origin = await nursery.origin();
  const { fetch } = globalThis;
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    request.headers.set('authorization', `Bearer ${token}`);
    return fetch(request);
  });
  const carpool = createCarpool({
    endpoint: `${origin}/batch`,
    batchSingle: true,
    identity: () => 'demo',
    cache: { persist: false },
  });
  nursery.services.bus.listen(({ tags }) => void carpool.invalidate({ tags: [...tags] }));
  const get = async (path: string) =>
    (await (await carpool.fetch(`${origin}${path}`)).json()) as Readonly<Record<string, unknown>>;
  return { ...nursery, origin, asked, carpool, get };
}

describe('a page that uses Carpool', () => {
  it('reads an activity once, until somebody has changed it', async () => {
    const { asked, get, results } = await aPage();
    const path = `/api/v1/activities/${ids.activity()}`;
    const first = await get(path);
    expect(await get(path)).toEqual(first);
    expect(asked).toEqual(['POST /batch']);

    const change = { id: ids.activity(), data: { title: 'Another title' } };
    await results(
      'update',
      { resource_type: 'activities', items: [{ request_id: 'a', ...change }] },
      { as: 'admin' },
    );

    expect(await get(path)).toEqual({ ...first, title: 'Another title' });
    expect(asked).toEqual(['POST /batch', 'POST /batch']);
  });

  it('asks each time whether messages are the same, and gets 304 while they are', async () => {
    const { carpool, get, send } = await aPage();
    const path = '/api/sessions/demo-51/messages?limit=2';
    const first = await get(path);

    expect(await get(path)).toEqual(first);
    expect(carpool.stats().cache.revalidations).toBe(1);
    await send('POST', '/api/sessions/demo-51/messages', { text: 'new' });

    const { messages } = await get(path);
    expect(messages).toMatchObject([{}, { text: 'new' }]);
  });

  it('hears an answer word by word, past the batch', async () => {
    const { asked, carpool, origin } = await aPage();

    const [stream, session] = await Promise.all([
      carpool.fetch(`${origin}/api/sessions/demo-51/questions`, {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ text: 'Painting' }),
      }),
      carpool.fetch(`${origin}/api/sessions/demo-51`),
    ]);

    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(await stream.text()).toMatch(/^event: question\n[^]*event: answer\n/);
    expect(session.status).toBe(200);
    expect(asked.toSorted((one, other) => one.localeCompare(other))).toEqual([
      'POST /api/sessions/demo-51/questions',
      'POST /batch',
    ]);
  });
});
