import {
  fetched,
  redirected,
  reused,
  says,
  status,
  wait,
  type Answer,
  type Case,
  type Seen,
} from '../case.ts';

/** A server that redirects from `/r`, and has the answer at `/t`. */
const server =
  (redirect: Answer, target: Answer) =>
  ({ path }: Seen): Answer =>
    path === '/r' ? { ...redirect, headers: { location: '/t', ...redirect.headers } } : target;

const target = says('no-store', {}, { body: 'there' });
const keptTarget = says('max-age=600', {}, { body: 'there' });

const followed = redirected(['/r', '/t'], 'new', '/t');
// Natively, the platform follows by itself: Carpool hears of the end only.
const rememberedInBatches = redirected({ batch: ['/t'], native: ['/r', '/t'] }, 'new', '/t');

/** Redirects are kept as other answers are (RFC 9110, 15.4; RFC 9111, 3). */
export const redirects: Case[] = [
  ...[301, 302, 303, 307, 308].map((code): Case => ({
    name: `9111 3: a ${String(code)} is kept where max-age says so, on the road that sees it`,
    required: false,
    answers: [server(says('max-age=60', {}, { status: code }), target)],
    steps: [followed, wait(59), rememberedInBatches, wait(1), followed],
  })),
  ...[301, 308].map((code): Case => ({
    name: `9110 15.4: a ${String(code)} is kept for the TTL, on the road that sees it`,
    required: false,
    answers: [server(status(code), target)],
    steps: [followed, wait(119), rememberedInBatches, wait(1), followed],
  })),
  ...[302, 303, 307].map((code): Case => ({
    name: `9110 15.4: a ${String(code)} is not kept where nothing is said`,
    required: true,
    answers: [server(status(code), target)],
    steps: [followed, followed],
  })),
  {
    name: '9111 5.2.2.5: a redirect that says no-store is not kept',
    required: true,
    answers: [server(says('no-store', {}, { status: 301 }), target)],
    steps: [followed, followed],
  },
  {
    name: '9111 4: where a redirect leads to is not kept under where it came from',
    required: true,
    answers: [server(says('no-store', {}, { status: 302 }), keptTarget)],
    steps: [followed, redirected({ batch: ['/r'], native: ['/r', '/t'] }, 2, '/t')],
  },
  {
    name: '9111 3: a kept redirect leads to what is kept there',
    required: false,
    answers: [server(says('max-age=600', {}, { status: 301 }), keptTarget)],
    steps: [followed, redirected({ batch: [], native: ['/r', '/t'] }, 2, '/t')],
  },
  {
    name: '9111 3: what a redirect led to is reused for who asks for it directly',
    required: false,
    answers: [server(says('no-store', {}, { status: 302 }), keptTarget)],
    steps: [
      followed,
      {
        kind: 'call',
        path: '/t',
        asks: { batch: [], native: ['/t'] },
        gives: 2,
      },
    ],
  },
  {
    name: '9111 4.4: a kept redirect is invalid once its URL was written to',
    required: true,
    answers: [
      (seen) =>
        seen.method === 'POST'
          ? status(204)
          : server(says('max-age=600', {}, { status: 301 }), target)(seen),
    ],
    steps: [followed, fetched({ method: 'POST' }), followed],
  },
  {
    name: '9110 15.4.4: where the 303 to a POST leads is asked for, for its Location is invalid',
    required: false,
    answers: [
      ({ path }) =>
        path === '/r'
          ? status(303, { location: '/t' })
          : says('max-age=600', {}, { body: 'there' }),
    ],
    steps: [fetched({ path: '/t' }), redirected(['/r', '/t'], 'new', '/t', { method: 'POST' })],
  },
  {
    name: '9111 3: a redirect without Location is an answer like any other',
    required: false,
    answers: [says('max-age=60', {}, { status: 301 })],
    steps: [fetched(), reused(1)],
  },
];
