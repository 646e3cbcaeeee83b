import { describe, expect, it, onTestFinished } from 'vitest';
import type { Reply } from '../../src/core/types.ts';
import { toResponse } from '../../src/edge/to-response.ts';

// In Node there is no page; there every origin is home.
const origin = (globalThis as Partial<typeof globalThis>).location?.origin ?? 'https://app.test';
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const aReply = (reply: Partial<Reply> = {}): Reply => ({
  status: 200,
  statusText: 'OK',
  headers: [['content-type', 'text/plain']],
  body: bytes('hello'),
  url: `${origin}/a`,
  redirected: false,
  ...reply,
});

const respond = (reply: Partial<Reply> = {}, signal?: AbortSignal): Response =>
  toResponse(aReply(reply), signal);

describe('a response made of a reply', () => {
  it('has its facts, and so do its clones, and theirs', () => {
    const response = respond({ redirected: true });

    const all = [response, response.clone(), response.clone().clone()];

    for (const { url, redirected, type, status, statusText } of all) {
      expect({ url, redirected, type, status, statusText }).toEqual({
        url: `${origin}/a`,
        redirected: true,
        type: 'basic',
        status: 200,
        statusText: 'OK',
      });
    }
  });

  it('is a Response without members of its own to see', () => {
    const response = respond();

    expect(response).toBeInstanceOf(Response);
    expect(Object.keys(response)).toEqual([]);
  });

  it('is copied member by member, as those do who wrap one', () => {
    const namesOf = (of: object): string[] => {
      const names: string[] = [];
      for (const name in of) names.push(name);
      return names.sort();
    };
    const response = respond();

    expect(namesOf(response)).toEqual(namesOf(new Response()));
    expect(namesOf(response.headers)).toEqual(namesOf(new Headers()));
    expect(Object.keys(response.headers)).toEqual([]);
  });

  it('may be frozen, and its headers too', () => {
    const response = respond();
    Object.freeze(response.headers);

    const { headers, url } = Object.freeze(response);

    expect([headers.get('content-type'), url]).toEqual(['text/plain', `${origin}/a`]);
  });

  it('has headers that can’t be changed, and a clone’s can’t either', () => {
    const response = respond();

    for (const { headers } of [response, response.clone()]) {
      expect(() => {
        headers.set('x-a', '1');
      }).toThrow(TypeError);
      expect(() => {
        headers.append('x-a', '1');
      }).toThrow(TypeError);
      expect(() => {
        headers.delete('content-type');
      }).toThrow(TypeError);
      expect([...headers]).toEqual([['content-type', 'text/plain']]);
    }
  });

  it.each([204, 205, 304])('has no body with status %i', async (status) => {
    const response = respond({ status, body: null }, new AbortController().signal);

    expect(response.body).toBeNull();
    expect(await response.text()).toBe('');
  });

  it('shares no bytes with another of the same reply', async () => {
    const reply = aReply();
    const { signal } = new AbortController();
    const responses = [toResponse(reply, undefined), toResponse(reply, signal)];

    for (const response of responses) new Uint8Array(await response.arrayBuffer()).fill(0);

    expect(await toResponse(reply, undefined).text()).toBe('hello');
  });

  it('can be read in bytes of one’s own', async () => {
    const { signal } = new AbortController();
    const reader = respond({}, signal).body!.getReader({ mode: 'byob' });

    const first = await reader.read(new Uint8Array(3));
    const second = await reader.read(new Uint8Array(3));
    const end = await reader.read(new Uint8Array(3));

    const text = [first, second].map(({ value }) => new TextDecoder().decode(value));
    expect(text).toEqual(['hel', 'lo']);
    expect(end.done).toBe(true);
  });
});

