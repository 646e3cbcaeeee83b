import { fetched, reused, says, status, unmodified, validated, wait, type Case } from '../case.ts';

const early = 'Wed, 14 Jan 2026 08:00:00 GMT';

const askedWith = { 'if-none-match': '"a"' };

/** Asking whether what is kept still holds, and what comes of it (RFC 9111, 4.3.1 and 4.3.3). */
export const validation: Case[] = [
  {
    name: '9111 4.3.1: a stale response is validated with its entity tag, and its body reused',
    required: true,
    answers: [says('max-age=10', { etag: '"a"' }), unmodified({ etag: '"a"' })],
    steps: [fetched(), wait(10), validated(1, askedWith)],
  },
  {
    name: '9111 4.3.1: a weak entity tag is sent as it came',
    required: true,
    answers: [says('max-age=10', { etag: 'W/"a"' }), unmodified({ etag: 'W/"a"' })],
    steps: [fetched(), wait(10), validated(1, { 'if-none-match': 'W/"a"' })],
  },
  {
    name: '9111 4.3.1: an empty entity tag is one too',
    required: true,
    answers: [says('max-age=10', { etag: '""' }), unmodified({ etag: '""' })],
    steps: [fetched(), wait(10), validated(1, { 'if-none-match': '""' })],
  },
  {
    name: '9111 4.3.1: an entity tag with commas, backslashes and bytes beyond ASCII is sent as it came',
    required: true,
    answers: [says('max-age=10', { etag: '"a,\\b\u00fc"' }), unmodified({ etag: '"a,\\b\u00fc"' })],
    steps: [fetched(), wait(10), validated(1, { 'if-none-match': '"a,\\b\u00fc"' })],
  },
  {
    name: '9111 4.3.1: without an entity tag, Last-Modified is sent as it came',
    required: false,
    answers: [
      says('max-age=10', { 'last-modified': early }),
      unmodified({ 'last-modified': early }),
    ],
    steps: [
      fetched(),
      wait(10),
      validated(1, { 'if-none-match': null, 'if-modified-since': early }),
    ],
  },
  {
    name: '9111 4.3.1: a Last-Modified in an obsolete form is sent as it came',
    required: false,
    answers: [says('max-age=10', { 'last-modified': 'Wed Jan 14 08:00:00 2026' }), unmodified()],
    steps: [fetched(), wait(10), validated(1, { 'if-modified-since': 'Wed Jan 14 08:00:00 2026' })],
  },
  {
    name: '9111 4.3.1: with both, the entity tag is sent',
    required: true,
    answers: [
      says('max-age=10', { etag: '"a"', 'last-modified': early }),
      unmodified({ etag: '"a"' }),
    ],
    steps: [fetched(), wait(10), validated(1, askedWith)],
  },
  {
    name: '9111 4.3.1: with both, Last-Modified is sent too',
    required: false,
    answers: [
      says('max-age=10', { etag: '"a"', 'last-modified': early }),
      unmodified({ etag: '"a"' }),
    ],
    steps: [fetched(), wait(10), validated(1, { ...askedWith, 'if-modified-since': early })],
  },
  {
    name: '9111 4.3.1: the fields of the request itself go along',
    required: false,
    answers: [says('max-age=10', { etag: '"a"' }), unmodified({ etag: '"a"' })],
    steps: [
      fetched({ headers: { 'x-kind': '1' } }),
      wait(10),
      validated(1, { ...askedWith, 'x-kind': '2' }, { headers: { 'x-kind': '2' } }),
    ],
  },
  {
    name: '9111 4.3: without a validator, a stale response is asked for as if for the first time',
    required: false,
    answers: [says('max-age=10')],
    steps: [fetched(), wait(10), fetched()],
  },
  {
    name: '9111 5.2.2.4: no-cache is validated before each reuse',
    required: true,
    answers: [says('no-cache', { etag: '"a"' }), unmodified({ etag: '"a"' })],
    steps: [fetched(), validated(1, askedWith), validated(1, askedWith)],
  },
  {
    name: '9111 5.2.2.4: no-cache is validated, whatever max-age says',
    required: true,
    answers: [says('max-age=60, No-Cache', { etag: '"a"' }), unmodified({ etag: '"a"' })],
    steps: [fetched(), validated(1, askedWith)],
  },
  {
    name: '9111 5.2.2.4: no-cache without a validator is asked for each time',
    required: true,
    answers: [says('no-cache')],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 5.2.2.4: no-cache with field names is treated as without',
    required: false,
    answers: [
      says('no-cache="x-mine", max-age=60', { etag: '"a"', 'x-mine': '1' }),
      unmodified({ etag: '"a"' }),
    ],
    steps: [fetched(), validated(1, askedWith)],
  },
  {
    name: '9111 5.2.2.2: must-revalidate is reused while it is fresh',
    required: false,
    answers: [says('max-age=10, must-revalidate')],
    steps: [fetched(), wait(9), reused(1)],
  },
  {
    name: '9111 5.2.2.2: must-revalidate is validated once it is stale',
    required: true,
    answers: [says('max-age=10, must-revalidate', { etag: '"a"' }), unmodified({ etag: '"a"' })],
    steps: [fetched(), wait(10), validated(1, askedWith)],
  },
  {
    name: '9111 4.3.3: the caller is told nothing of the 304',
    required: true,
    answers: [
      says('max-age=10', { etag: '"a"', 'content-type': 'text/x-tale' }, { status: 203 }),
      unmodified({ etag: '"a"' }),
    ],
    steps: [
      fetched(),
      wait(10),
      validated(1, askedWith, { got: { 'content-type': 'text/x-tale', etag: '"a"' } }),
    ],
  },
  {
    name: '9111 4.3.3: a full answer is used, and kept in place of the old',
    required: true,
    answers: [says('max-age=10', { etag: '"a"' }), says('max-age=60', { etag: '"b"' })],
    steps: [
      fetched(),
      wait(10),
      fetched({ sent: askedWith, got: { etag: '"b"' } }),
      wait(59),
      reused(2),
    ],
  },
  {
    name: '9111 4.3.1: after a full answer, its own entity tag is sent',
    required: true,
    answers: [
      says('max-age=10', { etag: '"a"' }),
      says('max-age=10', { etag: '"b"' }),
      unmodified({ etag: '"b"' }),
    ],
    steps: [
      fetched(),
      wait(10),
      fetched({ sent: askedWith }),
      wait(10),
      validated(2, { 'if-none-match': '"b"' }),
    ],
  },
  {
    name: '9111 4.3.3: a full answer that is not to be kept is used, and the old one no more',
    required: true,
    answers: [says('max-age=10', { etag: '"a"' }), says('no-store'), says('max-age=10')],
    steps: [fetched(), wait(10), fetched({ sent: askedWith }), fetched({ sent: {} })],
  },
  {
    name: '9111 4.3.3: an error of the caller’s (4xx) is an answer too',
    required: true,
    answers: [says('max-age=10, stale-if-error=600', { etag: '"a"' }), status(404)],
    steps: [fetched(), wait(10), fetched({ sent: askedWith })],
  },
  {
    name: '9111 4.3.3: what the server has said is gone stands in for no error',
    required: false,
    answers: [says('max-age=10, stale-if-error=600', { etag: '"a"' }), status(404), status(503)],
    steps: [fetched(), wait(10), fetched({ sent: askedWith }), fetched({ sent: {} })],
  },
  {
    name: '9111 4.3.3: an error of the server’s (5xx) is passed on where nothing stale may be',
    required: false,
    cache: { staleIfError: 0 },
    answers: [says('max-age=10', { etag: '"a"' }), status(503), unmodified({ etag: '"a"' })],
    steps: [fetched(), wait(10), fetched({ sent: askedWith }), validated(1, askedWith)],
  },
];
