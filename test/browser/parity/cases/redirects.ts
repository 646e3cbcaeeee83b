import { inject } from 'vitest';
import { withBatchError, withNullBody } from '../known.ts';
import type { OneCall, ParityCase } from '../parity-case.ts';
import { reply } from '../../support/reply.ts';
import { seeHead } from '../see.ts';
import type { Echo } from '../see-echo.ts';

const other = inject('otherOrigin');

const redirectTo = (location: string, status = 302): string =>
  reply({ status, headers: [['location', location]] });

/** Where a call ended up, and with what. */
async function seeEnd(response: Response): Promise<unknown> {
  const { url, status, redirected, type } = response;
  const clone = response.clone();
  const { method, headers, body, url: path } = (await response.json()) as Echo;
  return {
    response: { url, status, redirected, type },
    clone: { url: clone.url, redirected: clone.redirected, type: clone.type },
    endpoint: {
      method,
      body,
      path,
      authorization: headers['authorization'],
      'content-type': headers['content-type'],
      'x-a': headers['x-a'],
    },
  };
}

const ends = (name: string, url: string, init: RequestInit = {}, legs = 2): OneCall => ({
  name,
  args: () => [url, init],
  see: seeEnd,
  legs,
});

const fails = (name: string, url: string, legs = 1): OneCall => ({
  name,
  args: () => [url],
  legs,
  differs: withBatchError,
});

const json: RequestInit = {
  body: '{"a":1}',
  headers: { 'content-type': 'application/json', 'x-a': '1', authorization: 'Bearer t' },
};

const statuses = [301, 302, 303, 307, 308];
const end = '/t/echo/end';

export const redirects: readonly ParityCase[] = [
  ...statuses.flatMap((status) => [
    ends(`${String(status)} of a GET`, redirectTo(end, status), { headers: { 'x-a': '1' } }),
    ends(`${String(status)} of a POST`, redirectTo(end, status), { method: 'POST', ...json }),
  ]),
  ends('302 of a PUT', redirectTo(end), { method: 'PUT', ...json }),
  ends('303 of a DELETE', redirectTo(end, 303), { method: 'DELETE' }),
  {
    name: '303 of a HEAD',
    args: () => [redirectTo(end, 303), { method: 'HEAD' }],
    see: seeHead,
    legs: 2,
  },
  {
    name: '308 of a POST whose body is inside a Request',
    args: () => [new Request(redirectTo(end, 308), { method: 'POST', ...json })],
    see: seeEnd,
    legs: 2,
  },
  ends('a relative Location', redirectTo('echo/end?x=1')),
  ends('a Location beside the URL', redirectTo('echo?x=1')),
  ends('a Location with a fragment', redirectTo(`${end}?x=1#part`)),
  ends('a Location without a fragment, of a URL with one', `${redirectTo(end)}#part`),
  ends('a Location outside of ASCII', redirectTo('/t/echo/Z%C3%BCrich?q=%C3%BC')),
  ends('two redirects', redirectTo(redirectTo(end, 307), 301), {}, 3),
  ends('twenty redirects', '/t/hops/20', {}, 21),
  fails('more than twenty redirects', '/t/hops/21', 21),
  fails('a Location that is not a URL', redirectTo('http://[')),
  fails('a Location of another scheme', redirectTo('ftp://localhost/x')),
  fails('a Location that is data', redirectTo('data:text/plain,x')),
  {
    name: 'a redirect without Location',
    args: () => [reply({ status: 302, text: 'where to?' })],
  },
  {
    name: 'a redirect to an error',
    args: () => [redirectTo(reply({ status: 404, text: 'no' }))],
    legs: 2,
  },
  {
    name: 'a redirect to a response without a body',
    args: () => [redirectTo(reply({ status: 204 }))],
    legs: 2,
    differs: withNullBody,
  },
  ends('a redirect to another origin', redirectTo(`${other}${end}`), {}, 1),
  ends(
    'a redirect to another origin, of a call with Authorization',
    redirectTo(`${other}${end}`),
    {
      headers: { authorization: 'Bearer t', 'x-a': '1' },
    },
    1,
  ),
  ends(
    '307 of a POST to another origin',
    redirectTo(`${other}${end}`, 307),
    {
      method: 'POST',
      ...json,
    },
    1,
  ),
  {
    name: 'a redirect to another origin and back',
    args: () => [redirectTo(`${other}${redirectTo(`${location.origin}${end}`)}`)],
    see: seeEnd,
    legs: 1,
  },
  {
    name: 'a redirect with credentials omitted',
    args: () => [redirectTo(end), { credentials: 'omit' }],
    see: seeEnd,
    legs: 2,
  },
  {
    name: 'redirect: error',
    args: () => [redirectTo(end), { redirect: 'error' }],
    road: 'past',
  },
  {
    name: 'redirect: manual',
    args: () => [redirectTo(end), { redirect: 'manual' }],
    see: seeHead,
    road: 'past',
  },
  {
    name: 'mode same-origin, redirected to another origin',
    args: () => [redirectTo(`${other}${end}`), { mode: 'same-origin' }],
    road: 'past',
  },
];
