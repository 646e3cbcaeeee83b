import type { ParityCase } from '../parity-case.ts';
import { seeHead } from '../see.ts';
import { echoes, echoesAnew, past, post, url } from './echoes.ts';

export const inits: readonly ParityCase[] = [
  echoes('init undefined', url, undefined),
  echoes('init null', url, null as never),
  echoes('an empty init', url, {}),
  echoes('members of init that are undefined', url, {
    method: undefined,
    headers: undefined,
    body: undefined,
    signal: undefined,
    credentials: undefined,
  } as never),
  echoes('members of init that fetch doesn’t know', url, { next: { revalidate: 1 } } as never),
  echoesAnew('members that init inherits', () => [
    url,
    Object.create({ method: 'POST', body: 'inherited' }) as RequestInit,
  ]),
  past(
    echoesAnew('an init that is a Request', () => [
      url,
      new Request('/t/other', { method: 'DELETE', headers: { 'x-a': '1' } }) as RequestInit,
    ]),
  ),
  past(
    echoesAnew('an init that is a function', () => [
      url,
      Object.assign(() => {}, { method: 'DELETE' }) as never,
    ]),
  ),
  echoes('a method that is an object', url, { method: { toString: () => 'put' } } as never),
  echoes('duplex', url, { ...post('x'), duplex: 'half' } as never),
  echoes('a window of null', url, { window: null }),
  echoes('another window, which Chromium doesn’t mind', url, { window: 'x' } as never),
  { ...echoes('priority high', url, { priority: 'high' }), see: seeHead },
  { ...echoes('priority low', url, { priority: 'low' }), see: seeHead },
  echoes('priority auto', url, { priority: 'auto' }),
  echoes('mode cors', url, { mode: 'cors' }),
  echoes('cache default and redirect follow', url, { cache: 'default', redirect: 'follow' }),
  echoes('settings that say nothing', url, {
    integrity: '',
    keepalive: false,
    referrerPolicy: '',
    referrer: 'about:client',
  }),
  past(echoes('mode same-origin', url, { mode: 'same-origin' })),
  past(echoes('cache no-store', url, { cache: 'no-store' })),
  past(echoes('cache reload', url, { cache: 'reload' })),
  past(echoes('keepalive', url, { keepalive: true })),
  past(echoes('referrerPolicy', url, { referrerPolicy: 'no-referrer' })),
  past(echoes('referrer', url, { referrer: '/t/somewhere' })),
  past({
    name: 'integrity that doesn’t match',
    args: () => [url, { integrity: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' }],
    see: seeHead,
  }),
  past({
    name: 'mode no-cors',
    args: () => [url, { mode: 'no-cors' }],
    see: seeHead,
  }),
];
