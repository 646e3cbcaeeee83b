import { dateAt, fetched, reused, says, wait, type Case } from '../case.ts';

/** Which of several kept responses is used where more than one fits (RFC 9111, 4 and 4.1). */
export const choosing: Case[] = [
  {
    name: '9111 4: of several that fit, the most recent by Date is used',
    required: true,
    answers: [says('max-age=60', { vary: 'x-a' }), says('max-age=60', { vary: 'x-b' })],
    steps: [
      fetched({ headers: { 'x-a': '1', 'x-b': '1' } }),
      wait(5),
      fetched({ headers: { 'x-a': '2', 'x-b': '1' } }),
      reused(2, { headers: { 'x-a': '1', 'x-b': '1' } }),
    ],
  },
  {
    name: '9111 4: of several that fit, the most recent is the one with the latest Date, not the last to come',
    required: true,
    answers: [
      says('max-age=60', { vary: 'x-a' }),
      says('max-age=60', { vary: 'x-b', date: dateAt(-30) }),
    ],
    steps: [
      fetched({ headers: { 'x-a': '1', 'x-b': '1' } }),
      wait(5),
      fetched({ headers: { 'x-a': '2', 'x-b': '1' } }),
      reused(1, { headers: { 'x-a': '1', 'x-b': '1' } }),
    ],
  },
  {
    name: '9111 4: of several that fit and have one Date, the last to come is used',
    required: false,
    answers: [says('max-age=60', { vary: 'x-a' }), says('max-age=60', { vary: 'x-b' })],
    steps: [
      fetched({ headers: { 'x-a': '1', 'x-b': '1' } }),
      fetched({ headers: { 'x-a': '2', 'x-b': '1' } }),
      reused(2, { headers: { 'x-a': '1', 'x-b': '1' } }),
    ],
  },
  {
    name: '9111 4.1: what came without Vary is over what came with it, being more recent',
    required: false,
    answers: [says('max-age=60', { vary: 'x-a' }), says('max-age=60')],
    steps: [
      fetched({ headers: { 'x-a': '1' } }),
      wait(1),
      fetched({ headers: { 'x-a': '1' }, init: { cache: 'reload' } }),
      reused(2, { headers: { 'x-a': '1' } }),
    ],
  },
  {
    name: '9111 4.1: what came with Vary is over what came without it, being more recent',
    required: true,
    answers: [says('max-age=60'), says('max-age=60', { vary: 'x-a' })],
    steps: [
      fetched({ headers: { 'x-a': '1' } }),
      wait(1),
      fetched({ headers: { 'x-a': '1' }, init: { cache: 'reload' } }),
      reused(2, { headers: { 'x-a': '1' } }),
    ],
  },
];
