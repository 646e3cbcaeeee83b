import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { BatchLinkPlugin } from '@orpc/client/plugins';
import type { RouterClient } from '@orpc/server';
import type { OrpcRouter } from '../server/orpc.ts';
import type { Contender } from './contender.ts';

/** @see https://orpc.dev/docs/plugins/batch-requests */
export const orpc: readonly Contender[] = (['streaming', 'buffered'] as const).map((mode) => ({
  name: `oRPC batch, ${mode === 'streaming' ? 'streamed' : mode}`,
  over: 'h1',
  create() {
    const link = new RPCLink({
      url: `${location.origin}/orpc`,
      plugins: [
        new BatchLinkPlugin({
          groups: [{ condition: () => true, context: {} }],
          mode,
          // As on its server: otherwise, ten.
          maxSize: 10_000,
        }),
      ],
    });
    const client: RouterClient<OrpcRouter> = createORPCClient(link);
    return (id) => client.widget({ id });
  },
}));
