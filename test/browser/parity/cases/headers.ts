import type { ParityCase } from '../parity-case.ts';
import { reply, replyJson } from '../../support/reply.ts';
import { fieldsOf, seeHead, seeOutcome } from '../see.ts';

const withHeaders = (...headers: [string, string][]): string => reply({ headers, text: 'x' });

export const headers: readonly ParityCase[] = [
  {
    name: 'custom fields are readable in any case',
    args: () => [withHeaders(['X-Total-Count', '42'])],
    see: ({ headers }) => [
      headers.get('x-total-count'),
      headers.get('X-TOTAL-COUNT'),
      headers.has('X-Total-Count'),
      headers.get('x-missing'),
      headers.has('x-missing'),
    ],
  },
  {
    name: 'fields sent several times are combined',
    args: () => [withHeaders(['x-many', 'a'], ['x-many', 'b, c'], ['vary', 'A'], ['vary', 'B'])],
  },
  {
    name: 'fields are iterated in order, by entries, keys, values and forEach',
    args: () => [withHeaders(['x-b', '2'], ['x-a', '1'], ['etag', '"1"'])],
    see: ({ headers }) => {
      const visited: string[] = [];
      headers.forEach((value, name, of) => {
        visited.push(`${name}=${value} ${String(of === headers)}`);
      });
      const isOurs = (entry: string): boolean => /^(?:x-|etag)/.test(entry);
      return [
        fieldsOf(headers),
        [...headers.keys()].filter(isOurs),
        [...headers.entries()].map(String).filter(isOurs),
        [...headers.values()].includes('2'),
        visited.filter(isOurs),
      ];
    },
  },
  {
    name: 'values outside of ASCII, as Latin-1',
    args: () => [withHeaders(['x-city', 'Zürich'])],
  },
  { name: 'an empty value', args: () => [withHeaders(['x-empty', ''])] },
  {
    name: 'values with quotes, backslashes and commas',
    args: () => [
      withHeaders(
        ['content-disposition', 'attachment; filename="a\\"b, c.txt"'],
        ['link', '</t/echo?page=2>; rel="next", </t/echo?page=9>; rel="last"'],
      ),
    ],
  },
  { name: 'a long value', args: () => [withHeaders(['x-long', 'v'.repeat(7000)])] },
  {
    name: 'caching fields',
    args: () => [
      withHeaders(
        ['etag', 'W/"abc"'],
        ['last-modified', 'Wed, 21 Oct 2015 07:28:00 GMT'],
        ['expires', '0'],
        ['age', '12'],
      ),
    ],
  },
  {
    name: 'Set-Cookie is not visible',
    args: () => [
      withHeaders(['set-cookie', 'parity=1; Max-Age=0'], ['set-cookie', 'b=2; Max-Age=0']),
    ],
    see: (response) => [
      seeHead(response),
      response.headers.get('set-cookie'),
      response.headers.getSetCookie(),
    ],
  },
  {
    name: 'Set-Cookie2 is not visible',
    args: () => [withHeaders(['set-cookie2', 'a=1'])],
  },
  {
    name: 'the headers are immutable',
    args: () => [withHeaders(['x-a', '1'])],
    see: async (response) => [
      await seeOutcome(() => {
        response.headers.set('x-a', '2');
      }),
      await seeOutcome(() => {
        response.headers.append('x-b', '2');
      }),
      await seeOutcome(() => {
        response.headers.delete('x-a');
      }),
      fieldsOf(response.headers),
    ],
  },
  {
    name: 'the headers of a clone are immutable, those of a copy are not',
    args: () => [withHeaders(['x-a', '1'])],
    see: async (response) => {
      const copy = new Response(response.clone().body, response);
      copy.headers.set('x-a', '2');
      const headers = new Headers(response.headers);
      headers.set('x-a', '3');
      return [
        await seeOutcome(() => {
          response.clone().headers.set('x-a', '4');
        }),
        fieldsOf(copy.headers),
        fieldsOf(headers),
        fieldsOf(response.headers),
      ];
    },
  },
  {
    name: 'invalid names are refused',
    args: () => [withHeaders()],
    see: async ({ headers }) => [
      await seeOutcome(() => headers.get('not a name')),
      await seeOutcome(() => headers.has('')),
    ],
  },
  {
    name: 'a response without Content-Type',
    args: () => [reply({ text: 'untyped' })],
  },
  {
    name: 'a response without Content-Type whose text is base64 as it stands',
    args: () => [reply({ text: 'abcd' })],
  },
  {
    name: 'a Content-Type with parameters and unusual case',
    args: () => [
      reply({
        text: '{"a":1}',
        headers: [['content-type', 'Application/JSON; Charset="UTF-8"; v=2']],
      }),
    ],
  },
  {
    name: 'Content-Length of a HEAD',
    args: () => [reply({ headers: [['content-length', '7']] }), { method: 'HEAD' }],
    see: ({ headers }) => headers.get('content-length'),
  },
  {
    name: 'fields of the transfer',
    args: () => [replyJson('{"n":1}')],
    see: ({ headers }) => [...headers.keys()],
    differs: {
      by: 'network',
      as: () => ['cache-control', 'content-type'],
    },
  },
];
