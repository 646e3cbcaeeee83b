import type { ParityCase } from '../parity-case.ts';
import type { Echo } from '../see-echo.ts';
import { echoes, echoesAnew, past, url } from './echoes.ts';

export const requestHeaders: readonly ParityCase[] = [
  echoes('headers from an object', url, { headers: { 'X-A': '1', Accept: 'text/plain' } }),
  echoes('headers from an array, with a repeated name', url, {
    headers: [
      ['x-a', '1'],
      ['X-A', '2'],
    ],
  }),
  echoesAnew('headers from Headers', () => [
    url,
    {
      headers: new Headers([
        ['x-a', '1'],
        ['x-a', '2'],
      ]),
    },
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
  {
    name: 'If-None-Match',
    args: () => [url, { headers: { 'if-none-match': '"v1"' } }],
    // The browser adds a Cache-Control of its own to a conditional request.
    see: async (response) => ((await response.json()) as Echo).headers['if-none-match'],
  },
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
