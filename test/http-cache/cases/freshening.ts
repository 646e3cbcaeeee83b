import { expect } from 'vitest';
import {
  fetched,
  reused,
  says,
  status,
  unmodified,
  validated,
  wait,
  type Case,
  type Details,
  type Step,
} from '../case.ts';

const early = 'Wed, 14 Jan 2026 08:00:00 GMT';
const later = 'Thu, 15 Jan 2026 08:00:00 GMT';

// Null where the way of the answer leaves the field out.
const notTheOther: unknown = expect.toSatisfy((length) => length === '8' || length === null);

const askedWith = { 'if-none-match': '"a"' };

/** A 304 that speaks of something else: the server is asked again, for the whole. */
const refused = (details: Details = {}): Step => ({
  kind: 'call',
  asks: ['/r', '/r'],
  gives: 'new',
  ...details,
});

/** What a 304 changes of what is kept, and which 304 does (RFC 9111, 3.2 and 4.3.4). */
export const freshening: Case[] = [
  {
    name: '9111 4.3.4: what is validated is fresh again',
    required: false,
    answers: [says('max-age=10', { etag: '"a"' }), unmodified({ etag: '"a"' })],
    steps: [
      fetched(),
      wait(10),
      validated(1, askedWith),
      wait(9),
      reused(1),
      wait(1),
      validated(1, askedWith),
    ],
  },
  {
    name: '9111 4.3.4: fields of the 304 replace those of the same name',
    required: true,
    answers: [
      says('max-age=10', { etag: '"a"', 'x-turn': '1', 'x-same': '1' }),
      unmodified({ etag: '"a"', 'x-turn': '2', 'x-added': '2' }),
    ],
    steps: [
      fetched(),
      wait(10),
      validated(1, askedWith, { got: { 'x-turn': '2', 'x-same': '1', 'x-added': '2' } }),
      reused(1, { got: { 'x-turn': '2', 'x-same': '1', 'x-added': '2' } }),
    ],
  },
  {
    name: '9111 4.3.4: Cache-Control of the 304 counts from then on: longer',
    required: true,
    answers: [
      says('max-age=10', { etag: '"a"' }),
      unmodified({ etag: '"a"', 'cache-control': 'max-age=60' }),
    ],
    steps: [
      fetched(),
      wait(10),
      validated(1, askedWith),
      wait(59),
      reused(1, { got: { 'cache-control': 'max-age=60' } }),
      wait(1),
      validated(1, askedWith),
    ],
  },
  {
    name: '9111 4.3.4: Cache-Control of the 304 counts from then on: no-cache',
    required: true,
    answers: [
      says('max-age=10', { etag: '"a"' }),
      unmodified({ etag: '"a"', 'cache-control': 'no-cache' }),
    ],
    steps: [fetched(), wait(10), validated(1, askedWith), validated(1, askedWith)],
  },
  {
    name: '9111 4.3.4: Cache-Control of the 304 counts from then on: max-age=0',
    required: true,
    answers: [
      says('max-age=10', { etag: '"a"' }),
      unmodified({ etag: '"a"', 'cache-control': 'max-age=0' }),
    ],
    steps: [fetched(), wait(10), validated(1, askedWith), validated(1, askedWith)],
  },
  {
    name: '9111 5.2.2.5: Cache-Control of the 304 counts from then on: no-store',
    required: true,
    answers: [
      says('max-age=10', { etag: '"a"' }),
      unmodified({ etag: '"a"', 'cache-control': 'no-store, max-age=60' }),
      says('max-age=10'),
    ],
    steps: [fetched(), wait(10), validated(1, askedWith), fetched({ sent: {} })],
  },
  {
    name: '9111 4.3.4: Expires and Date of the 304 count from then on',
    required: true,
    answers: [
      status(200, { etag: '"a"', expires: 'Thu, 15 Jan 2026 12:00:10 GMT' }),
      unmodified({ etag: '"a"', expires: 'Thu, 15 Jan 2026 12:01:10 GMT' }),
    ],
    steps: [
      fetched(),
      wait(10),
      validated(1, askedWith, { got: { date: 'Thu, 15 Jan 2026 12:00:10 GMT' } }),
      wait(59),
      reused(1),
      wait(1),
      validated(1, askedWith),
    ],
  },
  {
    name: '9111 3.2: Content-Length of the 304 is not taken over',
    required: true,
    answers: [
      says('max-age=10', { etag: '"a"', 'content-length': '8' }),
      unmodified({ etag: '"a"', 'content-length': '3' }),
    ],
    steps: [
      fetched(),
      wait(10),
      validated(1, askedWith, { got: { 'content-length': notTheOther } }),
      reused(1, { got: { 'content-length': notTheOther } }),
    ],
  },
  {
    name: '9111 3.2: Content-Encoding of the 304 is not taken over, for what is kept is decoded',
    required: false,
    answers: [
      says('max-age=10', { etag: '"a"' }),
      unmodified({ etag: '"a"', 'content-encoding': 'gzip' }),
    ],
    steps: [
      fetched(),
      wait(10),
      validated(1, askedWith, { got: { 'content-encoding': null } }),
      reused(1, { got: { 'content-encoding': null } }),
    ],
  },
  {
    name: '9111 3.2: Content-Type of the 304 is not taken over, for what is kept is decoded',
    required: false,
    answers: [
      says('max-age=10', { etag: '"a"', 'content-type': 'text/x-tale' }),
      unmodified({ etag: '"a"', 'content-type': 'text/html' }),
    ],
    steps: [
      fetched(),
      wait(10),
      validated(1, askedWith, { got: { 'content-type': 'text/x-tale' } }),
      reused(1, { got: { 'content-type': 'text/x-tale' } }),
    ],
  },
  {
    name: '9111 3.2: a 304’s fields that are about the proxy or the connection are not taken over',
    required: true,
    answers: [
      says('max-age=10', { etag: '"a"', 'x-hop': '1' }),
      unmodified({
        etag: '"a"',
        connection: 'keep-alive, x-hop',
        'x-hop': '2',
        'proxy-authenticate': 'Basic',
        'proxy-authentication-info': 'x',
      }),
    ],
    steps: [
      fetched(),
      wait(10),
      validated(1, askedWith),
      reused(1, {
        got: { 'proxy-authenticate': null, 'proxy-authentication-info': null, 'x-hop': '1' },
      }),
    ],
  },
  {
    name: '9111 4.3.4: a 304 with another strong entity tag is not used',
    required: true,
    answers: [
      says('max-age=10', { etag: '"a"' }),
      unmodified({ etag: '"b"', 'cache-control': 'max-age=600' }),
      says('max-age=10', { etag: '"b"' }),
    ],
    steps: [fetched(), wait(10), refused(), reused(3, { got: { etag: '"b"' } })],
  },
  {
    name: '9111 4.3.4: a 304 with a strong entity tag is not used where only a weak one is known',
    required: true,
    answers: [
      says('max-age=10', { etag: 'W/"a"' }),
      unmodified({ etag: '"a"', 'cache-control': 'max-age=600' }),
      says('max-age=10', { etag: '"a"' }),
    ],
    steps: [fetched(), wait(10), refused(), reused(3, { got: { etag: '"a"' } })],
  },
  {
    name: '9111 4.3.4: a 304 with a strong entity tag is not used where none is known',
    required: true,
    answers: [
      says('max-age=10', { 'last-modified': early }),
      unmodified({ etag: '"b"', 'cache-control': 'max-age=600' }),
      says('max-age=10'),
    ],
    steps: [fetched(), wait(10), refused(), reused(3)],
  },
  {
    name: '9111 4.3.4: a 304 with a weak entity tag is used where it is the same',
    required: true,
    answers: [
      says('max-age=10', { etag: 'W/"a"', 'x-turn': '1' }),
      unmodified({ etag: 'W/"a"', 'x-turn': '2' }),
    ],
    steps: [
      fetched(),
      wait(10),
      validated(1, { 'if-none-match': 'W/"a"' }, { got: { 'x-turn': '2' } }),
      reused(1, { got: { 'x-turn': '2' } }),
    ],
  },
  {
    name: '9111 4.3.4: a 304 with a weak entity tag is used for the strong one that corresponds',
    required: true,
    answers: [says('max-age=10', { etag: '"a"' }), unmodified({ etag: 'W/"a"' })],
    steps: [fetched(), wait(10), validated(1, askedWith), reused(1)],
  },
  {
    name: '9111 4.3.4: a 304 with another weak entity tag is not used',
    required: false,
    answers: [
      says('max-age=10', { etag: 'W/"a"' }),
      unmodified({ etag: 'W/"b"' }),
      says('max-age=10'),
    ],
    steps: [fetched(), wait(10), refused(), reused(3)],
  },
  {
    name: '9111 4.3.4: a 304 with another Last-Modified is not used',
    required: false,
    answers: [
      says('max-age=10', { 'last-modified': early }),
      unmodified({ 'last-modified': later }),
      says('max-age=10'),
    ],
    steps: [fetched(), wait(10), refused(), reused(3)],
  },
  {
    name: '9111 4.3.4: a 304 that names no validator is used',
    required: false,
    answers: [says('max-age=10', { etag: '"a"' }), unmodified()],
    steps: [fetched(), wait(10), validated(1, askedWith), reused(1)],
  },
  {
    name: '9111 4.3.4: a 304 freshens the variant that was asked for, not another',
    required: true,
    answers: [
      says('max-age=10', { vary: 'x-kind', etag: '"a"' }),
      says('max-age=10', { vary: 'x-kind', etag: '"b"' }),
      unmodified({ etag: '"a"', vary: 'x-kind' }),
    ],
    steps: [
      fetched({ headers: { 'x-kind': 'a' } }),
      fetched({ headers: { 'x-kind': 'b' } }),
      wait(10),
      validated(
        1,
        { 'if-none-match': expect.stringContaining('"a"') },
        { headers: { 'x-kind': 'a' } },
      ),
      reused(1, { headers: { 'x-kind': 'a' } }),
      {
        kind: 'call',
        headers: { 'x-kind': 'b' },
        asks: ['/r', '/r'],
        gives: 'new',
        sent: {},
      },
    ],
  },
];
