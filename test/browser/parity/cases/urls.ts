import { inject } from 'vitest';
import type { OneCall, ParityCase, Road } from '../parity-case.ts';

interface Echo {
  readonly url: string;
}

/** Where the call went, as the server and as the caller see it. */
const seeUrl = async (response: Response): Promise<unknown> => [
  response.status,
  response.url,
  response.clone().url,
  response.type,
  response.ok ? ((await response.json()) as Echo).url : null,
];

const leadsTo = (name: string, url: string | (() => string), road: Road = 'rides'): OneCall => ({
  name,
  args: () => [typeof url === 'string' ? url : url()],
  see: seeUrl,
  road,
});

/** Resolves `url` against a base that the page sets. */
const fromBase = (name: string, base: string, url: string, road: Road = 'rides'): OneCall => ({
  name,
  args: ({ put }) => {
    put(Object.assign(document.createElement('base'), { href: base }));
    return [url];
  },
  see: seeUrl,
  road,
});

const other = inject('otherOrigin');

export const urls: readonly ParityCase[] = [
  leadsTo('an absolute path', '/t/echo/a'),
  leadsTo('an absolute URL', () => `${location.origin}/t/echo/a`),
  leadsTo('a URL without a scheme', () => `//${location.host}/t/echo/a`),
  leadsTo(
    'a scheme and a host in upper case',
    () => `HTTP://${location.host.toUpperCase()}/t/echo`,
  ),
  leadsTo('a path with dots', '/x/../t/./echo/a/b/../c'),
  leadsTo('a path with encoded dots', '/x/%2e%2e/t/echo/%2E/a'),
  leadsTo('a path with dots encoded twice', '/t/echo/%252e%252e/a', 'past'),
  leadsTo('a path with encoded slashes', '/t/echo/a%2fb%5Cc'),
  leadsTo('a path with dots between encoded slashes', '/t/echo/a%2f..%2fb', 'past'),
  leadsTo('a path with empty segments', '/t/echo//a///b/'),
  leadsTo('a path that begins with two slashes', () => `${location.origin}//t/echo`, 'past'),
  leadsTo('a path with backslashes', '\\t\\echo\\a'),
  leadsTo('a path with letters outside of ASCII', '/t/echo/Zürich/世界/👋🏽'),
  leadsTo('a path with characters that are encoded', '/t/echo/a b"<>`{}|^'),
  leadsTo('a path with characters that are not encoded', "/t/echo/!$&'()*+,;=:@~-_.[]"),
  leadsTo('a path with percent signs that encode nothing', '/t/echo/100%/%zz/%ff'),
  leadsTo('a path with a matrix parameter', '/t/echo;v=1/a;b'),
  leadsTo('a query', '/t/echo?a=1&b=2&a=3'),
  leadsTo('a query with characters outside of ASCII', '/t/echo?q=Zürich 世界&e=👋🏽'),
  leadsTo('a query with reserved characters', '/t/echo?a=/?:@!$\'()*,;"<>`{}|^[]'),
  leadsTo('a query with a backslash', '/t/echo?a=b\\c', 'past'),
  leadsTo('an empty query', '/t/echo?'),
  leadsTo('a query that holds a URL', '/t/echo?to=https://example.com/../a?b%2f'),
  leadsTo('a fragment', '/t/echo#part'),
  leadsTo('a query and a fragment', '/t/echo?a=1#part?b=2'),
  leadsTo('an empty fragment', '/t/echo#'),
  leadsTo('spaces, tabs and line ends around and in the URL', ' \n/t/ec\tho/a\r\n '),
  leadsTo('a long query', `/t/echo?q=${'x'.repeat(6000)}`),
  leadsTo('a path that doesn’t exist', '/t/nowhere'),
  leadsTo('a path that looks like the endpoint’s', '/t/batch-not'),
  fromBase('a relative path', '/t/echo/', 'a/b'),
  fromBase('a relative path upwards', '/t/echo/a/b', '../c'),
  fromBase('a relative path with dots beyond the root', '/t/', '../../t/echo'),
  fromBase('a relative query', '/t/echo/a?x=1', '?y=2'),
  fromBase('a relative fragment', '/t/echo/a?x=1', '#part'),
  fromBase('an empty URL', '/t/echo/a?x=1#part', ''),
  fromBase('an absolute path, from a base elsewhere', '/x/y/', '/t/echo'),
  fromBase('a base of another origin', `${other}/t/echo/`, 'a', 'past'),
  {
    name: 'a Request made before the base changed',
    args: ({ put }) => {
      const request = new Request('/t/echo/before');
      put(Object.assign(document.createElement('base'), { href: `${other}/x/` }));
      return [request];
    },
    see: seeUrl,
  },
  leadsTo('another origin', `${other}/t/echo`, 'past'),
  {
    name: 'a data: URL',
    road: 'past',
    args: () => ['data:text/plain,hello'],
    see: async (response) => [response.url, response.type, await response.text()],
  },
  {
    name: 'a blob: URL',
    road: 'past',
    play: async (fetch) => {
      const url = URL.createObjectURL(new Blob(['blob'], { type: 'text/x-blob' }));
      const response = await fetch(url);
      URL.revokeObjectURL(url);
      return [response.url === url, response.headers.get('content-type'), await response.text()];
    },
  },
];
