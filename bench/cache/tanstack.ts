import { QueryClient } from '@tanstack/query-core';
import {
  experimental_createQueryPersister,
  persistQueryClientRestore,
  persistQueryClientSave,
  type AsyncStorage,
  type PersistedClient,
  type PersistedQuery,
  type Persister,
} from '@tanstack/query-persist-client-core';
import * as keyval from 'idb-keyval';
import type { Contender } from './contender.ts';
import { bodyOf, loads, pathOf } from './workload.ts';

const keyOf = (id: number): string[] => [pathOf(id)];

const createClient = (): QueryClient =>
  // Nothing is asked anew, and nothing is thrown out while its store is measured.
  new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, gcTime: Infinity } } });

function fillClient(client: QueryClient, ids: readonly number[]): void {
  for (const id of ids) client.setQueryData(keyOf(id), JSON.parse(bodyOf(id)) as unknown);
}

function createQueryPersister() {
  const store = keyval.createStore('tanstack-queries', 'entries');
  const storage: AsyncStorage<PersistedQuery> = {
    getItem: (key) => keyval.get(key, store),
    setItem: (key, value) => keyval.set(key, value, store),
    removeItem: (key) => keyval.del(key, store),
  };
  return experimental_createQueryPersister({
    storage,
    serialize: (query) => query,
    deserialize: (query) => query,
  });
}

/** @see https://tanstack.com/query/latest/docs/framework/react/plugins/createPersister */
const eachQuery: Contender = {
  name: "TanStack's query persister over idb-keyval",
  async fill() {
    const persister = createQueryPersister();
    const client = createClient();
    fillClient(client, loads.flat());
    for (const ids of loads) {
      await Promise.all(ids.map((id) => persister.persistQueryByKey(keyOf(id), client)));
    }
    client.clear();
  },
  create() {
    const { persisterFn } = createQueryPersister();
    const client = createClient();
    return {
      read: ({ ids }) =>
        Promise.all(
          ids.map((id) =>
            client.fetchQuery<unknown>({
              queryKey: keyOf(id),
              queryFn: () => Promise.reject(new Error(`entry ${id} is not stored`)),
              persister: persisterFn,
            }),
          ),
        ),
      async close() {
        client.clear();
      },
    };
  },
};

function createClientPersister(): Persister {
  const store = keyval.createStore('tanstack-client', 'entries');
  const key = 'reactQuery';
  return {
    persistClient: (client) => keyval.set(key, client, store),
    restoreClient: () => keyval.get<PersistedClient>(key, store),
    removeClient: () => keyval.del(key, store),
  };
}

/** @see https://tanstack.com/query/latest/docs/framework/react/plugins/persistQueryClient */
const wholeClient: Contender = {
  name: "TanStack's client persister over idb-keyval: all 2,000 in one record",
  async fill() {
    const persister = createClientPersister();
    const queryClient = createClient();
    fillClient(queryClient, loads.flat());
    await persistQueryClientSave({ queryClient, persister });
    queryClient.clear();
  },
  create() {
    const persister = createClientPersister();
    return {
      async read({ ids }) {
        // Anew each time: one that has been restored has all of it in memory.
        const queryClient = createClient();
        await persistQueryClientRestore({ queryClient, persister });
        return ids.map((id) => queryClient.getQueryData(keyOf(id)));
      },
    };
  },
};

export const tanstackStores: readonly Contender[] = [eachQuery, wholeClient];
