import type { Fetch, OneCall, ParityCase } from '../parity-case.ts';
import { replyJson } from '../reply.ts';
import { seeHead } from '../see.ts';

/**
 * Fields of a request that tell of its transfer; the browser sets them on the batch. `Origin` is one:
 * browsers send it with a POST, which a batch is, and not with a same-origin GET.
 */
const transferFields = ['accept-encoding', 'carpool-item', 'connection', 'content-length', 'origin'];

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the endpoint saw. */
async function seeEcho(response: Response): Promise<unknown> {
  const { headers, ...rest } = (await response.json()) as Echo;
  const fields = Object.entries(headers).filter(([name]) => !transferFields.includes(name));
  return { ...rest, headers: fields, status: response.status, url: response.url };
}

const echoes = (name: string, ...args: Parameters<Fetch>): OneCall => ({
  name,
  args: () => args,
  see: seeEcho,
});

/** For arguments that can be used once. */
const echoesAnew = (name: string, args: () => Parameters<Fetch>): OneCall => ({
  name,
  args,
  see: seeEcho,
});

const url = '/t/echo';
const past = <C extends ParityCase>(parityCase: C): C => ({ ...parityCase, road: 'past' });
const json = { 'content-type': 'application/json' };

const methods: readonly ParityCase[] = [
  ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) =>
    echoes(`method ${method}`, url, { method }),
  ),
  ...['get', 'Post', 'pUT', 'delete'].map((method) =>
    echoes(`method '${method}' is sent in upper case`, url, { method }),
  ),
  {
    name: 'method head in lower case',
    args: () => [replyJson('{}'), { method: 'head' }],
  },
  past({
    name: 'method patch in lower case is sent as it is',
    args: () => [url, { method: 'patch' }],
    see: seeHead,
  }),
  past(echoes('method OPTIONS', url, { method: 'OPTIONS' })),
  past(echoes('a method that HTTP knows and the wire does not', url, { method: 'PROPFIND' })),
  {
    name: 'the methods of Request objects',
    legs: 4,
    play: async (fetch) => {
      const sent = [
        new Request(url),
        new Request(url, { method: 'delete' }),
        new Request(url, { method: 'PATCH' }),
        new Request(url, { method: 'put' }),
      ];
      const seen = [];
      for (const request of sent) seen.push(await seeEcho(await fetch(request)));
      return seen;
    },
  },
];

const headerCases: readonly ParityCase[] = [
  echoes('headers from an object', url, { headers: { 'X-A': '1', Accept: 'text/plain' } }),
  echoes('headers from an array, with a repeated name', url, {
    headers: [
      ['x-a', '1'],
      ['X-A', '2'],
    ],
  }),
  echoesAnew('headers from Headers', () => [
    url,
    { headers: new Headers([['x-a', '1'], ['x-a', '2']]) },
  ]),
  echoesAnew('headers from a Map', () => [
    url,
    { headers: new Map([['x-a', '1']]) as unknown as HeadersInit },
  ]),
  echoes('headers whose values are no strings', url, {
    headers: { 'x-number': 1, 'x-null': null, 'x-undefined': undefined } as never,
  }),
  echoes('headers whose values have space around them', url, { headers: { 'x-a': '  1\t' } }),
  echoes('headers outside of ASCII', url, { headers: { 'x-city': 'Zürich' } }),
  echoes('an empty header', url, { headers: { 'x-empty': '' } }),
  echoes('headers that a page may not set are dropped', url, {
    headers: {
      cookie: 'a=1',
      host: 'example.com',
      origin: 'https://example.com',
      referer: 'https://example.com/',
      'sec-fetch-site': 'none',
      'proxy-authorization': 'x',
      'x-http-method-override': 'TRACE',
      connection: 'close',
      'x-kept': 'yes',
    },
  }),
  echoes('Authorization', url, { headers: { authorization: 'Bearer t' } }),
  echoes('If-None-Match', url, { headers: { 'if-none-match': '"v1"' } }),
  echoes('Accept-Language', url, { headers: { 'accept-language': 'de-CH' } }),
  echoes('User-Agent', url, { headers: { 'user-agent': 'parity/1' } }),
  echoes('Cache-Control', url, { headers: { 'cache-control': 'no-cache', pragma: 'no-cache' } }),
  echoes('Idempotency-Key', url, { method: 'POST', headers: { 'idempotency-key': '"k1"' } }),
  echoes('Prefer', url, { headers: { prefer: 'return=minimal' } }),
  echoes('Priority', url, { headers: { priority: 'u=2, i' } }),
  echoes('X-Requested-With and a CSRF token', url, {
    method: 'POST',
    headers: { 'x-requested-with': 'XMLHttpRequest', 'x-csrf-token': 'abc' },
  }),
  echoesAnew('a Request’s headers', () => [new Request(url, { headers: { 'x-a': '1' } })]),
  echoesAnew('init’s headers replace a Request’s', () => [
    new Request(url, { headers: { 'x-a': '1', 'x-b': '2' } }),
    { headers: { 'x-c': '3' } },
  ]),
  echoesAnew('empty headers in init remove a Request’s', () => [
    new Request(url, { headers: { 'x-a': '1' } }),
    { headers: {} },
  ]),
  past(echoes('Range', url, { headers: { range: 'bytes=0-1' } })),
  past(echoes('Accept: text/event-stream', url, { headers: { accept: 'text/event-stream' } })),
];

