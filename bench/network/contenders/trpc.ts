import { createTRPCClient, httpBatchLink, httpBatchStreamLink } from '@trpc/client';
import type { TrpcRouter } from '../server/trpc.ts';
import type { Contender } from './contender.ts';

const links = { 'tRPC batch': httpBatchLink, 'tRPC stream': httpBatchStreamLink } as const;

/** @see https://trpc.io/docs/client/links/httpBatchStreamLink */
export const trpc: readonly Contender[] = Object.entries(links).map(([name, link]) => ({
  name,
  over: 'h1',
  create() {
    const client = createTRPCClient<TrpcRouter>({ links: [link({ url: '/trpc' })] });
    return (id) => client.widget.query(id);
  },
}));