describe('a body that is at hand', () => {
  const json = (text: string): Response => respond({ body: bytes(text) });
  const read = {
    json: (response: Response) => response.json() as Promise<unknown>,
    text: (response: Response) => response.text(),
  };
  const names = ['json', 'text'] as const;

  it.each(names)('has been read once %s has, as far as anybody can tell', async (name) => {
    const response = json('{"a":1}');

    await read[name](response);

    expect(response.bodyUsed).toBe(true);
    expect(response.body!.locked).toBe(true);
    expect(() => response.body!.getReader()).toThrow(TypeError);
    for (const again of names) await expect(read[again](json('1').clone())).resolves.toBeDefined();
    expect(() => response.clone()).toThrow(TypeError);
  });

  it.each(names)('is not read by %s a second time', async (name) => {
    const response = json('{"a":1}');
    await read[name](response);

    for (const reader of ['json', 'text', 'arrayBuffer', 'blob'] as const) {
      await expect(response[reader]()).rejects.toThrow(TypeError);
    }
  });

  it.each(names)('is not read by %s behind the back of who reads its stream', async (name) => {
    const response = json('{"a":1}');
    const reader = response.body!.getReader();

    await expect(read[name](response)).rejects.toThrow(TypeError);

    expect(new TextDecoder().decode((await reader.read()).value)).toBe('{"a":1}');
  });

  it.each(names)(
    'is not there any more for who has its stream, when %s has read it',
    async (name) => {
      const response = json('{"a":1}');
      const stream = response.body!;

      await read[name](response);

      expect(stream.locked).toBe(true);
      expect(response.bodyUsed).toBe(true);
    },
  );

  it('is not read again by who had its stream looked at in between', async () => {
    const response = json('{"a":1}');
    await response.json();

    expect(response.body!.locked).toBe(true);

    await expect(response.json()).rejects.toThrow(TypeError);
    await expect(response.arrayBuffer()).rejects.toThrow(TypeError);
  });

  it('is read by each clone for itself', async () => {
    const response = json('{"a":1}');
    const clone = response.clone();

    const values = [await response.json(), await clone.json()] as { a: number }[];

    expect(values).toEqual([{ a: 1 }, { a: 1 }]);
    expect(values[0]).not.toBe(values[1]);
  });

  it('is read by its clone still when it has been read itself, in part', async () => {
    const response = json('{"a":1}');
    const clone = response.clone();
    await response.body!.getReader().read();

    expect(await clone.json()).toEqual({ a: 1 });
  });

  it.each(names)('is read by what the page has put in place of the platform’s %s', async (name) => {
    const { [name]: original } = Response.prototype;
    onTestFinished(() => {
      Response.prototype[name] = original;
    });
    Response.prototype[name] = async function (this: Response) {
      return [name, await original.call(this)] as never;
    };
    const response = json('1');

    expect(await read[name](response)).toEqual([name, name === 'json' ? 1 : '1']);
    expect(response.bodyUsed).toBe(true);
  });

  it('loses its byte order mark, and no other', async () => {
    expect(await json('\uFEFF\uFEFFa').text()).toBe('\uFEFFa');
    expect(await json('\uFEFF[1]').json()).toEqual([1]);
  });

  it('that is not UTF-8 has replacement characters', async () => {
    const response = respond({ body: new Uint8Array([0x61, 0xff]) });

    expect(await response.text()).toBe('a\uFFFD');
  });

  it.each(['', '{', '{"a":1}}'])('that is %j fails json with a SyntaxError', async (text) => {
    await expect(json(text).json()).rejects.toThrow(SyntaxError);
  });
});

describe('an abort', () => {
  const readers = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const;

  it.each(readers)('before the body is read fails %s with the reason', async (name) => {
    const controller = new AbortController();
    const response = respond({}, controller.signal);
    const clone = response.clone();

    controller.abort('enough');

    await expect(response[name]()).rejects.toBe('enough');
    await expect(clone[name]()).rejects.toBe('enough');
    expect(response.bodyUsed).toBe(false);
  });

  it('before the body is read fails a stream’s reader with the reason', async () => {
    const controller = new AbortController();
    const reader = respond({}, controller.signal).body!.getReader();

    controller.abort('enough');

    await expect(reader.read()).rejects.toBe('enough');
  });

  it('while the body is read fails its reader with the reason', async () => {
    const controller = new AbortController();
    const text = respond({}, controller.signal).text();

    controller.abort('enough');

    await expect(text).rejects.toBe('enough');
  });

  it('after the body is read changes nothing', async () => {
    const controller = new AbortController();
    const response = respond({}, controller.signal);
    const text = await response.text();

    controller.abort('enough');

    expect(text).toBe('hello');
    await expect(response.text()).rejects.toThrow(TypeError);
  });
});

describe('a reply that travelled by itself', () => {
  const liveReply = (live: Response, reply: Partial<Reply> = {}): Reply =>
    aReply({ live, url: live.url, redirected: live.redirected, body: null, ...reply });

  it('is handed on as the platform’s own response', () => {
    const live = new Response('hello');

    expect(toResponse(liveReply(live), undefined)).toBe(live);
  });

  it('has the facts of a redirect that it was the end of', async () => {
    const live = new Response('hello', { status: 201, headers: { 'x-a': '1' } });

    const response = toResponse(liveReply(live, { redirected: true, url: 'x:y' }), undefined);

    expect(response.redirected).toBe(true);
    expect([response.status, response.url, response.headers.get('x-a')]).toEqual([201, 'x:y', '1']);
    expect(await response.text()).toBe('hello');
  });

  it('has its body cut off by an abort while that arrives', async () => {
    const controller = new AbortController();
    let cancelled: unknown;
    const live = new Response(
      new ReadableStream({
        cancel(reason) {
          cancelled = reason;
        },
      }),
    );
    const response = toResponse(liveReply(live), controller.signal);
    const text = response.text();

    controller.abort('enough');

    await expect(text).rejects.toBe('enough');
    expect(cancelled).toBe('enough');
  });
});
