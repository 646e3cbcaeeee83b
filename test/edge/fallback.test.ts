import { afterEach, describe, expect, it, vi } from 'vitest';
import { aClient, url } from '../support/a-client.ts';
import { drained } from '../support/drained.ts';
import { line, statsLine } from '../support/fake-network.ts';
import { onPage } from '../support/page.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const json = { 'content-type': 'application/json' };

describe('a call that can not ride', () => {
  it('goes to native `fetch` with the very arguments of its caller', async () => {
    const { fetch } = aClient();
    const native = vi.fn<typeof fetch>(() => Promise.resolve(new Response('native')));
    vi.stubGlobal('fetch', native);
    const [input, init] = [url('/a'), { cache: 'no-store', whatever: 1 } as RequestInit];

    const response = await fetch(input, init);

    expect(await response.text()).toBe('native');
    expect(native.mock.calls).toEqual([[input, init]]);
    expect((native.mock.calls as unknown[][])[0]?.[1]).toBe(init);
  });

  it('hands on native’s own response, and its own error', async () => {
    const { fetch } = aClient();
    const [response, error] = [new Response(), new TypeError('Failed to fetch')];
    vi.stubGlobal('fetch', vi.fn().mockResolvedValueOnce(response).mockRejectedValueOnce(error));

    expect(await fetch(url('/a'), { cache: 'reload' })).toBe(response);
    await expect(fetch(url('/a'), { cache: 'reload' })).rejects.toBe(error);
  });

  it.each(['GET', 'POST'])(
    'is answered by a mock that gives no promise, too: %s',
    async (method) => {
      const { fetch } = aClient();
      const response = new Response();
      vi.stubGlobal('fetch', vi.fn().mockReturnValue(response));

      expect(await fetch(url('/a'), { method, cache: 'reload' })).toBe(response);
    },
  );

  it('is told of, with its reason', async () => {
    const { calls, carpool, fallbacks, fetch } = aClient();

    await fetch(url('/a'), { method: 'post', keepalive: true });

    expect(fallbacks).toEqual([{ url: url('/a'), method: 'POST', reason: 'keepalive' }]);
    expect(calls).toEqual([]);
    expect(carpool.stats()).toMatchObject({
      calls: 1,
      bypassed: 1,
      bypassReasons: { keepalive: 1 },
    });
  });

  it('has what is wrong with it said by native `fetch`', async () => {
    const { fallbacks, fetch } = aClient();

    const bodyWithGet: RequestInit = { body: 'x' };

    await expect(fetch('https://')).rejects.toThrow(TypeError);
    await expect((fetch as () => Promise<Response>)()).rejects.toThrow(TypeError);
    await expect(fetch(url('/a'), { method: 'CONNECT' })).rejects.toThrow(TypeError);
    await expect(fetch(url('/a'), bodyWithGet)).rejects.toThrow(TypeError);
    await expect(fetch(Object.create(null) as string)).rejects.toThrow(TypeError);
    await expect(fetch(url('/a'), { method: Object.create(null) as string })).rejects.toThrow(
      TypeError,
    );

    expect(fallbacks.every(({ reason }) => ['invalid', 'method'].includes(reason))).toBe(true);
  });
});

describe('what is not even a call', () => {
  it.each<[string, unknown[]]>([
    ['no arguments', []],
    ['an init that is none', [url('/a'), 5]],
  ])('is refused, and does not ride: %s', async (_, args) => {
    onPage();
    const { batches, fallbacks, fetch } = aClient({ batchSingle: true });

    await (fetch as (...args: unknown[]) => Promise<Response>)(...args).catch(() => {});

    expect(fallbacks.map(({ reason }) => reason)).toEqual(['invalid']);
    expect(batches()).toEqual([]);
  });
});

