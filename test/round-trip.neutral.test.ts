import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCarpool, type CarpoolOptions } from '../src/index.ts';
import { createBatchHandler } from '../src/server/index.ts';

const origin = (globalThis as Partial<typeof globalThis>).location?.origin ?? 'https://app.test';
const endpoint = `${origin}/batch`;
const url = (path: string): string => origin + path;

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A client and the server's handler in one place, with nothing but function calls between. */
function connected(
  dispatch: (request: Request) => Response | Promise<Response>,
  options: CarpoolOptions = {},
): { fetch: typeof fetch; batches: () => number } {
  const handle = createBatchHandler({ dispatch, onEvent: () => {} });
  let batches = 0;
  vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => {
    batches++;
    return handle(new Request(input, init));
  });
  const { fetch } = createCarpool({ endpoint, batchSingle: true, ...options });
  return { fetch, batches: () => batches };
}

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

const bodies: [what: string, type: string | null, body: string | Uint8Array<ArrayBuffer>][] = [
  ['JSON', 'application/json', '{"id":12345678901234567890,"text":"Grüße 👋🏽"}'],
  ['JSON under a suffix', 'application/geo+json', '{"type":"Point"}'],
  ['text', 'text/plain;charset=utf-8', 'Grüße\r\n"quoted" \\ 👋🏽\u0000\u2028'],
  ['a form', 'application/x-www-form-urlencoded', 'a=1&b=%C3%BC+x'],
  ['bytes', 'application/octet-stream', everyByte],
  ['bytes without a type', null, everyByte],
  ['text without a type', null, 'dGVzdA'],
  ['nothing', 'application/json', ''],
];

describe('a body', () => {
  it.each(bodies)('of %s arrives from the server as it was sent', async (_, type, body) => {
    const sent = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const headers: HeadersInit = type === null ? {} : { 'content-type': type };
    const { fetch } = connected(() => new Response(sent, { headers }));

    const response = await fetch(url('/a'));

    expect(response.headers.get('content-type')).toBe(type);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(sent);
  });

  it.each(bodies.filter(([, type, body]) => type !== null && body !== ''))(
    'of %s arrives at the server as it was sent',
    async (_, type, body) => {
      const sent = typeof body === 'string' ? new TextEncoder().encode(body) : body;
      const seen: [string | null, Uint8Array][] = [];
      const { fetch, batches } = connected(async (request) => {
        const received = new Uint8Array(await request.arrayBuffer());
        seen.push([request.headers.get('content-type'), received]);
        return new Response(null, { status: 204 });
      });
      const headers = { 'content-type': type! };

      const init = { method: 'POST', body, headers };
      const answers = [await fetch(url('/a'), init), await fetch(new Request(url('/b'), init))];

      expect(answers.map(({ status }) => status)).toEqual([204, 204]);
      expect(seen).toEqual([
        [type, sent],
        [type, sent],
      ]);
      expect(batches()).toBe(2);
    },
  );
});

describe('a batch', () => {
  it('answers each of a hundred calls with its own', async () => {
    const { fetch, batches } = connected(({ url }) => Response.json({ url }));

    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const response = await fetch(url(`/${String(n)}`));
        return [response.url, ((await response.json()) as { url: string }).url];
      }),
    );

    const expected = Array.from({ length: 100 }, (_, n) => url(`/${String(n)}`));
    expect(answers).toEqual(expected.map((path) => [path, path]));
    expect(batches()).toBe(2);
  });

  it('keeps one call’s failure from the others', async () => {
    const { fetch } = connected(({ url }) => {
      if (url.endsWith('/bad')) throw new Error('no');
      return new Response('fine');
    });

    const [good, bad] = await Promise.all([fetch(url('/good')), fetch(url('/bad'))]);

    expect([good.status, await good.text()]).toEqual([200, 'fine']);
    expect([bad.status, bad.headers.get('content-type')]).toEqual([
      500,
      'application/problem+json',
    ]);
  });

  it('hands a part over while another is still being made', async () => {
    const slow = Promise.withResolvers<Response>();
    const { fetch } = connected(({ url }) =>
      url.endsWith('/slow') ? slow.promise : new Response('fast'),
    );

    const late = fetch(url('/slow'));
    const early = await fetch(url('/fast'));

    expect(await early.text()).toBe('fast');
    slow.resolve(new Response('slow'));
    expect(await (await late).text()).toBe('slow');
  });

  it('lets go of an endpoint that nobody waits for any more', async () => {
    const began = Promise.withResolvers<Request>();
    const { fetch } = connected((request) => {
      began.resolve(request);
      return new Promise(() => {});
    });
    const controller = new AbortController();
    const call = fetch(url('/a'), { signal: controller.signal });
    const { signal } = await began.promise;
    const gone = new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });

    controller.abort('enough');

    await expect(call).rejects.toBe('enough');
    await gone;
    expect(signal.aborted).toBe(true);
  });
});
