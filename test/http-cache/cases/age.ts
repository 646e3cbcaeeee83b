import { dateAt, fetched, reused, says, unmodified, validated, wait, type Case } from '../case.ts';

/** How old a response is, and that it says so (RFC 9111, 4.2.3 and 5.1). */
export const age: Case[] = [
  {
    name: '9111 4: what comes from the cache says how old it is',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched(), reused(1, { got: { age: '0' } }), wait(7), reused(1, { got: { age: '7' } })],
  },
  {
    name: '9111 5.1: Age is in whole seconds',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched(), wait(7.9), reused(1, { got: { age: '7' } })],
  },
  {
    name: '9111 4.2.3: what comes from the server says no Age of its own',
    required: false,
    answers: [says('max-age=60')],
    steps: [fetched({ got: { age: null } })],
  },
  {
    name: '9111 4.2.3: an Age that came along counts',
    required: true,
    answers: [says('max-age=60', { age: '50' })],
    steps: [fetched({ got: { age: '50' } }), wait(9), reused(1), wait(1), fetched()],
  },
  {
    name: '9111 4: an Age that came along is replaced by the whole',
    required: true,
    answers: [says('max-age=60', { age: '50' })],
    steps: [fetched(), wait(9), reused(1, { got: { age: '59' } })],
  },
  {
    name: '9111 4.2.3: what came too old is stale at once',
    required: true,
    answers: [says('max-age=60', { age: '60' })],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 4.2.3: Age counts against Expires too',
    required: true,
    answers: [says('public', { age: '50', expires: dateAt(60) })],
    steps: [fetched(), wait(10), fetched()],
  },
  {
    name: '9111 1.2.2: an Age that no integer can hold is very old',
    required: true,
    answers: [says('max-age=60', { age: '99999999999999999999999' })],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 5.1: of several Ages the first counts',
    required: false,
    answers: [says('max-age=60', { age: '10, 55' })],
    steps: [fetched(), wait(9), reused(1, { got: { age: '19' } })],
  },
  ...['abc', '-10', '1.5', '"50"', '50s'].map((value): Case => ({
    name: `9111 5.1: Age: ${value} makes no sense and is ignored`,
    required: false,
    answers: [says('max-age=60', { age: value })],
    steps: [fetched(), wait(5), reused(1, { got: { age: '5' } })],
  })),
  {
    name: '9111 4.2.3: what was made some time ago by its Date is that old',
    required: false,
    answers: [says('max-age=60', { date: dateAt(-30) })],
    steps: [fetched(), wait(29), reused(1, { got: { age: '59' } }), wait(1), fetched()],
  },
  {
    name: '9111 4.2.3: of Date and Age the older counts: Age',
    required: true,
    answers: [says('max-age=60', { date: dateAt(-10), age: '30' })],
    steps: [fetched(), reused(1, { got: { age: '30' } }), wait(30), fetched()],
  },
  {
    name: '9111 4.2.3: of Date and Age the older counts: Date',
    required: false,
    answers: [says('max-age=60', { date: dateAt(-40), age: '10' })],
    steps: [fetched(), reused(1, { got: { age: '40' } }), wait(20), fetched()],
  },
  {
    name: '9111 4.2.3: a Date to come makes nothing younger than new',
    required: true,
    answers: [says('max-age=60', { date: dateAt(600) })],
    steps: [fetched(), reused(1, { got: { age: '0' } }), wait(60), fetched()],
  },
  {
    name: '9111 4.2.3: Age counts from when the server was asked, not from when it answered',
    required: true,
    answers: [says('max-age=60', { date: null, age: '5' }, { takes: 20 })],
    steps: [fetched(), reused(1, { got: { age: '25' } }), wait(35), fetched()],
  },
  {
    name: '9111 4.2.3: once validated, the age counts from there',
    required: true,
    answers: [says('max-age=60', { etag: '"a"' }), unmodified({ etag: '"a"' })],
    steps: [
      fetched(),
      wait(70),
      validated(1, { 'if-none-match': '"a"' }),
      wait(5),
      reused(1, { got: { age: '5' } }),
    ],
  },
  {
    name: '9111 4.2.3: the Age of a validating answer counts',
    required: true,
    answers: [says('max-age=60', { etag: '"a"' }), unmodified({ etag: '"a"', age: '50' })],
    steps: [
      fetched(),
      wait(70),
      validated(1, { 'if-none-match': '"a"' }),
      wait(5),
      reused(1, { got: { age: '55' } }),
      wait(5),
      validated(1, { 'if-none-match': '"a"' }),
    ],
  },
  {
    name: '9111 4.3.4: an Age of which the validating answer says nothing is over',
    required: false,
    answers: [says('max-age=60', { etag: '"a"', age: '50' }), unmodified({ etag: '"a"' })],
    steps: [
      fetched(),
      wait(20),
      validated(1, { 'if-none-match': '"a"' }),
      wait(30),
      reused(1, { got: { age: '30' } }),
    ],
  },
  {
    name: '9111 4.2.3: once the clock has been set back, nobody knows how old it is',
    required: false,
    answers: [says('max-age=60')],
    steps: [fetched(), wait(-1), fetched()],
  },
];
