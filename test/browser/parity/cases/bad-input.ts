import type { Fetch, OneCall, ParityCase } from '../parity-case.ts';

const url = '/t/echo';

const refused = (name: string, ...args: unknown[]): OneCall => ({
  name,
  args: () => args as Parameters<Fetch>,
  road: 'past',
});

const wrongInit = (init: object): OneCall =>
  refused(
    `init of ${JSON.stringify(init, (_, value: unknown) => (value === undefined ? 'undefined' : value))}`,
    url,
    init,
  );

const usedRequest = async (): Promise<Request> => {
  const request = new Request(url, { method: 'POST', body: 'x' });
  await request.text();
  return request;
};

const form = (): FormData => new FormData();

export const badInput: readonly ParityCase[] = [
  refused('no arguments'),
  refused('a URL that is not valid', 'http://['),
  refused('a URL with a port that is not valid', 'http://localhost:99999/'),
  refused('a URL with a name in it', `http://name@${location.host}/t/echo`),
  refused('a URL with a name and a password in it', `http://a:b@${location.host}/t/echo`),
  refused('a URL of another scheme', 'ftp://localhost/x'),
  refused('a symbol for a URL', Symbol('url')),
  refused('init that is a string', url, 'POST'),
  refused('init that is a number', url, 1),
  refused('init that is true', url, true),
  wrongInit({ method: 'TRACE' }),
  wrongInit({ method: 'connect' }),
  wrongInit({ method: 'not a token' }),
  wrongInit({ method: '' }),
  wrongInit({ body: 'x' }),
  wrongInit({ method: 'HEAD', body: 'x' }),
  wrongInit({ method: 'GET', body: '' }),
  wrongInit({ headers: { 'not a name': '1' } }),
  wrongInit({ headers: { 'x-a': 'line\nend' } }),
  wrongInit({ headers: { 'x-a': '世界' } }),
  wrongInit({ headers: [['x-a']] }),
  wrongInit({ headers: 'x-a: 1' }),
  wrongInit({ headers: 1 }),
  wrongInit({ headers: null }),
  wrongInit({ mode: 'wrong' }),
  wrongInit({ mode: 'navigate' }),
  wrongInit({ mode: null }),
  wrongInit({ credentials: 'wrong' }),
  wrongInit({ credentials: null }),
  wrongInit({ cache: 'wrong' }),
  wrongInit({ cache: null }),
  wrongInit({ cache: 'only-if-cached' }),
  wrongInit({ redirect: 'wrong' }),
  wrongInit({ redirect: null }),
  wrongInit({ referrerPolicy: 'wrong' }),
  wrongInit({ referrer: 'http://[' }),
  wrongInit({ priority: 'wrong' }),
  wrongInit({ priority: null }),
  wrongInit({ duplex: 'full' }),
  wrongInit({ signal: {} }),
  wrongInit({ signal: 'x' }),
  wrongInit({ method: null }),
  refused('a signal that only looks like one', url, {
    signal: { aborted: false, addEventListener: () => {}, removeEventListener: () => {} },
  }),
  refused('a method that is a symbol', url, { method: Symbol('method') }),
  refused('a header that is a symbol', url, { headers: { 'x-a': Symbol('value') } }),
  refused('a form on a GET', url, { body: form() }),
  {
    name: 'a stream without duplex',
    args: () => [url, { method: 'POST', body: new ReadableStream() }],
    road: 'past',
  },
  {
    name: 'an object that can’t be made a string',
    args: () => [
      {
        toString: () => {
          throw new RangeError('no string');
        },
      } as unknown as URL,
    ],
    road: 'nowhere',
  },
  {
    name: 'a signal that only looks like one that has aborted',
    args: () => [url, { signal: { aborted: true, reason: 'fake' } as AbortSignal }],
    road: 'past',
  },
  {
    name: 'init whose getter throws',
    args: () => [
      url,
      {
        get method(): string {
          throw new RangeError('from the getter');
        },
      },
    ],
    road: 'nowhere',
  },
  {
    name: 'a Request whose body has been used',
    play: async (fetch) => fetch(await usedRequest()),
    road: 'past',
  },
  {
    name: 'a Request whose body has been used, with another in init',
    play: async (fetch) => {
      const init: RequestInit = { body: 'new' };
      return (await fetch(await usedRequest(), init)).status;
    },
  },
  {
    name: 'a Request with a body, made a GET',
    args: () => [new Request(url, { method: 'POST', body: 'x' }), { method: 'GET' }],
    road: 'past',
  },
  {
    name: 'a Request for mode navigate',
    args: () => [new Request(url), { mode: 'navigate' }],
    road: 'past',
  },
  {
    name: 'what is wrong rejects and does not throw',
    road: 'past',
    play: async (fetch) => {
      const promise = fetch('http://[');
      return [promise instanceof Promise, await promise.catch(() => 'rejected')];
    },
  },
];
