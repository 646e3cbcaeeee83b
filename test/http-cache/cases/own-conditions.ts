import { fetched, reused, says, status, unmodified, wait, type Case } from '../case.ts';

const early = 'Wed, 14 Jan 2026 08:00:00 GMT';

const later = 'Thu, 15 Jan 2026 08:00:00 GMT';

/** Conditions that a caller has set itself (RFC 9111, 4.3.2). */
export const ownConditions: Case[] = [
  {
    name: '9111 4.3.2: a caller’s own If-None-Match reaches the server, and its 304 the caller',
    required: true,
    answers: [says('max-age=60', { etag: '"a"' }), unmodified({ etag: '"a"' })],
    steps: [fetched(), fetched({ headers: { 'if-none-match': '"a"' } }), reused(1)],
  },
  {
    name: '9111 4.3.2: a caller’s own If-None-Match is not joined by ours',
    required: false,
    answers: [says('max-age=10', { etag: '"a"' }), unmodified({ etag: '"x"' })],
    steps: [fetched(), wait(10), fetched({ headers: { 'if-none-match': '"x"' } })],
  },
  {
    name: '9111 4.3.2: with nothing kept, a caller’s own condition is left to the server',
    required: true,
    answers: [unmodified({ etag: '"a"', 'cache-control': 'max-age=60' }), says('max-age=60')],
    steps: [fetched({ headers: { 'if-none-match': '"a"' } }), fetched(), reused(2)],
  },
  {
    name: '9111 4.3.2: a caller’s own If-Modified-Since reaches the server, and its 304 the caller',
    required: false,
    answers: [says('max-age=60', { 'last-modified': early }), unmodified()],
    steps: [fetched(), fetched({ headers: { 'if-modified-since': early } }), reused(1)],
  },
  {
    name: '9111 4.3.2: If-Match is for the server alone',
    required: true,
    answers: [says('max-age=60', { etag: '"a"' }), status(412)],
    steps: [fetched(), fetched({ headers: { 'if-match': '"b"' } }), reused(1)],
  },
  {
    name: '9111 4.3.2: If-Unmodified-Since is for the server alone',
    required: true,
    answers: [says('max-age=60', { 'last-modified': later }), status(412)],
    steps: [fetched(), fetched({ headers: { 'if-unmodified-since': early } }), reused(1)],
  },
];
