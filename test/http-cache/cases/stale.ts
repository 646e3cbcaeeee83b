import {
  down,
  fetched,
  rejected,
  reused,
  says,
  stale as staleAndRefreshed,
  status,
  unmodified,
  up,
  validated,
  wait,
  type Answer,
  type Case,
} from '../case.ts';

const askedWith = { 'if-none-match': '"a"' };
const tagged = { etag: '"a"' };
const reset: Answer = { breaks: 'connection' };

/** What stands in for an error that its directives let it: the server is asked, and the old answer given. */
const standsIn = (name: string, answer: Answer, required = false): Case => ({
  name,
  required,
  answers: [says('max-age=10, stale-if-error=60'), answer],
  steps: [fetched(), wait(20), validated(1, {}, { got: { age: '20' } })],
});

/** When something may be used though it is stale (RFC 9111, 4.2.4 and 5.2.2.2; RFC 5861). */
export const stale: Case[] = [
  {
    name: '9111 4.2.4: what is stale is not reused while the server answers',
    required: true,
    answers: [says('max-age=10')],
    steps: [fetched(), wait(11), fetched()],
  },
  {
    name: '9111 4.2.4: while disconnected, what is stale may be used: for a day by default',
    required: false,
    answers: [says('max-age=10')],
    steps: [
      fetched(),
      down,
      wait(10 + 86_399),
      reused(1, { got: { age: '86409' } }),
      wait(1),
      rejected(0),
    ],
  },
  {
    name: '9111 4.2.4: while disconnected, what is stale is not used with staleIfError: 0',
    required: false,
    cache: { staleIfError: 0 },
    answers: [says('max-age=10')],
    steps: [fetched(), down, wait(10), rejected(0)],
  },
  {
    name: '9111 4.2: while disconnected, what is fresh is used as ever',
    required: false,
    answers: [says('max-age=10, must-revalidate')],
    steps: [fetched(), down, wait(9), reused(1)],
  },
  {
    name: '9111 5.2.2.2: must-revalidate is not used stale while disconnected',
    required: true,
    answers: [says('max-age=10, must-revalidate')],
    steps: [fetched(), down, wait(10), rejected(0)],
  },
  {
    name: '9111 5.2.2.2: must-revalidate is not used stale when the connection is reset',
    required: true,
    answers: [says('max-age=10, must-revalidate'), reset],
    steps: [fetched(), wait(10), rejected(1)],
  },
  {
    name: '9111 5.2.2.2: must-revalidate is not used stale when the server fails',
    required: true,
    answers: [says('max-age=10, must-revalidate'), status(503)],
    steps: [fetched(), wait(10), fetched()],
  },
  {
    name: '9111 5.2.2.2: must-revalidate forbids what stale-if-error would allow',
    required: true,
    answers: [says('max-age=10, stale-if-error=600, must-revalidate'), status(500)],
    steps: [fetched(), wait(10), fetched()],
  },
  {
    name: '9111 5.2.2.2: must-revalidate forbids what stale-while-revalidate would allow',
    required: true,
    answers: [says('max-age=10, stale-while-revalidate=600, must-revalidate')],
    steps: [fetched(), wait(10), fetched()],
  },
  {
    name: '9111 5.2: must-revalidate is recognised in any case',
    required: true,
    answers: [says('max-age=10, Must-Revalidate'), status(503)],
    steps: [fetched(), wait(10), fetched()],
  },
  {
    name: '9111 5.2.2.4: no-cache forbids what stale-if-error would allow: disconnected',
    required: true,
    answers: [says('max-age=10, no-cache, stale-if-error=600')],
    steps: [fetched(), down, rejected(0)],
  },
  {
    name: '9111 5.2.2.4: no-cache forbids what stale-if-error would allow: a failing server',
    required: true,
    answers: [says('no-cache, stale-if-error=600', tagged), status(502)],
    steps: [fetched(), fetched({ sent: askedWith })],
  },
  {
    name: '9111 5.2.2.4: no-cache forbids what stale-while-revalidate would allow',
    required: true,
    answers: [says('no-cache, stale-while-revalidate=600')],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 5.2.2.8: proxy-revalidate does not bind a private cache',
    required: false,
    answers: [says('max-age=10, proxy-revalidate, stale-if-error=60'), status(503)],
    steps: [fetched(), wait(20), validated(1, {})],
  },
  {
    name: '9111 5.2.2.10: s-maxage does not bind a private cache to revalidate',
    required: false,
    answers: [says('max-age=10, s-maxage=5, stale-if-error=60'), status(503)],
    steps: [fetched(), wait(20), validated(1, {})],
  },

  ...[500, 502, 503, 504].map((code) =>
    standsIn(`5861 4: stale-if-error stands in for a ${String(code)}`, status(code)),
  ),
  ...[400, 403, 404, 410, 429, 501, 505].map((code): Case => ({
    name: `5861 4: stale-if-error does not stand in for a ${String(code)}`,
    required: false,
    answers: [says('max-age=10, stale-if-error=60'), status(code)],
    steps: [fetched(), wait(20), fetched()],
  })),
  standsIn('5861 4: stale-if-error stands in for a connection that is reset', reset),
  {
    name: '5861 4: stale-if-error stands in for a connection that is refused',
    required: false,
    answers: [says('max-age=10, stale-if-error=60')],
    steps: [fetched(), down, wait(20), reused(1, { got: { age: '20' } })],
  },
  {
    name: '5861 4: once the server is back, it is asked again',
    required: false,
    answers: [says('max-age=10, stale-if-error=60'), status(200)],
    steps: [fetched(), down, wait(20), reused(1), up, fetched(), reused(2)],
  },
  {
    name: '5861 4: stale-if-error is over after its seconds: a failing server',
    required: false,
    answers: [says('max-age=10, stale-if-error=60'), status(503)],
    steps: [fetched(), wait(69), validated(1, {}), wait(1), fetched()],
  },
  {
    name: '5861 4: stale-if-error is over after its seconds: disconnected',
    required: false,
    answers: [says('max-age=10, stale-if-error=60')],
    steps: [fetched(), down, wait(69), reused(1), wait(1), rejected(0)],
  },
  {
    name: '5861 4: stale-if-error=0 is over at once',
    required: false,
    answers: [says('max-age=10, stale-if-error=0'), status(503)],
    steps: [fetched(), wait(10), fetched()],
  },
  {
    name: '5861 4: stale-if-error of the response is over the default, shorter or longer',
    required: false,
    cache: { staleIfError: '30s' },
    answers: [says('max-age=10, stale-if-error=60'), status(503)],
    steps: [fetched(), wait(69), validated(1, {})],
  },
  {
    name: '5861 4: without stale-if-error, the default holds',
    required: false,
    cache: { staleIfError: '30s' },
    answers: [says('max-age=10'), status(503)],
    steps: [fetched(), wait(39), validated(1, {}), wait(1), fetched()],
  },
  {
    name: '5861 4: what stands in for an error is validated as ever',
    required: false,
    answers: [says('max-age=10, stale-if-error=60', tagged), status(503), unmodified(tagged)],
    steps: [fetched(), wait(20), validated(1, askedWith), validated(1, askedWith), reused(1)],
  },
  {
    name: '5861 4: an error for which something stood in is not kept',
    required: false,
    answers: [
      says('max-age=10, stale-if-error=60'),
      says('max-age=600', {}, { status: 503 }),
      status(200),
    ],
    steps: [fetched(), wait(20), validated(1, {}), fetched(), reused(3)],
  },
  {
    name: '5861 4: stale-if-error of a request counts for that request',
    required: false,
    cache: { staleIfError: 0 },
    answers: [says('max-age=10'), status(503)],
    steps: [
      fetched(),
      wait(20),
      validated(1, {}, { headers: { 'cache-control': 'stale-if-error=60' } }),
      fetched(),
    ],
  },
  {
    name: '5861 4: stale-if-error of a request does not overrule must-revalidate',
    required: true,
    answers: [says('max-age=10, must-revalidate'), status(503)],
    steps: [fetched(), wait(20), fetched({ headers: { 'cache-control': 'stale-if-error=60' } })],
  },

  {
    name: '5861 3: stale-while-revalidate is served at once and refreshed behind',
    required: false,
    answers: [says('max-age=10, stale-while-revalidate=60')],
    steps: [
      fetched(),
      wait(20),
      staleAndRefreshed(1, { got: { age: '20' } }),
      reused(2, { got: { age: '0' } }),
    ],
  },
  {
    name: '5861 3: the refresh is a validation where there is a validator',
    required: false,
    answers: [says('max-age=10, stale-while-revalidate=60', tagged), unmodified(tagged)],
    steps: [
      fetched(),
      wait(20),
      staleAndRefreshed(1, { sent: askedWith }),
      wait(9),
      reused(1, { got: { age: '9' } }),
    ],
  },
  {
    name: '5861 3: what is fresh is not refreshed',
    required: false,
    answers: [says('max-age=10, stale-while-revalidate=60')],
    steps: [fetched(), wait(9), reused(1)],
  },
  {
    name: '5861 3: stale-while-revalidate lasts for its seconds, and no longer',
    required: false,
    answers: [says('max-age=10, stale-while-revalidate=60')],
    steps: [fetched(), wait(69), staleAndRefreshed(1), wait(70), fetched()],
  },
  {
    name: '5861 3: stale-while-revalidate=0 is over at once',
    required: false,
    answers: [says('max-age=10, stale-while-revalidate=0')],
    steps: [fetched(), wait(10), fetched()],
  },
  {
    name: '5861 3: without stale-while-revalidate, nothing is served stale by default',
    required: false,
    answers: [says('max-age=10')],
    steps: [fetched(), wait(10), fetched()],
  },
  {
    name: '5861 3: without stale-while-revalidate, the option holds',
    required: false,
    cache: { staleWhileRevalidate: '30s' },
    answers: [says('max-age=10')],
    steps: [fetched(), wait(39), staleAndRefreshed(1), wait(40), fetched()],
  },
  {
    name: '5861 3: stale-while-revalidate of the response is over the option',
    required: false,
    cache: { staleWhileRevalidate: '1h' },
    answers: [says('max-age=10, stale-while-revalidate=60')],
    steps: [fetched(), wait(70), fetched()],
  },
  {
    name: '5861 3: where the seconds of stale-while-revalidate are over, those of stale-if-error may not be',
    required: false,
    answers: [says('max-age=10, stale-while-revalidate=10, stale-if-error=60'), status(503)],
    steps: [fetched(), wait(30), validated(1, {})],
  },
  {
    name: '9111 5.2.1.4: a no-cache request is not answered with what stale-while-revalidate would allow',
    required: false,
    answers: [says('max-age=10, stale-while-revalidate=60')],
    steps: [fetched(), wait(20), fetched({ headers: { 'cache-control': 'no-cache' } })],
  },
];
