import {
  fetched,
  reused,
  says,
  spoilt,
  status,
  unmodified,
  validated,
  wait,
  type Case,
} from '../case.ts';

const modified = 'Wed, 14 Jan 2026 08:00:00 GMT';

/** What may be kept, and what of it (RFC 9111, 3). */
export const storing: Case[] = [
  {
    name: '9111 3: a fresh answer to a GET is kept and reused',
    required: false,
    answers: [says('max-age=60')],
    steps: [fetched(), reused(1), reused(1)],
  },
  {
    name: '9111 3: what one URL answered is not reused for another query',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched({ path: '/r?a=1' }), fetched({ path: '/r?a=2' }), fetched({ path: '/r' })],
  },
  {
    name: '9111 4: the same URL with another fragment is the same target',
    required: false,
    answers: [says('max-age=60')],
    steps: [fetched(), reused(1, { path: '/r#there' })],
  },
  {
    name: '9111 5.2.2.5: no-store is not kept',
    required: true,
    answers: [says('no-store')],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 5.2.2.5: no-store is not kept, whatever max-age says',
    required: true,
    answers: [says('max-age=60, no-store')],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 5.2.2.5: no-store is not kept, whatever Expires and validators say',
    required: true,
    answers: [
      says('no-store', {
        expires: 'Fri, 15 Jan 2027 12:00:00 GMT',
        etag: '"a"',
        'last-modified': modified,
      }),
    ],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 5.2: no-store is recognised in any case',
    required: true,
    answers: [says('Max-Age=60, No-Store')],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 5.2.1.5: the answer to a no-store request is not kept',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched({ headers: { 'cache-control': 'no-store' } }), fetched()],
  },
  {
    name: '9111 5.2.1.5: a no-store request is recognised in any case, among others',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched({ headers: { 'cache-control': 'max-age=10, NO-STORE' } }), fetched()],
  },
  {
    name: '9111 5.2.2.7: private is kept by a private cache',
    required: false,
    answers: [says('private, max-age=60')],
    steps: [fetched(), reused(1)],
  },
  {
    name: '9111 5.2.2.7: private with field names is kept with all its fields',
    required: false,
    answers: [says('private="x-mine", max-age=60', { 'x-mine': '1' })],
    steps: [fetched(), reused(1, { got: { 'x-mine': '1' } })],
  },
  {
    name: '9111 5.2.2.9: public is kept',
    required: false,
    answers: [says('public, max-age=60')],
    steps: [fetched(), reused(1)],
  },
  {
    name: '9111 5.2.2.3: must-understand with a status that nobody knows is not kept',
    required: true,
    answers: [says('must-understand, max-age=60', {}, { status: 299 })],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 5.2.2.3: must-understand and no-store with a status that nobody knows is not kept',
    required: true,
    answers: [says('must-understand, no-store, max-age=60', {}, { status: 299 })],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 5.2.2.3: must-understand with a status that is understood is kept',
    required: false,
    answers: [says('must-understand, max-age=60')],
    steps: [fetched(), reused(1)],
  },
  {
    name: '9111 5.2.2.3: must-understand overrides no-store where the status is understood',
    required: false,
    answers: [says('must-understand, no-store, max-age=60')],
    steps: [fetched(), reused(1)],
  },
  {
    name: '9111 5.2.3: unknown directives are ignored',
    required: true,
    answers: [says('max-age=60, thoroughly, level=9, community="UCI"')],
    steps: [fetched(), reused(1), wait(60), fetched()],
  },
  {
    name: '9111 5.2.3: a directive that only contains a known name is unknown',
    required: true,
    answers: [says('x-no-store, no-store-x, no-cache-y, max-age-z=0, max-age=60')],
    steps: [fetched(), reused(1)],
  },
  {
    name: '9111 5.2.3: an unknown directive that says less does not prolong anything',
    required: true,
    answers: [says('max-agee=600, max-age=0')],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 5.2: what stands in an argument in quotes is no directive',
    required: false,
    answers: [says('ext="no-store, max-age=0", max-age=60')],
    steps: [fetched(), reused(1)],
  },
  {
    name: '9111 5.2: an escaped quotation mark does not end an argument',
    required: false,
    answers: [says('ext="a\\", no-store, b", max-age=60')],
    steps: [fetched(), reused(1)],
  },
  {
    name: '9111 5.2: a quotation mark without its fellow hides no directive',
    required: false,
    answers: [says('ext="a, max-age=60, no-store')],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 3.5: the answer to a request with Authorization is kept by a private cache',
    required: false,
    answers: [says('max-age=60')],
    steps: [
      fetched({ headers: { authorization: 'Bearer a' } }),
      reused(1, { headers: { authorization: 'Bearer a' } }),
    ],
  },
  {
    name: '9111 3.5: one Authorization is not given what another was answered',
    required: false,
    answers: [says('max-age=60')],
    steps: [
      fetched({ headers: { authorization: 'Bearer a' } }),
      fetched({ headers: { authorization: 'Bearer b' } }),
      fetched(),
    ],
  },
  {
    name: '9111 3.1: all fields are kept, known or not',
    required: true,
    answers: [
      says('max-age=60', {
        'content-language': 'de',
        'content-type': 'text/x-tale',
        'x-never-heard-of': 'a, "b" ; c=1',
        link: '</a>; rel=next, </b>; rel=prev',
      }),
    ],
    steps: [
      fetched(),
      reused(1, {
        got: {
          'cache-control': 'max-age=60',
          'content-language': 'de',
          'content-type': 'text/x-tale',
          'x-never-heard-of': 'a, "b" ; c=1',
          link: '</a>; rel=next, </b>; rel=prev',
        },
      }),
    ],
  },
  {
    name: '9111 3.1: fields that are about the proxy are not kept',
    required: true,
    answers: [
      says('max-age=60', { 'proxy-authenticate': 'Basic', 'proxy-authentication-info': 'x' }),
    ],
    steps: [
      fetched(),
      reused(1, { got: { 'proxy-authenticate': null, 'proxy-authentication-info': null } }),
    ],
  },
  {
    name: '9110 7.6.1: fields that Connection names are not kept',
    required: false,
    answers: [
      says('max-age=60', { connection: 'keep-alive, x-hop', 'x-hop': '1', 'x-stays': '1' }),
    ],
    steps: [fetched(), reused(1, { got: { connection: null, 'x-hop': null, 'x-stays': '1' } })],
  },
  {
    name: '9110 6.6.1: what comes without Date is kept with the time that it was received',
    required: true,
    answers: [says('max-age=60', { date: null })],
    steps: [
      wait(3),
      fetched(),
      wait(5),
      reused(1, { got: { date: 'Thu, 15 Jan 2026 12:00:03 GMT', age: '5' } }),
    ],
  },
  {
    name: '9111 3.3: what broke off in its middle is not reused',
    required: true,
    answers: [says('max-age=60', {}, { breaks: 'body' }), says('max-age=60')],
    steps: [spoilt(), fetched(), reused(2)],
  },
  {
    name: '9111 3.3: what broke off in its middle leaves the kept one alone, and stale',
    required: false,
    cache: { staleIfError: 0 },
    answers: [
      says('max-age=10', { etag: '"a"' }),
      says('max-age=60', {}, { breaks: 'body' }),
      unmodified({ etag: '"a"' }),
    ],
    steps: [fetched(), wait(20), spoilt(), validated(1, { 'if-none-match': '"a"' })],
  },
  {
    name: '9111 3: a 206 nobody asked for is not reused as a whole',
    required: true,
    answers: [
      says('max-age=60', { 'content-range': 'bytes 0-7/100' }, { status: 206 }),
      says('max-age=60'),
    ],
    steps: [fetched(), fetched(), reused(2)],
  },
  {
    name: '9111 3.3: the answer to a request for a range is not reused as a whole',
    required: true,
    answers: [
      says('max-age=60', { 'content-range': 'bytes 0-7/100' }, { status: 206 }),
      says('max-age=60'),
    ],
    steps: [fetched({ headers: { range: 'bytes=0-7' }, past: true }), fetched(), reused(2)],
  },
  {
    name: '9110 14.2: a request for a range goes to the server, though the whole is kept',
    required: false,
    answers: [
      says('max-age=60'),
      says('max-age=60', { 'content-range': 'bytes 0-7/8' }, { status: 206 }),
    ],
    steps: [fetched(), fetched({ headers: { range: 'bytes=0-7' }, past: true }), reused(1)],
  },
  {
    name: '9111 3: a 304 nobody asked for is not kept',
    required: true,
    answers: [unmodified({ 'cache-control': 'max-age=60', etag: '"a"' }), says('max-age=60')],
    steps: [spoilt(), fetched(), reused(2)],
  },
  {
    name: '9111 3: an empty body is as good as another',
    required: false,
    answers: [says('max-age=60', {}, { body: '' })],
    steps: [fetched(), reused(1)],
  },
  {
    name: '9111 4.2.2: a status that a cache may guess about is kept for the default TTL',
    required: false,
    answers: [status(200)],
    steps: [fetched(), wait(119), reused(1), wait(1), fetched()],
  },
];
