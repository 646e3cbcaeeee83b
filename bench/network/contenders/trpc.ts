import { createTRPCClient, httpBatchLink, httpBatchStreamLink } from '@trpc/client';
import type { TrpcRouter } from '../server/trpc.ts';
import type { Contender } from './contender.ts';

// Each at an address of its own: of two GETs to the same one, Chromium's cache has the second wait.
const links = {
  'tRPC batch': { link: httpBatchLink, url: '/trpc' },
  'tRPC stream': { link: httpBatchStreamLink, url: '/trpc-stream' },
} as const;

/** @see https://trpc.io/docs/client/links/httpBatchStreamLink */
export const trpc: readonly Contender[] = Object.entries(links).map(([name, { link, url }]) => ({
  name,
  over: 'h1',
  create() {
    const client = createTRPCClient<TrpcRouter>({ links: [link({ url })] });
    return (id) => client.widget.query(id);
  },
}));