describe('a body inside a Request', () => {
  it.each([
    ['too large', 'x'.repeat(200_000), { 'content-type': 'text/plain' }, 'body-size'],
    ['no JSON', '{"a":', json, 'content-type'],
  ])('that is %s arrives whole, natively', async (_, body, headers, reason) => {
    const { fallbacks, fetch, natives } = aClient();
    const request = new Request(url('/a'), { method: 'POST', body, headers });

    await fetch(request);

    expect(natives()[0]?.body).toBe(body);
    expect(natives()[0]?.headers.get('content-type')).toBe(headers['content-type']);
    expect(fallbacks[0]?.reason).toBe(reason);
  });

  /** A Request whose body comes in these chunks. */
  function chunked(...chunks: string[]): Request {
    const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk));
    const body = new ReadableStream({
      pull(controller) {
        const chunk = bytes.shift();
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const init = {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/plain' },
      duplex: 'half',
    };
    return new Request(url('/a'), init);
  }

  it('that comes in several chunks rides whole', async () => {
    const { batches, fetch } = aClient({ batchSingle: true });

    await fetch(chunked('one ', 'two ', 'three'));

    expect(batches()[0]?.items?.[0]?.body).toBe('one two three');
  });

  it.each([
    ['at the limit', ['x'.repeat(10), 'y']],
    ['below it', ['xxx', 'yyyyyyyyyyyy', 'zz']],
  ])('that exceeds the limit after a chunk that ends %s goes past whole', async (_, chunks) => {
    const { fallbacks, fetch, natives } = aClient({ maxBodyBytes: 10 });

    await fetch(chunked(...chunks));

    expect(natives()[0]?.body).toBe(chunks.join(''));
    expect(fallbacks[0]?.reason).toBe('body-size');
  });

  it('counts as used, whichever way it goes', async () => {
    const { fetch } = aClient();
    const [rides, past] = ['{}', '{'].map(
      (body) => new Request(url('/a'), { method: 'POST', body, headers: json }),
    );

    const responses = [fetch(rides!), fetch(past!)];

    expect([rides?.bodyUsed, past?.bodyUsed]).toEqual([true, true]);
    await Promise.all(responses);
  });

  it('goes along with init’s other members', async () => {
    const { fetch, natives } = aClient();
    const request = new Request(url('/a'), { method: 'POST', body: '{', headers: json });

    await fetch(request, { method: 'PUT', headers: { ...json, 'x-a': '1' } });

    expect(natives()[0]).toMatchObject({ method: 'PUT', body: '{' });
    expect(natives()[0]?.headers.get('x-a')).toBe('1');
  });

  it('of one request is not taken for another’s', async () => {
    const { batches, fetch } = aClient();
    const request = new Request(url('/a'), { method: 'POST', body: '"old"', headers: json });

    await Promise.all([
      fetch(request, { method: 'POST', body: '"new"', headers: json }),
      fetch(url('/b')),
    ]);

    expect(batches()[0]?.items?.[0]?.body).toBe('new');
  });

  it('that does not come holds nobody up for long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const { fetch, seen } = aClient();
    const body = new ReadableStream({ pull: () => new Promise<void>(() => {}) });
    const init = { method: 'POST', body, headers: json, duplex: 'half' } as RequestInit;

    void fetch(new Request(url('/a'), init));
    const other = fetch(url('/b'));
    await drained();
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(50);

    expect((await other).status).toBe(200);
  });

  it('shares its window with calls made beside it', async () => {
    const { batches, fetch } = aClient();
    const post = (n: number): Request =>
      new Request(url(`/${String(n)}`), { method: 'POST', body: '{}', headers: json });

    await Promise.all([fetch(url('/a')), fetch(post(1)), fetch(post(2)), fetch(url('/b'))]);

    expect(batches().map(({ items }) => items?.length)).toEqual([4]);
  });
});

describe('an item that is redirected to another origin', () => {
  it('goes on natively, and is told as one call', async () => {
    const { calls, fetch, natives } = aClient({ batchSingle: true }, (seen) =>
      seen.items
        ? new Response(line('0', 302, null, { location: 'https://other.test/b' }) + statsLine, {
            headers: { 'content-type': 'application/x-ndjson' },
          })
        : Response.json({ at: seen.url }),
    );
    const headers = { authorization: 'Bearer t', 'x-a': '1' };

    const response = await fetch(url('/a'), { headers });

    expect(await response.json()).toEqual({ at: 'https://other.test/b' });
    expect(response.redirected).toBe(true);
    expect([...natives()[0]!.headers.keys()]).toEqual(['x-a']);
    expect(calls).toMatchObject([{ url: url('/a'), status: 200 }]);
  });
});
