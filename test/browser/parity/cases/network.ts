import { expect } from 'vitest';
import { withBatchError } from '../known.ts';
import type { Fetch, ParityCase } from '../parity-case.ts';
import { reply } from '../../support/reply.ts';
import { seeOutcome } from '../see.ts';
import { nativeFetch } from '../../support/native-fetch.ts';

/** Waits, as many round trips as would be enough, until `isDone`. */
async function roundTrips(isDone: () => boolean): Promise<void> {
  for (let i = 0; i < 20 && !isDone(); i++) await nativeFetch('/t/echo');
}

const setsCookie = async (fetch: Fetch, init?: RequestInit): Promise<boolean> => {
  await fetch(reply({ headers: [['set-cookie', 'parity=set; Path=/']] }), init);
  const isSet = document.cookie.includes('parity=set');
  document.cookie = 'parity=; path=/; max-age=0';
  return isSet;
};

const nowhere = 'http://localhost:1';

/** What the browser's network sees of a call. */
export const network: readonly ParityCase[] = [
  {
    name: 'Set-Cookie sets a cookie',
    play: (fetch) => setsCookie(fetch),
    differs: { by: 'network', as: () => false, onlyStreamed: true },
  },
  {
    name: 'Set-Cookie sets a cookie, of a call that is routed past',
    road: 'past',
    options: { rules: [{ match: '/t/reply', batch: false }] },
    play: (fetch) => setsCookie(fetch),
  },
  {
    name: 'Set-Cookie sets no cookie with credentials omitted',
    play: (fetch) => setsCookie(fetch, { credentials: 'omit' }),
  },
  {
    name: 'the browser’s cache keeps what it may',
    legs: 2,
    play: async (fetch) => {
      const url = `/t/count/${crypto.randomUUID()}`;
      const first: unknown = await (await fetch(url)).json();
      return [first, await (await fetch(url)).json()];
    },
    differs: { by: 'network', as: () => [{ times: 1 }, { times: 2 }] },
  },
  {
    name: 'a response is there when its headers are',
    play: async (fetch, { gate }) => {
      const { dripUrl, arrived, open } = gate();
      let isThere = false;
      const response = fetch(dripUrl).finally(() => {
        isThere = true;
      });
      await arrived();
      await roundTrips(() => isThere);
      const wasThere = isThere;
      await open();
      return [wasThere, await (await response).text()];
    },
    differs: { by: 'whole', as: () => [false, 'first second'] },
  },
  {
    name: 'a body that breaks off halfway',
    args: () => ['/t/broken'],
    see: async (response) => {
      const text = (await seeOutcome(() => response.text())) as string | object;
      return [response.status, typeof text === 'string' ? JSON.parse(text) : text];
    },
    differs: { by: 'whole', as: () => [500, expect.objectContaining({ status: 500 })] },
  },
  {
    name: 'a server that is not there',
    legs: 0,
    options: { origins: [nowhere] },
    args: () => [`${nowhere}/t/echo`],
    differs: withBatchError,
  },
  {
    name: 'a body that is not for a batch, to a server that is not there',
    road: 'past',
    options: { origins: [nowhere] },
    args: () => [`${nowhere}/t/echo`, { method: 'POST', body: new FormData() }],
  },
];
