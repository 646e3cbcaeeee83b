import type { ParityCase } from '../parity-case.ts';
import { replyJson } from '../../support/reply.ts';
import { seeHead } from '../see.ts';
import { seeEcho } from '../see-echo.ts';
import { echoes, past, url } from './echoes.ts';

export const methods: readonly ParityCase[] = [
  ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) =>
    echoes(`method ${method}`, url, { method }),
  ),
  ...['get', 'Post', 'pUT', 'delete'].map((method) =>
    echoes(`method '${method}' is sent in upper case`, url, { method }),
  ),
  {
    name: 'method head in lower case',
    args: () => [replyJson('{}'), { method: 'head' }],
    see: seeHead,
  },
  past({
    name: 'method patch in lower case is sent as it is',
    args: () => [url, { method: 'patch' }],
    see: seeHead,
  }),
  past(echoes('method OPTIONS', url, { method: 'OPTIONS' })),
  past(echoes('a method that HTTP knows and the wire does not', url, { method: 'PROPFIND' })),
  {
    name: 'the methods of Request objects',
    legs: 4,
    play: async (fetch) => {
      const sent = [
        new Request(url),
        new Request(url, { method: 'delete' }),
        new Request(url, { method: 'PATCH' }),
        new Request(url, { method: 'put' }),
      ];
      const seen = [];
      for (const request of sent) seen.push(await seeEcho(await fetch(request)));
      return seen;
    },
  },
];