const post = (body: BodyInit | null, headers?: HeadersInit): RequestInit => ({
  method: 'POST',
  body,
  ...(headers && { headers }),
});

const bodies: readonly ParityCase[] = [
  echoes('POST of JSON', url, post('{"a":1}', json)),
  echoes('POST of JSON with numbers beyond 2^53', url, post('{"id":12345678901234567890}', json)),
  echoes('POST of JSON on several lines', url, post('{\n  "a": 1\r\n}\n', json)),
  echoes('POST of a JSON literal', url, post('null', json)),
  echoes('POST of a string without a type', url, post('Grüße 👋🏽')),
  echoes('POST of an empty string', url, post('')),
  echoes('POST without a body', url, { method: 'POST' }),
  echoes('POST of null', url, post(null)),
  echoes('PUT of text with its own charset', url, {
    method: 'PUT',
    body: 'x',
    headers: { 'content-type': 'text/plain; charset=utf-8; x=1' },
  }),
  echoesAnew('POST of URLSearchParams', () => [
    url,
    post(new URLSearchParams([['a', '1'], ['ü', 'x y']])),
  ]),
  echoesAnew('POST of a blob with a type', () => [
    url,
    post(new Blob(['{"a":', '1}'], { type: 'application/json' })),
  ]),
  echoesAnew('POST of a blob of bytes', () => [
    url,
    post(new Blob([new Uint8Array([0, 1, 254, 255])], { type: 'image/png' })),
  ]),
  echoesAnew('POST of bytes with a type', () => [
    url,
    post(new Uint8Array([0, 128, 255]), { 'content-type': 'application/octet-stream' }),
  ]),
  echoesAnew('POST of a part of a buffer', () => [
    url,
    post(new Uint8Array([9, 1, 2, 9]).subarray(1, 3), { 'content-type': 'application/x-b' }),
  ]),
  echoesAnew('POST of an ArrayBuffer, changed after the call', () => {
    const { buffer } = new Uint8Array([1, 2, 3]);
    queueMicrotask(() => new Uint8Array(buffer).fill(9));
    return [url, post(buffer, { 'content-type': 'application/x-b' })];
  }),
  echoesAnew('POST of a DataView', () => [
    url,
    post(new DataView(new Uint8Array([1, 2, 3]).buffer, 1), { 'content-type': 'application/x-b' }),
  ]),
  echoes('DELETE with a body', url, { method: 'DELETE', body: '{"a":1}', headers: json }),
  past(echoes('POST of invalid JSON under a JSON type', url, post('{"a":', json))),
  past(echoes('POST of nothing under a JSON type', url, post('', json))),
  past(
    echoesAnew('POST of text that is not UTF-8', () => [
      url,
      post(new Uint8Array([0xff]), { 'content-type': 'text/plain' }),
    ]),
  ),
  past(echoesAnew('POST of bytes without a type', () => [url, post(new Uint8Array([1, 2]))])),
  past(echoesAnew('POST of a blob without a type', () => [url, post(new Blob(['x']))])),
  past(
    echoesAnew('POST of a form', () => {
      const form = new FormData();
      form.append('a', '1');
      form.append('f', new File(['x'], 'x.txt', { type: 'text/plain' }));
      return [url, post(form)];
    }),
  ),
  past(echoes('POST of an object, which is made a string', url, post({ a: 1 } as never))),
  past(echoes('POST of a number', url, post(42 as never))),
  past(echoes('POST of a body of 100 kB', url, post('x'.repeat(100_000)))),
];
// What the browser writes between the parts of a form is random.
const seeForm = (seen: unknown): unknown =>
  JSON.parse(JSON.stringify(seen).replaceAll(/----WebKitFormBoundary\w+/g, 'edge'));

