import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { AppEnv } from '../../demo/server/http/context.ts';
import { createEtag } from '../../demo/server/http/etag.ts';

const answering = (answer: () => Response) => {
  const app = new Hono<AppEnv>().use(createEtag()).all('*', answer);
  return (init: RequestInit = {}) => app.request('/', init);
};

const asking = (ifNoneMatch: string) => ({ headers: { 'if-none-match': ifNoneMatch } });

describe('the validator', () => {
  it('is of the bytes: the same for the same ones', async () => {
    let text = 'a';
    const ask = answering(() => Response.json(text));

    const first = await ask();
    const second = await ask();
    text = 'b';
    const third = await ask();

    expect(first.headers.get('etag')).toMatch(/^W\/"[\w-]{27}"$/);
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(third.headers.get('etag')).not.toBe(first.headers.get('etag'));
    expect(await first.json()).toBe('a');
  });

  it('is a route’s own, where it has one', async () => {
    const ask = answering(() => Response.json(1, { headers: { etag: 'W/"7"' } }));

    expect((await ask()).headers.get('etag')).toBe('W/"7"');
    expect((await ask(asking('"7"'))).status).toBe(304);
  });

  it.each(['"other", "7"', 'W/"7"', '*', ' * '])('If-None-Match: %s is 304', async (field) => {
    const headers = {
      etag: '"7"',
      'cache-control': 'max-age=1',
      'cache-tag': 'a',
      'x-more': 'b',
    };
    const ask = answering(() => Response.json(1, { headers }));

    const response = await ask(asking(field));

    expect(response.status).toBe(304);
    expect(response.body).toBeNull();
    expect([...response.headers]).toEqual([
      ['cache-control', 'max-age=1'],
      ['cache-tag', 'a'],
      ['etag', '"7"'],
    ]);
  });

  it.each(['"8"', '7', ''])('If-None-Match: %j is not', async (field) => {
    const ask = answering(() => Response.json(1, { headers: { etag: '"7"' } }));

    expect((await ask(asking(field))).status).toBe(200);
  });

  it.each([
    ['an error', {}, () => Response.json(1, { status: 404 })],
    ['another success', {}, () => Response.json(1, { status: 201 })],
    ['a write', { method: 'POST' }, () => Response.json(1)],
  ])('%s has none', async (_, init, answer) => {
    expect((await answering(answer)(init)).headers.get('etag')).toBeNull();
  });

  it('a stream goes by as it is, though it never ends', async () => {
    const endless = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('data: 1\n\n'));
      },
    });
    const headers = { 'content-type': 'text/event-stream' };
    const ask = answering(() => new Response(endless, { headers }));

    const response = await ask();

    expect(response.headers.get('etag')).toBeNull();
    const { value } = await response.body!.getReader().read();
    expect(new TextDecoder().decode(value)).toBe('data: 1\n\n');
  });
});
