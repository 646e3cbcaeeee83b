import { getRequestListener } from '@hono/node-server';
import { beforeAll, describe, expect, test } from 'vitest';
import { toRequest, type Ask, type CreateRequest } from '../../src/server/item.ts';
import { lightRequestsOf } from '../../src/server/light-request.ts';
import { aBatch, aGet, aPost, aServer, partsOf } from './support.ts';

const platformRequest = globalThis.Request;
let createLight: CreateRequest;

beforeAll(() => {
  // Replaces the globals by its own.
  getRequestListener(() => new Response());
  createLight = lightRequestsOf(globalThis.Request)!;
});

const anAsk = (more: Partial<Ask> = {}): Ask => ({
  method: 'GET',
  url: 'https://app.test/api/widgets/1?size=2',
  headers: new Map([
    ['accept', 'application/json'],
    ['x-own', '1'],
  ]),
  body: null,
  ...more,
});
const inherited = new Headers({ accept: '*/*', cookie: 'a=b', authorization: 'Bearer c' });

const outcomeOf = async (read: (request: Request) => unknown, request: Request): Promise<unknown> =>
  Promise.resolve()
    .then(() => read(request))
    .catch((error: unknown) => ({ threw: (error as Error).name }));

describe('a light request answers as a real one does', () => {
  const simple = [
    ...['method', 'url', 'body', 'bodyUsed', 'redirect', 'credentials', 'cache', 'mode'],
    ...['referrer', 'referrerPolicy', 'integrity', 'keepalive', 'destination', 'duplex'],
  ] as const;
  const readings: [string, (request: Request) => unknown][] = [
    ...simple.map((name): [string, (request: Request) => unknown] => [
      name,
      (request) => (request as unknown as Record<string, unknown>)[name],
    ]),
    ['headers', ({ headers }) => [...headers]],
    ['headers, twice', (request) => request.headers === request.headers],
    ['signal', ({ signal }) => signal instanceof AbortSignal && signal.aborted],
    ['signal, twice', (request) => request.signal === request.signal],
    ['own members', (request) => Object.keys(request)],
    ['an assignment', (request) => ((request as { url: string }).url = 'https://app.test/')],
    ['instanceof', (request) => [request instanceof Request, request instanceof platformRequest]],
    ['its tag', (request) => Object.prototype.toString.call(request)],
    ['text()', (request) => request.text()],
    ['text(), twice', async (request) => [await request.text(), await request.text()]],
    ['json()', (request) => request.json()],
    ['formData()', (request) => request.formData()],
    ['arrayBuffer()', async (request) => (await request.arrayBuffer()).byteLength],
    ['bytes()', (request) => request.bytes()],
    ['blob()', async (request) => [(await request.blob()).size, (await request.blob()).type]],
    ['clone()', (request) => [request.clone().url, ...request.clone().headers]],
    ['new Request(it)', (request) => [new Request(request).url, ...new Request(request).headers]],
    [
      'new Request(it, init)',
      async (request) => {
        const changed = new Request(request, { method: 'POST', body: 'a' });
        return [changed.method, changed.url, changed.redirect, await changed.text()];
      },
    ],
    [
      'new Request(url, it)',
      (request) => {
        const moved = new Request('https://other.test/', request);
        return [moved.method, moved.url, moved.redirect, ...moved.headers];
      },
    ],
    [
      'headers that were set, in what is made of it',
      (request) => {
        request.headers.set('x-set', '1');
        request.headers.delete('x-own');
        return [...request.clone().headers, ...new Request(request).headers];
      },
    ],
  ];

  test.each(readings)('%s', async (_, read) => {
    const { signal } = new AbortController();

    const given = await outcomeOf(read, createLight(anAsk(), inherited, signal));

    expect(given).toEqual(await outcomeOf(read, toRequest(anAsk(), inherited, signal)));
  });

  test.each<[string, (request: Request) => AbortSignal]>([
    ['itself', ({ signal }) => signal],
    ['a clone', (request) => request.clone().signal],
    ['what is made of it', (request) => new Request(request).signal],
    ['what is made with it', (request) => new Request('https://other.test/', request).signal],
  ])('the signal of %s aborts', (_, signalOf) => {
    const controller = new AbortController();
    const signal = signalOf(createLight(anAsk(), inherited, controller.signal));
    const reason = new Error('gone');

    controller.abort(reason);

    expect(signal).toMatchObject({ aborted: true, reason });
  });

  test('what one item sets, no other has', () => {
    const { signal } = new AbortController();
    const [one, other] = [0, 1].map(() => createLight(anAsk(), inherited, signal));

    one!.headers.set('cookie', 'forged=1');

    expect(other!.headers.get('cookie')).toBe('a=b');
    expect(inherited.get('cookie')).toBe('a=b');
  });
});

test('a platform’s own Request takes no light ones, so there are none', () => {
  expect(lightRequestsOf(platformRequest)).toBeNull();
});

describe('dispatch', () => {
  /** The platform's own getter tells which are its own. */
  const { get } = Object.getOwnPropertyDescriptor(platformRequest.prototype, 'url')!;
  const isReal = (request: Request): boolean => {
    try {
      return get!.call(request) === request.url;
    } catch {
      return false;
    }
  };
  const batch = (): Request => aBatch([aGet('/a'), aPost('/b', { n: 1 }), aPost('/c')]);

  test('gets light requests where they are wanted and there is no body to read', async () => {
    const { handle, seen } = aServer(undefined, { lightRequests: true });

    await handle(batch());

    expect(seen.map(isReal)).toEqual([false, true, true]);
  });

  test('otherwise gets real ones, which it may hand to the platform', async () => {
    const { handle, seen } = aServer((request) => {
      const real = new platformRequest(request);
      return Response.json({ url: real.url, cookie: real.headers.get('cookie') });
    });

    const parts = await partsOf(await handle(aBatch([aGet('/a')], { cookie: 'a=b' })));

    expect(parts.map(({ body }) => body)).toEqual([{ url: 'https://app.test/a', cookie: 'a=b' }]);
    expect(seen.map(isReal)).toEqual([true]);
  });
});
