import { createCarpool, type Carpool } from 'carpool';
import type { Contender } from './contender.ts';
import { loads, pathOf } from './workload.ts';

/** A client on the store that all clients of that name share. */
export const createClient = (name = 'carpool'): Carpool =>
  createCarpool({
    identity: () => 'bench',
    // Two more than the default, at least: nothing is to be thrown out.
    cache: { ttl: '1h', maxEntries: 4000, name },
  });

/** Calls made at once; resolves to their data. */
export const loadAll = (client: Carpool, ids: readonly number[]): Promise<unknown[]> =>
  Promise.all(
    ids.map(async (id): Promise<unknown> => {
      const response = await client.fetch(pathOf(id));
      return response.json();
    }),
  );

export const carpoolStore: Contender = {
  name: 'Carpool',
  async fill() {
    const client = createClient();
    for (const ids of loads) {
      await loadAll(client, ids);
      await client.flush();
    }
    await client.dispose();
  },
  create() {
    const client = createClient();
    return {
      read: ({ ids }) => loadAll(client, ids),
      async close() {
        const stats = client.stats().cache;
        await client.dispose();
        if (stats.misses > 0 || stats.storeHits === 0) {
          throw new Error(`Carpool: not read from the store: ${JSON.stringify(stats)}`);
        }
      },
    };
  },
};
