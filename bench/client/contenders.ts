import { createTRPCClient, httpBatchLink, httpBatchStreamLink } from '@trpc/client';
import { carpools } from '../network/contenders/carpool.ts';
import type { Contender } from '../network/contenders/contender.ts';
import { contenders as all } from '../network/contenders/index.ts';
import type { TrpcRouter } from '../network/server/trpc.ts';

/**
 * With thousands of calls, tRPC's address gets too long for servers, of which its documentation warns: so
 * it has a limit, or else the input in a body, and a limit that leaves room for the procedures' names.
 *
 * @see https://trpc.io/docs/client/links/httpBatchLink#setting-a-maximum-url-length
 */
const trpc: readonly Contender[] = [
  {
    name: 'tRPC batch',
    over: 'h1',
    create() {
      const link = httpBatchLink({ url: '/trpc', maxURLLength: 2083 });
      const client = createTRPCClient<TrpcRouter>({ links: [link] });
      return (id) => client.widget.query(id);
    },
  },
  {
    name: 'tRPC batch, by POST',
    over: 'h1',
    create() {
      const link = httpBatchLink({ url: '/trpc', methodOverride: 'POST', maxItems: 1000 });
      const client = createTRPCClient<TrpcRouter>({ links: [link] });
      return (id) => client.widget.query(id);
    },
  },
  {
    name: 'tRPC stream',
    over: 'h1',
    create() {
      const link = httpBatchStreamLink({ url: '/trpc', maxURLLength: 2083 });
      const client = createTRPCClient<TrpcRouter>({ links: [link] });
      return (id) => client.widget.query(id);
    },
  },
];

const named = (...names: string[]): Contender[] =>
  names.flatMap((name) => all.filter((contender) => contender.name === name));

/** Against a stub, where there is no connection. */
export const stubbed: readonly Contender[] = [
  ...trpc,
  ...named('oRPC batch, streamed', 'oRPC batch, buffered', 'Apollo BatchHttpLink'),
  ...named('batshit', 'DataLoader', 'limit'),
  ...carpools
    .filter(({ over }) => over === 'h1')
    .map((contender) => ({ ...contender, name: contender.name.replace(', HTTP/1.1', '') })),
];

/** Over connections to this machine. */
export const connected: readonly Contender[] = [
  ...named('native fetch, HTTP/1.1', 'native fetch, HTTP/2'),
  ...trpc.filter(({ name }) => name === 'tRPC stream'),
  ...named('limit'),
  ...carpools,
];
