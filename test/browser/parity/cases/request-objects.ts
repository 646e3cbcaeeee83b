import type { ParityCase } from '../parity-case.ts';
import { seeEcho } from '../see-echo.ts';
import { echoesAnew, json, past, post, url } from './echoes.ts';

export const requestObjects: readonly ParityCase[] = [
  echoesAnew('a Request', () => [new Request(url)]),
  echoesAnew('a URL object', () => [new URL(url, location.href)]),
  // What else might be meant by an object, only the platform knows.
  {
    ...echoesAnew('something with toString', () => [{ toString: () => url } as unknown as URL]),
    road: 'past',
  },
  echoesAnew('a Request with a body inside', () => [new Request(url, post('{"a":1}', json))]),
  echoesAnew('a Request with a text body inside', () => [new Request(url, post('hello'))]),
  echoesAnew('a Request with a binary body inside', () => [
    new Request(url, post(new Uint8Array([1, 255]), { 'content-type': 'application/x-b' })),
  ]),
  echoesAnew('a Request whose body init replaces', () => [
    new Request(url, post('old')),
    { body: 'new' },
  ]),
  echoesAnew('a Request whose body init replaces with another type', () => [
    new Request(url, post('old')),
    { body: new URLSearchParams('a=1') },
  ]),
  echoesAnew('a Request whose method init replaces', () => [
    new Request(url),
    { method: 'DELETE' },
  ]),
  echoesAnew('a Request whose body and method init replace', () => [
    new Request(url),
    { method: 'PUT', body: 'x' },
  ]),
  echoesAnew('a Request whose body null in init leaves alone', () => [
    new Request(url, post('kept')),
    { body: null },
  ]),
  echoesAnew('a subclass of Request', () => [
    new (class extends Request {})(url, { headers: { 'x-a': '1' } }),
  ]),
  echoesAnew('a clone of a Request', () => [new Request(url, post('twice')).clone()]),
  {
    name: 'a Request with a body is used up by the call',
    play: async (fetch) => {
      const request = new Request(url, post('once'));
      const response = fetch(request);
      const during = request.bodyUsed;
      await response;
      return [during, request.bodyUsed];
    },
  },
  {
    name: 'a Request without a body can be sent again',
    legs: 2,
    play: async (fetch) => {
      const request = new Request(url, { headers: { 'x-a': '1' } });
      const first = await seeEcho(await fetch(request));
      return [first, await seeEcho(await fetch(request)), request.bodyUsed];
    },
  },
  past({
    name: 'a Request with a body that can’t ride is used up by the call too',
    play: async (fetch) => {
      const request = new Request(url, post(new Uint8Array([1])));
      const response = fetch(request);
      const during = request.bodyUsed;
      return [during, await seeEcho(await response), request.bodyUsed];
    },
  }),
];
