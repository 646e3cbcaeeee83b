import { dateAt, fetched, reused, status, wait, type Case } from '../case.ts';

/** An `Expires` one minute after the start, in any of these forms. */
const holds = (name: string, expires: string, required = true): Case => ({
  name,
  required,
  answers: [status(200, { expires })],
  steps: [fetched(), wait(59), reused(1), wait(1), fetched()],
});

/** An `Expires` that is stale at once. */
const expired = (name: string, expires: string, required = true): Case => ({
  name,
  required,
  answers: [status(200, { expires })],
  steps: [fetched(), fetched()],
});

/** How long something is fresh by `Expires` (RFC 9111, 5.3), and how dates are read (RFC 9110, 5.6.7). */
export const expires: Case[] = [
  holds('9111 5.3: fresh until Expires, and no longer', 'Thu, 15 Jan 2026 12:01:00 GMT'),
  holds('9110 5.6.7: a date may have the form of RFC 850', 'Thursday, 15-Jan-26 12:01:00 GMT'),
  holds('9110 5.6.7: a date may have the form of asctime()', 'Thu Jan 15 12:01:00 2026'),
  {
    name: '9110 5.6.7: a day of one digit has a space before it in the form of asctime()',
    required: true,
    answers: [status(200, { expires: 'Tue Feb  3 12:00:00 2026' })],
    steps: [fetched(), wait(1_641_599), reused(1), wait(1), fetched()],
  },
  {
    name: '9110 5.6.7: two digits that seem to lie more than fifty years ahead have passed',
    required: true,
    answers: [status(200, { expires: 'Tuesday, 15-Jan-80 12:01:00 GMT' })],
    steps: [fetched(), fetched()],
  },
  {
    name: '9110 5.6.7: two digits that lie less than fifty years ahead are to come',
    required: true,
    answers: [status(200, { expires: 'Wednesday, 15-Jan-70 12:01:00 GMT' })],
    steps: [fetched(), wait(3600), reused(1)],
  },
  {
    name: '9110 5.6.7: of two digits exactly fifty years ahead, the time of the year decides',
    required: true,
    answers: [status(200, { expires: 'Thursday, 15-Dec-76 12:00:00 GMT' })],
    steps: [fetched(), fetched()],
  },
  expired('9111 5.3: Expires in the past is stale', dateAt(-1)),
  expired('9111 5.3: Expires at Date is stale at once', dateAt(0)),
  expired(
    '9111 5.3: Expires long before there were browsers is stale',
    'Thu, 01 Jan 1970 00:00:00 GMT',
  ),
  expired('9111 5.3: Expires: 0 has passed', '0'),
  expired('9111 5.3: Expires: -1 has passed', '-1'),
  expired('9111 5.3: an empty Expires has passed', ''),
  expired('9111 5.3: a word is no date and has passed', 'never'),
  expired('9111 5.3: seconds are no date and have passed', '1800000000'),
  expired('9111 5.3: ISO 8601 is no HTTP-date and has passed', '2027-01-15T12:00:00Z'),
  expired('9111 5.3: a date without a time has passed', 'Fri, 15 Jan 2027'),
  expired('9111 5.3: a date without a zone has passed', 'Fri, 15 Jan 2027 12:00:00'),
  expired('9111 5.3: a date in another order has passed', 'Fri, Jan 15 2027 12:00:00 GMT'),
  expired('9111 5.3: a day that no month has has passed', 'Thu, 32 Jan 2026 12:00:00 GMT'),
  expired('9111 5.3: a month with a full stop has passed', 'Mon, 15 Jun. 2026 12:00:00 GMT'),
  expired('9111 5.3: an hour that no day has has passed', 'Thu, 15 Jan 2026 25:00:00 GMT'),
  expired('9111 5.3: an hour of one digit has passed', 'Fri, 16 Jan 2026 2:00:00 GMT'),
  expired('9111 5.3: a day of one digit has passed', 'Mon, 2 Feb 2026 12:00:00 GMT'),
  expired(
    '9111 5.3: a year of two digits has passed outside the form of RFC 850',
    'Thu, 15 Jan 27 12:00:00 GMT',
  ),
  expired(
    '9111 4.2.1: two dates make no sense and have passed',
    'Fri, 15 Jan 2027 12:00:00 GMT, Sat, 15 Jan 2028 12:00:00 GMT',
    false,
  ),
  expired(
    '9111 4.2: a zone with a name is none that counts',
    'Fri, 15 Jan 2027 12:00:00 EST',
    false,
  ),
  expired('9111 4.2: UTC is not how this zone is written', 'Fri, 15 Jan 2027 12:00:00 UTC', false),
  expired(
    '9111 4.2: a zone in numbers is none that counts',
    'Fri, 15 Jan 2027 12:00:00 +0100',
    false,
  ),
  holds('9111 4.2: a date is read in lower case too', 'thu, 15 jan 2026 12:01:00 gmt', false),
  holds('9111 4.2: a date is read in upper case too', 'THU, 15 JAN 2026 12:01:00 GMT', false),
  {
    name: '9111 4.2.1: without Date, Expires counts from when the answer was received',
    required: true,
    answers: [status(200, { expires: dateAt(60), date: null })],
    steps: [fetched(), wait(59), reused(1), wait(1), fetched()],
  },
  {
    name: '9111 4.2.1: where the server is ahead, Expires counts from its own Date',
    required: true,
    answers: [status(200, { date: dateAt(3600), expires: dateAt(3660) })],
    steps: [fetched(), wait(59), reused(1), wait(1), fetched()],
  },
  {
    name: '9111 4.2.3: where the server is behind, its answer is as old as its Date',
    required: true,
    answers: [status(200, { date: dateAt(-3600), expires: dateAt(-3540) })],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 4.2.3: where the server is a little behind, its answer is fresh for the rest',
    required: false,
    answers: [status(200, { date: dateAt(-20), expires: dateAt(40) })],
    steps: [fetched(), wait(39), reused(1, { got: { age: '59' } }), wait(1), fetched()],
  },
  {
    name: '9110 6.6.1: a Date that is none is taken for when the answer was received',
    required: false,
    answers: [status(200, { date: 'just now', expires: dateAt(60) })],
    steps: [fetched(), wait(59), reused(1), wait(1), fetched()],
  },
  {
    name: '9110 5.6.7: Date may have an obsolete form too',
    required: true,
    answers: [status(200, { date: 'Thu Jan 15 11:59:40 2026', expires: dateAt(40) })],
    steps: [fetched(), wait(39), reused(1, { got: { age: '59' } }), wait(1), fetched()],
  },
];
