import type { Fetch, ParityCase } from '../parity-case.ts';
import { seeEcho, type Echo } from '../see-echo.ts';
import { url } from './echoes.ts';

async function withCookie<T>(path: string, run: () => Promise<T>): Promise<T> {
  document.cookie = `parity=1; path=${path}`;
  try {
    return await run();
  } finally {
    document.cookie = `parity=; path=${path}; max-age=0`;
  }
}

/** What the server sees of a call that is made where there is a cookie. */
const cookies = (name: string, ...args: Parameters<Fetch>): ParityCase => ({
  name,
  play: (fetch) => withCookie('/t', async () => seeEcho(await fetch(...args))),
});

export const credentials: readonly ParityCase[] = [
  cookies('cookies are sent by default', url),
  cookies('credentials same-origin', url, { credentials: 'same-origin' }),
  cookies('credentials include', url, { credentials: 'include' }),
  cookies('credentials omit', url, { credentials: 'omit' }),
  cookies('a Request’s credentials', new Request(url, { credentials: 'omit' })),
  cookies('init’s credentials over a Request’s', new Request(url, { credentials: 'omit' }), {
    credentials: 'include',
  }),
  {
    name: 'a cookie whose path the batches don’t go to',
    play: (fetch) =>
      withCookie('/t/echo', async () => {
        const { headers } = (await (await fetch(url)).json()) as Echo;
        return headers['cookie'];
      }),
    differs: { by: 'network', as: () => undefined },
  },
];
