import { dateAt, fetched, reused, says, wait, type Case } from '../case.ts';

const kept = says('max-age=60', { etag: '"a"', 'content-language': 'de' });

/** Whose answers may be reused for whom (RFC 9111, 4; RFC 9110, 9). */
export const methods: Case[] = [
  {
    name: '9110 9.3.1: HEAD is answered from what GET was answered, without its body',
    required: false,
    answers: [kept],
    steps: [
      fetched(),
      wait(5),
      reused(1, { method: 'HEAD', got: { etag: '"a"', 'content-language': 'de', age: '5' } }),
      reused(1),
    ],
  },
  {
    name: '9111 4: GET is not answered from what HEAD was answered',
    required: true,
    answers: [kept],
    steps: [fetched({ method: 'HEAD' }), fetched(), reused(2)],
  },
  {
    name: '9110 9.3.2: what HEAD was answered is not kept for another HEAD',
    required: false,
    answers: [kept],
    steps: [fetched({ method: 'HEAD' }), fetched({ method: 'HEAD' })],
  },
  {
    name: '9111 4: a HEAD is not answered from what is stale',
    required: true,
    answers: [says('max-age=10')],
    steps: [fetched(), wait(10), fetched({ method: 'HEAD', sent: {} })],
  },
  {
    name: '9111 4.3.5: what HEAD is answered freshens what is kept, where the validators agree',
    required: false,
    answers: [
      says('max-age=10', { etag: '"a"', 'x-turn': '1' }),
      says('max-age=60', { etag: '"a"', 'x-turn': '2' }),
    ],
    steps: [
      fetched(),
      wait(10),
      fetched({ method: 'HEAD', sent: {} }),
      wait(59),
      reused(1, { got: { 'x-turn': '2', age: '59' } }),
    ],
  },
  {
    name: '9111 4.3.5: what HEAD is answered makes what is kept stale, where the entity tags differ',
    required: false,
    answers: [says('max-age=60', { etag: '"a"' }), says('max-age=60', { etag: '"b"' })],
    steps: [
      fetched(),
      fetched({ method: 'HEAD', init: { cache: 'reload' } }),
      fetched({ sent: {} }),
    ],
  },
  {
    name: '9111 4.3.5: what HEAD is answered makes what is kept stale, where Last-Modified differs',
    required: false,
    answers: [
      says('max-age=60', { 'last-modified': dateAt(-600) }),
      says('max-age=60', { 'last-modified': dateAt(-60) }),
    ],
    steps: [
      fetched(),
      fetched({ method: 'HEAD', init: { cache: 'reload' } }),
      fetched({ sent: {} }),
    ],
  },
  {
    // In a batch, a GET's answer comes without its length, but its body is at hand.
    name: '9111 4.3.5: what HEAD is answered makes what is kept stale, where the lengths differ',
    required: false,
    answers: [
      says('max-age=60', { etag: '"a"', 'content-length': '5' }, { body: 'there' }),
      says('max-age=60', { etag: '"a"', 'content-length': '9' }),
      says('max-age=60', { etag: '"b"' }, { body: 'there' }),
    ],
    steps: [
      fetched(),
      fetched({ method: 'HEAD', init: { cache: 'reload' } }),
      fetched({ sent: {} }),
    ],
  },
  {
    name: '9111 4: a POST is not answered from what another was answered',
    required: true,
    answers: [says('max-age=60', { 'content-location': '/r' })],
    steps: [fetched({ method: 'POST' }), fetched({ method: 'POST' })],
  },
  {
    name: '9110 9.3.3: GET is not answered from what POST was answered',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched({ method: 'POST' }), fetched()],
  },
  {
    name: '9110 9.3.3: what POST was answered is not kept, though Content-Location would allow it',
    required: false,
    answers: [says('max-age=60', { 'content-location': '/r' })],
    steps: [fetched({ method: 'POST' }), fetched()],
  },
  ...['PUT', 'PATCH', 'DELETE'].map((method): Case => ({
    name: `9111 4: GET is not answered from what ${method} was answered`,
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched({ method }), fetched(), reused(2)],
  })),
  {
    name: '9111 4: GET is not answered from what OPTIONS was answered',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched({ method: 'OPTIONS', past: true }), fetched()],
  },
  {
    name: '9111 3: what a method that the cache does not understand was answered is not kept',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched({ method: 'REPORT', past: true }), fetched({ method: 'REPORT', past: true })],
  },
];
