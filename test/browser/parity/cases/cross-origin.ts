import { expect, inject } from 'vitest';
import type { OneCall, ParityCase } from '../parity-case.ts';
import { reply, replyJson } from '../../support/reply.ts';
import { seeEcho } from '../see-echo.ts';
import { everything, seeHead } from '../see.ts';

const origin = inject('otherOrigin');
const url = `${origin}/t/echo`;

const there = (parityCase: OneCall): ParityCase => ({ ...parityCase, origin });

/** …but for the header fields, of which a case of their own tells. */
const withoutFields = (seen: object): unknown =>
  JSON.parse(JSON.stringify(seen, (name, value: unknown) => (name === 'headers' ? [] : value)));

const redirectTo = (location: string): string =>
  `${origin}${reply({ status: 302, headers: [['location', location]] })}`;

/** Calls to an origin that the client has been told to batch for. */
export const crossOrigin: readonly ParityCase[] = [
  there({
    name: 'a call to a listed origin',
    args: () => [`${origin}${replyJson('{"n":1}')}`],
    see: async (response) => withoutFields((await everything(response)) as object),
  }),
  there({
    name: 'an error of a listed origin',
    args: () => [`${origin}${reply({ status: 404, text: 'no' })}`],
    see: async (response) => withoutFields((await everything(response)) as object),
  }),
  there({
    name: 'exposed and common fields of a listed origin',
    args: () => {
      const headers: [string, string][] = [
        ['x-total-count', '42'],
        ['access-control-expose-headers', 'x-total-count'],
        ['content-type', 'text/plain'],
      ];
      return [`${origin}${reply({ headers })}`];
    },
    see: ({ headers }) =>
      ['x-total-count', 'content-type', 'cache-control'].map((name) => headers.get(name)),
  }),
  there({
    name: 'fields of a listed origin that it doesn’t expose',
    args: () => [`${origin}${reply({ headers: [['x-total-count', '42']] })}`],
    see: ({ headers }) => headers.get('x-total-count'),
    differs: { by: 'network', as: () => '42' },
  }),
  there({ name: 'what a listed origin sees', args: () => [url], see: seeEcho }),
  there({
    name: 'what a listed origin sees of a POST',
    args: () => [
      url,
      {
        method: 'POST',
        body: '{"a":1}',
        headers: { 'content-type': 'application/json', 'x-a': '1', authorization: 'Bearer t' },
      },
    ],
    see: seeEcho,
  }),
  there({
    name: 'credentials for a listed origin',
    args: () => [url, { credentials: 'include' }],
    see: seeEcho,
  }),
  there({
    name: 'mode same-origin, to a listed origin',
    args: () => [url, { mode: 'same-origin' }],
    road: 'past',
  }),
  there({
    name: 'a redirect within a listed origin',
    args: () => [redirectTo('/t/echo/end')],
    see: (response) => withoutFields(seeHead(response)),
    legs: 2,
  }),
  there({
    name: 'a redirect from a listed origin to the page’s own, which has no CORS',
    args: () => [redirectTo(`${location.origin}/t/echo/end`)],
    see: seeHead,
    differs: {
      by: 'network',
      as: () => expect.objectContaining({ status: 200, redirected: true, type: 'basic' }),
    },
  }),
];