const requestObjects: readonly ParityCase[] = [
  echoesAnew('a Request', () => [new Request(url)]),
  echoesAnew('a URL object', () => [new URL(url, location.href)]),
  echoesAnew('something with toString', () => [{ toString: () => url } as unknown as URL]),
  echoesAnew('a Request with a body inside', () => [new Request(url, post('{"a":1}', json))]),
  echoesAnew('a Request with a text body inside', () => [new Request(url, post('hello'))]),
  echoesAnew('a Request with a binary body inside', () => [
    new Request(url, post(new Uint8Array([1, 255]), { 'content-type': 'application/x-b' })),
  ]),
  echoesAnew('a Request whose body init replaces', () => [
    new Request(url, post('old')),
    { body: 'new' },
  ]),
  echoesAnew('a Request whose body init replaces with another type', () => [
    new Request(url, post('old')),
    { body: new URLSearchParams('a=1') },
  ]),
  echoesAnew('a Request whose method init replaces', () => [new Request(url), { method: 'DELETE' }]),
  echoesAnew('a Request whose body and method init replace', () => [
    new Request(url),
    { method: 'PUT', body: 'x' },
  ]),
  echoesAnew('a Request whose body null in init leaves alone', () => [
    new Request(url, post('kept')),
    { body: null },
  ]),
  echoesAnew('a subclass of Request', () => [
    new (class extends Request {})(url, { headers: { 'x-a': '1' } }),
  ]),
  echoesAnew('a clone of a Request', () => [new Request(url, post('twice')).clone()]),
  {
    name: 'a Request with a body is used up by the call',
    play: async (fetch) => {
      const request = new Request(url, post('once'));
      const response = fetch(request);
      const during = request.bodyUsed;
      await response;
      return [during, request.bodyUsed];
    },
  },
  {
    name: 'a Request without a body can be sent again',
    legs: 2,
    play: async (fetch) => {
      const request = new Request(url, { headers: { 'x-a': '1' } });
      const first = await seeEcho(await fetch(request));
      return [first, await seeEcho(await fetch(request)), request.bodyUsed];
    },
  },
  past({
    name: 'a Request with a form inside',
    args: () => {
      const form = new FormData();
      form.append('a', '1');
      return [new Request(url, post(form))];
    },
    see: async (response) => seeForm(await seeEcho(response)),
  }),
  past({
    name: 'a Request with a body that can’t ride is used up by the call too',
    play: async (fetch) => {
      const request = new Request(url, post(new Uint8Array([1])));
      const response = fetch(request);
      const during = request.bodyUsed;
      return [during, await seeEcho(await response), request.bodyUsed];
    },
  }),
];

const inits: readonly ParityCase[] = [
  echoes('init undefined', url, undefined),
  echoes('init null', url, null as never),
  echoes('an empty init', url, {}),
  echoes('members of init that are undefined', url, {
    method: undefined,
    headers: undefined,
    body: undefined,
    signal: undefined,
    credentials: undefined,
  } as never),
  echoes('members of init that fetch doesn’t know', url, { next: { revalidate: 1 } } as never),
  echoesAnew('members that init inherits', () => [
    url,
    Object.create({ method: 'POST', body: 'inherited' }) as RequestInit,
  ]),
  echoesAnew('an init that is a Request', () => [
    url,
    new Request('/t/other', { method: 'DELETE', headers: { 'x-a': '1' } }) as RequestInit,
  ]),
  echoesAnew('an init that is a function', () => [
    url,
    Object.assign(() => {}, { method: 'DELETE' }) as never,
  ]),
  echoes('a method that is an object', url, { method: { toString: () => 'put' } } as never),
  echoes('duplex', url, { ...post('x'), duplex: 'half' } as never),
  echoes('a window of null', url, { window: null }),
  echoes('priority high', url, { priority: 'high' }),
  echoes('priority low', url, { priority: 'low' }),
  echoes('priority auto', url, { priority: 'auto' }),
  echoes('mode cors', url, { mode: 'cors' }),
  echoes('cache default and redirect follow', url, { cache: 'default', redirect: 'follow' }),
  echoes('settings that say nothing', url, {
    integrity: '',
    keepalive: false,
    referrerPolicy: '',
    referrer: 'about:client',
  }),
  echoes('mode same-origin', url, { mode: 'same-origin' }),
  past(echoes('cache no-store', url, { cache: 'no-store' })),
  past(echoes('cache reload', url, { cache: 'reload' })),
  past(echoes('keepalive', url, { keepalive: true })),
  past(echoes('referrerPolicy', url, { referrerPolicy: 'no-referrer' })),
  past(echoes('referrer', url, { referrer: '/t/somewhere' })),
  past({
    name: 'integrity that doesn’t match',
    args: () => [url, { integrity: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' }],
    see: seeHead,
  }),
  past({
    name: 'mode no-cors',
    args: () => [url, { mode: 'no-cors' }],
    see: seeHead,
  }),
];

/** Sets a cookie that the server sees, and runs on it. */
const withCookie = (name: string, ...args: Parameters<Fetch>): ParityCase => ({
  name,
  play: async (fetch) => {
    document.cookie = 'parity=1; path=/t';
    try {
      return await seeEcho(await fetch(...args));
    } finally {
      document.cookie = 'parity=; path=/t; max-age=0';
    }
  },
});

const credentials: readonly ParityCase[] = [
  withCookie('cookies are sent by default', url),
  withCookie('credentials same-origin', url, { credentials: 'same-origin' }),
  withCookie('credentials include', url, { credentials: 'include' }),
  withCookie('credentials omit', url, { credentials: 'omit' }),
  withCookie('a Request’s credentials', new Request(url, { credentials: 'omit' })),
  withCookie('init’s credentials over a Request’s', new Request(url, { credentials: 'omit' }), {
    credentials: 'include',
  }),
];

export const requests: readonly ParityCase[] = [
  ...methods,
  ...headerCases,
  ...bodies.map((parityCase) =>
    parityCase.name === 'POST of a form' && 'args' in parityCase
      ? { ...parityCase, see: async (response: Response) => seeForm(await seeEcho(response)) }
      : parityCase,
  ),
  ...requestObjects,
  ...inits,
  ...credentials,
];
