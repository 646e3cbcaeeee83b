import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toResponse } from '../../src/edge/to-response.ts';
import { aReply, bytesOf } from '../support/calls.ts';
import { failureOf } from '../support/drained.ts';
import { onPage } from '../support/page.ts';

beforeEach(() => {
  onPage();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const reason = new Error('no longer wanted');
const { signal } = new AbortController();

describe('a response', () => {
  it('is what the reply says', async () => {
    const response = toResponse(
      aReply({
        status: 404,
        statusText: 'Not Found',
        headers: [['x-a', '1']],
        body: bytesOf('é'),
        url: 'https://app.test/final',
        redirected: true,
      }),
      undefined,
    );

    expect(response).toBeInstanceOf(Response);
    expect(response).toMatchObject({
      status: 404,
      statusText: 'Not Found',
      ok: false,
      url: 'https://app.test/final',
      redirected: true,
      type: 'basic',
      bodyUsed: false,
    });
    expect([...response.headers]).toEqual([['x-a', '1']]);
    expect(await response.text()).toBe('é');
    expect(response.bodyUsed).toBe(true);
  });

  it.each([
    ['https://app.test/a', 'basic'],
    ['https://app.test:8443/a', 'cors'],
    ['https://app.test.evil/a', 'cors'],
    ['https://api.test/a', 'cors'],
  ])('from %s is %s', (url, type) => {
    expect(toResponse(aReply({ url }), undefined).type).toBe(type);
  });

  it.each([204, 205, 304])('of status %s has no body', (status) => {
    const response = toResponse(aReply({ status, body: null }), signal);

    expect(response.body).toBeNull();
  });

  it('tells the same of its clones, and of theirs', async () => {
    const response = toResponse(
      aReply({ url: 'https://api.test/x', redirected: true, body: bytesOf('x') }),
      signal,
    );

    const clone = response.clone();
    const second = clone.clone();

    for (const one of [clone, second]) {
      expect(one).toMatchObject({ url: 'https://api.test/x', redirected: true, type: 'cors' });
    }
    expect(await Promise.all([response, clone, second].map((one) => one.text()))).toEqual([
      'x',
      'x',
      'x',
    ]);
  });

  it.each([
    ['without a signal', undefined],
    ['with one', signal],
  ])('has bytes of its own, %s: replies are shared', async (_, given) => {
    const reply = aReply({ body: bytesOf('abc') });
    const [one, two] = [toResponse(reply, given), toResponse(reply, given)];

    (await one.bytes()).fill(0);

    expect(await two.text()).toBe('abc');
    expect(reply.body).toEqual(bytesOf('abc'));
  });

  it('has an empty body to read', async () => {
    const response = toResponse(aReply({ body: bytesOf('') }), signal);
    const clone = response.clone();

    expect(await response.text()).toBe('');
    expect((await clone.arrayBuffer()).byteLength).toBe(0);
  });

  it('can be read into a lent buffer', async () => {
    const reader = toResponse(aReply({ body: bytesOf('abcdef') }), signal).body!.getReader({
      mode: 'byob',
    });

    const { value } = await reader.read(new Uint8Array(4));
    const rest = await reader.read(new Uint8Array(4));
    const end = await reader.read(new Uint8Array(4));

    expect(value).toEqual(bytesOf('abcd'));
    expect(rest.value).toEqual(bytesOf('ef'));
    expect(end.done).toBe(true);
  });
});

describe('an abort', () => {
  it.each(['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const)(
    'before the body is read fails its reader with the reason: %s',
    async (name) => {
      const controller = new AbortController();
      const response = toResponse(aReply({ body: bytesOf('1') }), controller.signal);
      const clone = response.clone();

      controller.abort(reason);

      expect(await failureOf(response[name]())).toBe(reason);
      expect(await failureOf(clone[name]())).toBe(reason);
    },
  );

  it('before the stream is read fails its reader with the reason', async () => {
    const controller = new AbortController();
    const response = toResponse(aReply({ body: bytesOf('1') }), controller.signal);

    controller.abort(reason);

    expect(await failureOf(response.body!.getReader().read())).toBe(reason);
  });
});

describe('a live response', () => {
  const lively = (body: ReadableStream<Uint8Array> | string, given: ResponseInit = {}): Response =>
    new Response(body, given);

  it('is handed on as it is where nothing has to be added', () => {
    const live = lively('x');

    expect(toResponse(aReply({ live }), undefined)).toBe(live);
  });

  it('is told anew where it came by a redirect that the platform did not see', async () => {
    const live = lively('x', { status: 202, headers: { 'x-a': '1' } });

    const response = toResponse(
      aReply({ live, url: 'https://other.test/b', redirected: true }),
      undefined,
    );

    expect(response).toMatchObject({ status: 202, url: 'https://other.test/b', redirected: true });
    expect(response.headers.get('x-a')).toBe('1');
    expect(await response.text()).toBe('x');
  });

  it('streams on: a chunk arrives before the next', async () => {
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const live = lively(
      new ReadableStream({
        start(given) {
          controller = given;
        },
      }),
    );
    const reader = toResponse(aReply({ live }), signal).body!.getReader();

    controller.enqueue(bytesOf('one'));
    expect((await reader.read()).value).toEqual(bytesOf('one'));
    controller.enqueue(bytesOf('two'));
    expect((await reader.read()).value).toEqual(bytesOf('two'));
    controller.close();

    expect((await reader.read()).done).toBe(true);
  });

  it('can be read into a lent buffer, to its end', async () => {
    const live = lively('abcdef');
    const reader = toResponse(aReply({ live }), signal).body!.getReader({ mode: 'byob' });

    const first = await reader.read(new Uint8Array(4));
    const rest = await reader.read(new Uint8Array(4));
    const end = await reader.read(new Uint8Array(4));

    expect([first.value, rest.value]).toEqual([bytesOf('abcd'), bytesOf('ef')]);
    expect(end.done).toBe(true);
  });

  it('passes on empty chunks as nothing', async () => {
    const chunks = [bytesOf('a'), new Uint8Array(), new Uint8Array(), bytesOf('b')];
    const live = lively(
      new ReadableStream({
        pull(controller) {
          const chunk = chunks.shift();
          if (chunk) controller.enqueue(chunk);
          else controller.close();
        },
      }),
    );

    expect(await toResponse(aReply({ live }), signal).text()).toBe('ab');
  });

  it('fails its reader where a chunk is none', async () => {
    const live = lively(
      new ReadableStream({
        start(controller) {
          controller.enqueue('text' as unknown as Uint8Array);
        },
      }),
    );

    expect(await failureOf(toResponse(aReply({ live }), signal).text())).toBeInstanceOf(TypeError);
  });

  it('fails its reader as the network fails', async () => {
    const error = new TypeError('terminated');
    const live = lively(
      new ReadableStream({
        pull(controller) {
          controller.error(error);
        },
      }),
    );

    expect(await failureOf(toResponse(aReply({ live }), signal).text())).toBe(error);
  });

  it('is broken off by an abort while it is read, and its connection with it', async () => {
    const cancelled = vi.fn<(reason: unknown) => void>();
    const controller = new AbortController();
    const live = lively(new ReadableStream({ cancel: cancelled }));
    const text = failureOf(toResponse(aReply({ live }), controller.signal).text());
    await new Promise(setImmediate);

    controller.abort(reason);

    expect(await text).toBe(reason);
    expect(cancelled).toHaveBeenCalledWith(reason);
  });

  it('is broken off when its reader gives it up', async () => {
    const cancelled = vi.fn<(reason: unknown) => void>();
    const live = lively(new ReadableStream({ cancel: cancelled }));

    await toResponse(aReply({ live }), signal).body!.cancel(reason);

    expect(cancelled).toHaveBeenCalledWith(reason);
  });
});
