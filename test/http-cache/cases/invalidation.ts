import {
  fetched,
  redirected,
  reused,
  says,
  status,
  unmodified,
  type Answer,
  type Case,
  type Details,
  type Step,
} from '../case.ts';

const kept = says('max-age=600');
const write: Details = { method: 'POST', init: { body: 'x' } };

/** A call at `/w`, another URL than the one that is kept. */
const writeElsewhere = (details: Details = {}): Step =>
  fetched({ ...write, path: '/w', ...details });

/** What is kept, then a write that is answered so, then the same again. */
const afterWrite = (
  name: string,
  required: boolean,
  answer: Answer,
  after: Step,
  wrote: Step = fetched(write),
): Case => ({ name, required, answers: [kept, answer, kept], steps: [fetched(), wrote, after] });

/** That what changes a resource makes what is kept of it invalid (RFC 9111, 4.4). */
export const invalidation: Case[] = [
  ...['PUT', 'POST', 'DELETE', 'PATCH'].map((method) =>
    afterWrite(
      `9111 4.4: ${method} that succeeds invalidates its URL`,
      true,
      status(200),
      fetched(),
      fetched({ method }),
    ),
  ),
  ...[201, 202, 204].map((code) =>
    afterWrite(
      `9111 4.4: a POST answered ${String(code)} invalidates its URL`,
      true,
      status(code),
      fetched(),
    ),
  ),
  afterWrite(
    '9111 4.4: a method whose safety is unknown invalidates its URL',
    true,
    status(200),
    fetched(),
    fetched({ method: 'PURGE', past: true }),
  ),
  {
    name: '9111 4.4: a POST that is redirected invalidates its URL',
    required: true,
    answers: [kept, status(303, { location: '/t' }), says('no-store'), kept],
    steps: [fetched(), redirected(['/r', '/t'], 'new', '/t', write), fetched()],
  },
  afterWrite(
    '9111 4.4: a PUT answered 304 invalidates its URL',
    true,
    unmodified(),
    fetched(),
    fetched({ method: 'PUT', headers: { 'if-none-match': '*' } }),
  ),
  afterWrite(
    '9111 4.4: a write that can not ride invalidates its URL',
    true,
    status(200),
    fetched(),
    fetched({ method: 'POST', init: { keepalive: true }, past: true }),
  ),
  afterWrite(
    '9111 4.4: a write that shall not ride invalidates its URL',
    true,
    status(200),
    fetched(),
    fetched({ method: 'POST', init: { carpool: { batch: false } }, past: true }),
  ),
  ...[400, 403, 404, 412, 500, 503].map((code) =>
    afterWrite(
      `9111 4.4: a POST answered ${String(code)} invalidates nothing`,
      false,
      status(code),
      reused(1),
    ),
  ),
  {
    name: '9111 4.4: all variants of the URL are invalid',
    required: true,
    answers: [
      says('max-age=600', { vary: 'x-kind' }),
      says('max-age=600', { vary: 'x-kind' }),
      status(200),
      says('max-age=600', { vary: 'x-kind' }),
    ],
    steps: [
      fetched({ headers: { 'x-kind': 'a' } }),
      fetched({ headers: { 'x-kind': 'b' } }),
      fetched(write),
      fetched({ headers: { 'x-kind': 'a' } }),
      fetched({ headers: { 'x-kind': 'b' } }),
    ],
  },
  {
    name: '9111 4.4: what is invalid is not served stale either',
    required: true,
    answers: [
      says('max-age=600, stale-while-revalidate=600, stale-if-error=600'),
      status(200),
      status(503),
    ],
    steps: [fetched(), fetched(write), fetched()],
  },
  {
    name: '9111 4.4: what is asked for after a write is kept again',
    required: false,
    answers: [kept, status(200), kept],
    steps: [fetched(), fetched(write), fetched(), reused(3)],
  },
  {
    name: '9111 4.4: a write to one URL leaves others alone',
    required: false,
    answers: [kept, kept, status(200)],
    steps: [
      fetched({ path: '/r?a=1' }),
      fetched({ path: '/r/1' }),
      fetched(write),
      reused(1, { path: '/r?a=1' }),
      reused(2, { path: '/r/1' }),
    ],
  },
  {
    name: '9111 4.4: a write to a URL with a fragment is one to that URL',
    required: true,
    answers: [kept, status(200), kept],
    steps: [fetched(), fetched({ ...write, path: '/r#there' }), fetched()],
  },
  ...(['location', 'content-location'] as const).flatMap((field) => [
    afterWrite(
      `9111 4.4: ${field} of a write’s answer is invalidated too`,
      false,
      status(201, { [field]: '/r' }),
      fetched(),
      writeElsewhere(),
    ),
    afterWrite(
      `9111 4.4: ${field} is relative to the URL that was written to`,
      false,
      status(201, { [field]: '../r' }),
      fetched(),
      writeElsewhere({ path: '/w/1' }),
    ),
    afterWrite(
      `9111 4.4: ${field} of a write that failed is not invalidated`,
      false,
      status(409, { [field]: '/r' }),
      reused(1),
      writeElsewhere(),
    ),
    afterWrite(
      `9111 4.4: ${field} of an answer to a GET is not invalidated`,
      false,
      status(200, { [field]: '/r' }),
      reused(1),
      fetched({ path: '/w' }),
    ),
    {
      name: `9111 4.4: ${field} on another origin is not invalidated`,
      required: true,
      answers: [kept, (_, { elsewhere }) => status(201, { [field]: `${elsewhere}/r` })],
      steps: [fetched({ elsewhere: true }), writeElsewhere(), reused(1, { elsewhere: true })],
    } satisfies Case,
  ]),
  afterWrite(
    '9111 4.4: a Location that is no URL harms nobody',
    false,
    status(201, { location: 'http://[', 'content-location': 'http://' }),
    reused(1),
    writeElsewhere(),
  ),
  afterWrite(
    '9110 9.2.1: OPTIONS is safe and invalidates nothing',
    false,
    status(200),
    reused(1),
    fetched({ method: 'OPTIONS', past: true }),
  ),
  {
    name: '9110 9.2.1: HEAD is safe and invalidates nothing',
    required: false,
    answers: [kept],
    steps: [fetched(), reused(1, { method: 'HEAD' }), reused(1)],
  },
  {
    name: '9111 4: a write always reaches the server',
    required: true,
    answers: [says('max-age=600')],
    steps: [
      fetched({ method: 'PUT' }),
      fetched({ method: 'PUT' }),
      fetched({ method: 'DELETE' }),
      fetched({ method: 'DELETE' }),
    ],
  },
  {
    name: '9111 4.4: a stale one that a write made invalid is validated or asked for, never reused',
    required: true,
    answers: [says('max-age=600', { etag: '"a"' }), status(204), says('max-age=600')],
    steps: [fetched(), fetched(write), fetched({ sent: {} })],
  },
];
