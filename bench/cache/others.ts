import localforage from 'localforage';
import type { Contender } from './contender.ts';
import { bodyOf, loads, pathOf } from './workload.ts';

const cacheName = 'bench';

const cacheApi: Contender = {
  name: 'Cache API match × 100 + json()',
  async fill() {
    const cache = await caches.open(cacheName);
    const headers = { 'content-type': 'application/json' };
    for (const ids of loads) {
      await Promise.all(
        ids.map((id) => cache.put(pathOf(id), new Response(bodyOf(id), { headers }))),
      );
    }
  },
  create() {
    let opening: Promise<Cache> | undefined;
    return {
      async read({ ids }) {
        const cache = await (opening ??= caches.open(cacheName));
        return Promise.all(
          ids.map(async (id): Promise<unknown> => (await cache.match(pathOf(id)))?.json()),
        );
      },
    };
  },
};

const openForage = (): LocalForage =>
  localforage.createInstance({ name: 'forage', driver: localforage.INDEXEDDB });

const forage: Contender = {
  name: 'localforage getItem × 100, objects',
  async fill() {
    const store = openForage();
    for (const ids of loads) {
      await Promise.all(
        ids.map((id) => store.setItem(pathOf(id), JSON.parse(bodyOf(id)) as unknown)),
      );
    }
  },
  create() {
    const store = openForage();
    return { read: ({ ids }) => Promise.all(ids.map((id) => store.getItem<unknown>(pathOf(id)))) };
  },
};

export const otherStores: readonly Contender[] = [cacheApi, forage];
