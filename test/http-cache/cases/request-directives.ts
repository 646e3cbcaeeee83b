import {
  fetched,
  reused,
  says,
  status,
  timedOut,
  unmodified,
  validated,
  wait,
  type Case,
  type Details,
} from '../case.ts';

/** A call with this `Cache-Control`. */
const asking = (cacheControl: string): Details => ({ headers: { 'cache-control': cacheControl } });

const askedWith = { 'if-none-match': '"a"' };
const tagged = { etag: '"a"' };

/** What a request’s own Cache-Control asks of the cache (RFC 9111, 5.2.1): advice, but for no-store. */
export const requestDirectives: Case[] = [
  {
    name: '9111 5.2.1.1: what is younger than the request’s max-age is reused',
    required: false,
    answers: [says('max-age=60')],
    steps: [fetched(), wait(10), reused(1, asking('max-age=20')), reused(1, asking('max-age=10'))],
  },
  {
    name: '9111 5.2.1.1: what is older than the request’s max-age is validated',
    required: false,
    answers: [says('max-age=60', tagged), unmodified(tagged)],
    steps: [fetched(), wait(10), validated(1, askedWith, asking('max-age=9'))],
  },
  {
    name: '9111 5.2.1.1: the request’s max-age=0 asks the server',
    required: false,
    answers: [says('max-age=60', tagged), unmodified(tagged)],
    steps: [fetched(), wait(1), validated(1, askedWith, asking('max-age=0'))],
  },
  {
    name: '9111 5.2.1.1: an Age that came along counts against the request’s max-age',
    required: false,
    answers: [says('max-age=600', { age: '30' })],
    steps: [fetched(), fetched({ ...asking('max-age=29') })],
  },
  {
    name: '9111 5.2.1.1: the request’s max-age makes nothing fresher',
    required: true,
    answers: [says('max-age=10')],
    steps: [fetched(), wait(10), fetched(asking('max-age=600'))],
  },
  {
    name: '9111 5.2.1.3: what stays fresh for min-fresh is reused',
    required: false,
    answers: [says('max-age=60')],
    steps: [
      fetched(),
      wait(40),
      reused(1, asking('min-fresh=20')),
      reused(1, asking('min-fresh=10')),
    ],
  },
  {
    name: '9111 5.2.1.3: what does not stay fresh for min-fresh is validated',
    required: false,
    answers: [says('max-age=60', tagged), unmodified(tagged)],
    steps: [fetched(), wait(40), validated(1, askedWith, asking('min-fresh=21'))],
  },
  {
    name: '9111 5.2.1.2: max-stale without a value takes what is stale, however much',
    required: false,
    answers: [says('max-age=10')],
    steps: [
      fetched(),
      wait(100_000),
      reused(1, { ...asking('max-stale'), got: { age: '100000' } }),
    ],
  },
  {
    name: '9111 5.2.1.2: max-stale takes what has not been stale for longer',
    required: false,
    answers: [says('max-age=10')],
    steps: [fetched(), wait(20), reused(1, asking('max-stale=10'))],
  },
  {
    name: '9111 5.2.1.2: max-stale does not take what has been stale for longer',
    required: true,
    answers: [says('max-age=10')],
    steps: [fetched(), wait(21), fetched(asking('max-stale=10'))],
  },
  {
    name: '9111 5.2.1.1: max-stale beside max-age takes what is stale, but no older',
    required: false,
    answers: [says('max-age=10')],
    steps: [
      fetched(),
      wait(20),
      reused(1, asking('max-age=30, max-stale')),
      fetched(asking('max-age=19, max-stale')),
    ],
  },
  {
    name: '9111 5.2.2.2: max-stale does not take what must be revalidated',
    required: true,
    answers: [says('max-age=10, must-revalidate')],
    steps: [fetched(), wait(11), fetched(asking('max-stale'))],
  },
  {
    name: '9111 5.2.2.4: max-stale does not take what is no-cache',
    required: true,
    answers: [says('max-age=10, no-cache')],
    steps: [fetched(), fetched(asking('max-stale'))],
  },
  {
    name: '9111 4.4: max-stale does not take what a write made invalid',
    required: true,
    answers: [says('max-age=10')],
    steps: [fetched(), fetched({ method: 'POST' }), fetched({ ...asking('max-stale'), sent: {} })],
  },
  {
    name: '9111 5.2.1.4: no-cache asks the server though what is kept is fresh',
    required: false,
    answers: [says('max-age=60', tagged), unmodified(tagged)],
    steps: [fetched(), validated(1, askedWith, asking('no-cache'))],
  },
  {
    name: '9111 5.2.1.4: no-cache is recognised in any case, among others',
    required: false,
    answers: [says('max-age=60')],
    steps: [fetched(), fetched(asking('max-stale=60, No-Cache'))],
  },
  {
    name: '9111 5.2.1.4: what no-cache brings is kept',
    required: false,
    answers: [says('max-age=60')],
    steps: [fetched(), fetched(asking('no-cache')), reused(2)],
  },
  {
    name: '9111 5.2.1.4: what no-cache asks for in vain is not taken from the cache',
    required: false,
    answers: [says('max-age=60, stale-if-error=600'), status(503)],
    steps: [fetched(), fetched(asking('no-cache'))],
  },
  {
    name: '9111 5.4: Pragma: no-cache asks the server where there is no Cache-Control',
    required: false,
    answers: [says('max-age=60', tagged), unmodified(tagged)],
    steps: [fetched(), validated(1, askedWith, { headers: { pragma: 'no-cache' } })],
  },
  {
    name: '9111 5.2.1.5: no-store takes nothing from the cache',
    required: false,
    answers: [says('max-age=60')],
    steps: [fetched(), fetched(asking('no-store')), reused(1)],
  },
  {
    name: '9111 5.2.1.7: only-if-cached takes what is kept and fresh',
    required: false,
    answers: [says('max-age=60')],
    steps: [fetched(), reused(1, asking('only-if-cached'))],
  },
  {
    name: '9111 5.2.1.7: only-if-cached is answered 504 where nothing is kept',
    required: false,
    answers: [says('max-age=60')],
    steps: [timedOut(asking('only-if-cached')), fetched()],
  },
  {
    name: '9111 5.2.1.7: only-if-cached is answered 504 where what is kept is stale',
    required: false,
    answers: [says('max-age=10')],
    steps: [fetched(), wait(10), timedOut(asking('only-if-cached'))],
  },
  {
    name: '9111 5.2.1.7: only-if-cached takes what is stale where max-stale says so',
    required: false,
    answers: [says('max-age=10')],
    steps: [fetched(), wait(20), reused(1, asking('only-if-cached, max-stale=60'))],
  },
  {
    name: '9111 5.2.1.6: no-transform changes nothing',
    required: false,
    answers: [says('max-age=60')],
    steps: [fetched(), reused(1, asking('no-transform'))],
  },
  {
    name: '9111 5.2.3: unknown directives of a request are ignored',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched(), reused(1, asking('hurry, x-no-store, level="no-cache"'))],
  },
];
