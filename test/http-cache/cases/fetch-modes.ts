import {
  down,
  fetched,
  rejected,
  reused,
  says,
  status,
  stale as staleAndRefreshed,
  unmodified,
  validated,
  wait,
  type Case,
  type Details,
} from '../case.ts';

const mode = (cache: RequestCache): Details => ({ init: { cache } });
const onlyIfCached: Details = { init: { cache: 'only-if-cached', mode: 'same-origin' } };

const tagged = { etag: '"a"' };
const askedWith = { 'if-none-match': '"a"' };

/** `init.cache`, as the Fetch standard has it (HTTP-network-or-cache fetch). */
export const fetchModes: Case[] = [
  {
    name: 'Fetch, default: what is fresh is reused, what is stale validated',
    required: true,
    answers: [says('max-age=10', tagged), unmodified(tagged)],
    steps: [
      fetched(),
      reused(1, mode('default')),
      wait(10),
      validated(1, askedWith, mode('default')),
    ],
  },
  {
    name: 'Fetch, no-store: nothing is taken from the cache',
    required: true,
    answers: [says('max-age=60', tagged)],
    steps: [fetched(), fetched(mode('no-store'))],
  },
  {
    name: 'Fetch, no-store: nothing is kept',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched(mode('no-store')), fetched()],
  },
  {
    name: 'Fetch, no-store: what is kept stays',
    required: true,
    answers: [says('max-age=60'), says('max-age=600')],
    steps: [fetched(), fetched(mode('no-store')), reused(1), wait(60), fetched()],
  },
  {
    name: 'Fetch, reload: nothing is taken from the cache, nor asked whether it holds',
    required: true,
    answers: [says('max-age=60', tagged)],
    steps: [fetched(), fetched(mode('reload'))],
  },
  {
    name: 'Fetch, reload: what comes is kept',
    required: true,
    answers: [says('max-age=60', tagged)],
    steps: [fetched(), fetched(mode('reload')), reused(2)],
  },
  {
    name: 'Fetch, reload: what comes takes the place of what was kept, though it may not be kept',
    required: false,
    answers: [says('max-age=60'), says('no-store'), says('max-age=60')],
    steps: [fetched(), fetched(mode('reload')), fetched()],
  },
  {
    name: 'Fetch, no-cache: what is kept is validated, though it is fresh',
    required: true,
    answers: [says('max-age=60', tagged), unmodified({ ...tagged, 'cache-control': 'max-age=90' })],
    steps: [fetched(), validated(1, askedWith, mode('no-cache')), wait(89), reused(1)],
  },
  {
    name: 'Fetch, no-cache: without a validator the server is asked for the whole',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched(), fetched(mode('no-cache')), reused(2)],
  },
  {
    name: 'Fetch, no-cache: what stale-while-revalidate would allow is not taken',
    required: true,
    answers: [says('max-age=10, stale-while-revalidate=600')],
    steps: [fetched(), wait(20), fetched(mode('no-cache'))],
  },
  {
    name: 'Fetch, no-cache: with nothing kept, the server is asked, and what comes is kept',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched(mode('no-cache')), reused(1)],
  },
  {
    name: 'Fetch, no-cache: what can not be validated is not taken, for want of a connection',
    required: true,
    answers: [says('max-age=60', tagged)],
    steps: [fetched(), down, rejected(0, mode('no-cache'))],
  },
  {
    name: 'Fetch, no-cache: what can not be validated is not taken, for an error of the server’s',
    required: true,
    answers: [says('max-age=60, stale-if-error=600', tagged), status(503)],
    steps: [fetched(), fetched({ ...mode('no-cache'), sent: askedWith })],
  },
  {
    name: 'Fetch, reload: nothing kept stands in for an error',
    required: true,
    answers: [says('max-age=10, stale-if-error=600')],
    steps: [fetched(), wait(20), down, rejected(0, mode('reload'))],
  },
  {
    name: 'Fetch, no-cache: caches on the way are told so',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched({ ...mode('no-cache'), sent: { 'cache-control': 'max-age=0', pragma: null } })],
  },
  ...(['reload', 'no-store'] as const).map((cache): Case => ({
    name: `Fetch, ${cache}: caches on the way are told so`,
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched({ ...mode(cache), sent: { 'cache-control': 'no-cache', pragma: 'no-cache' } })],
  })),
  {
    name: 'Fetch, reload: a Cache-Control of the caller’s own stays as it is',
    required: true,
    answers: [says('max-age=60')],
    steps: [
      fetched({
        ...mode('reload'),
        headers: { 'cache-control': 'max-age=5' },
        sent: { 'cache-control': 'max-age=5' },
      }),
    ],
  },
  {
    name: 'Fetch, a Request: its cache mode counts',
    required: true,
    answers: [says('max-age=60', tagged)],
    steps: [
      fetched({ asRequest: true }),
      reused(1, { asRequest: true }),
      fetched({ asRequest: true, ...mode('reload') }),
      fetched({ asRequest: true, ...mode('no-store') }),
      reused(2, { asRequest: true, ...mode('force-cache') }),
    ],
  },
  {
    name: 'Fetch, a Request: its own conditions and directives count',
    required: true,
    answers: [says('max-age=60', tagged)],
    steps: [
      fetched(),
      fetched({ asRequest: true, headers: { 'if-none-match': '"z"' } }),
      fetched({ asRequest: true, headers: { 'cache-control': 'no-store' } }),
      reused(1),
    ],
  },
  {
    name: 'Fetch, force-cache: what is stale is taken, and the server not asked',
    required: true,
    answers: [says('max-age=10', tagged)],
    steps: [fetched(), wait(1000), reused(1, { ...mode('force-cache'), got: { age: '1000' } })],
  },
  {
    name: 'Fetch, force-cache: with nothing kept, the server is asked, and what comes is kept',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched(mode('force-cache')), reused(1)],
  },
  {
    name: 'Fetch, force-cache: another variant is none that is kept',
    required: true,
    answers: [says('max-age=60', { vary: 'x-kind' })],
    steps: [fetched(), fetched({ ...mode('force-cache'), headers: { 'x-kind': 'a' } })],
  },
  {
    name: 'Fetch, force-cache: what a write made invalid is not taken',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched(), fetched({ method: 'POST' }), fetched({ ...mode('force-cache'), sent: {} })],
  },
  {
    name: 'Fetch, only-if-cached: what is fresh is taken',
    required: true,
    answers: [says('max-age=60')],
    steps: [fetched(), reused(1, onlyIfCached)],
  },
  {
    name: 'Fetch, only-if-cached: what is stale is taken',
    required: true,
    answers: [says('max-age=10')],
    steps: [fetched(), wait(1000), reused(1, onlyIfCached)],
  },
  {
    name: 'Fetch, only-if-cached: with nothing kept the call fails, and the server is not asked',
    required: true,
    answers: [status(200)],
    steps: [rejected(0, onlyIfCached), fetched()],
  },
  {
    name: 'Fetch, only-if-cached: it needs the mode same-origin',
    required: true,
    answers: [says('max-age=60')],
    steps: [
      fetched(),
      rejected(0, mode('only-if-cached')),
      rejected(0, { init: { cache: 'only-if-cached', mode: 'cors' } }),
    ],
  },
  ...(['if-none-match', 'if-match'] as const).map((condition): Case => ({
    name: `Fetch, ${condition} of the caller: nothing is taken, nothing kept`,
    required: true,
    answers: [says('max-age=60', tagged), says('max-age=60', { etag: '"b"' })],
    steps: [fetched(), fetched({ headers: { [condition]: '"z"' } }), reused(1)],
  })),
  ...(['if-modified-since', 'if-unmodified-since'] as const).map((condition): Case => ({
    name: `Fetch, ${condition} of the caller: nothing is taken, nothing kept`,
    required: true,
    answers: [says('max-age=60'), says('max-age=60')],
    steps: [
      fetched(),
      fetched({ headers: { [condition]: 'Thu, 15 Jan 2026 08:00:00 GMT' } }),
      reused(1),
    ],
  })),
  {
    name: 'Fetch, stale-while-revalidate: what is stale is taken by default, and refreshed behind',
    required: false,
    answers: [says('max-age=10, stale-while-revalidate=60')],
    steps: [fetched(), wait(20), staleAndRefreshed(1, mode('default')), reused(2)],
  },
];
