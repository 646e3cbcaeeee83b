import * as keyval from 'idb-keyval';
import type { Contender } from './contender.ts';
import { bodyOf, loads, opening, pathOf } from './workload.ts';

const parse = (id: number): unknown => JSON.parse(bodyOf(id));

const open = (name: string): keyval.UseStore => keyval.createStore(name, 'entries');

/** Entries one to a record, written as they came: a dashboard at a time. */
async function fill(name: string, valueOf: (id: number) => unknown): Promise<void> {
  const store = open(name);
  for (const ids of loads) {
    await keyval.setMany(
      ids.map((id) => [pathOf(id), valueOf(id)]),
      store,
    );
  }
}

const objects = 'keyval-objects';

const getMany: Contender = {
  name: 'idb-keyval getMany, objects',
  fill: () => fill(objects, parse),
  create() {
    const store = open(objects);
    return { read: ({ ids }) => keyval.getMany(ids.map(pathOf), store) };
  },
};

const get: Contender = {
  name: 'idb-keyval get × 100, objects',
  create() {
    const store = open(objects);
    return { read: ({ ids }) => Promise.all(ids.map((id) => keyval.get(pathOf(id), store))) };
  },
};

/** One request for everything between the first key and the last; for scattered keys, nearly all. */
const range: Contender = {
  name: 'getAll over the range of keys, objects',
  create() {
    const store = open(objects);
    return {
      async read({ ids }) {
        const keys = IDBKeyRange.bound(pathOf(Math.min(...ids)), pathOf(Math.max(...ids)));
        const found: { readonly id: number }[] = await store('readonly', (entries) =>
          keyval.promisifyRequest(entries.getAll(keys)),
        );
        const byId = new Map(found.map((entry) => [entry.id, entry]));
        return ids.map((id) => byId.get(id));
      },
    };
  },
};

const texts = 'keyval-texts';

const getManyTexts: Contender = {
  name: 'idb-keyval getMany, text + JSON.parse',
  fill: () => fill(texts, bodyOf),
  create() {
    const store = open(texts);
    return {
      async read({ ids }) {
        const found = await keyval.getMany<string>(ids.map(pathOf), store);
        return found.map((text): unknown => JSON.parse(text ?? 'null'));
      },
    };
  },
};

interface Reply {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: Uint8Array<ArrayBuffer>;
}

const replies = 'keyval-replies';

/** What a cache of responses must do at the least: store what a response has, and give back one. */
const getManyReplies: Contender = {
  name: 'idb-keyval getMany, replies + new Response + json()',
  fill: () =>
    fill(replies, (id): Reply => {
      const headers: Reply['headers'] = [['content-type', 'application/json']];
      return { status: 200, headers, body: new TextEncoder().encode(bodyOf(id)) };
    }),
  create() {
    const store = open(replies);
    return {
      async read({ ids }) {
        const found = await keyval.getMany<Reply>(ids.map(pathOf), store);
        return Promise.all(
          found.map(async (reply): Promise<unknown> => {
            if (!reply) return undefined;
            const { status, headers } = reply;
            return new Response(reply.body, { status, headers }).json();
          }),
        );
      },
    };
  },
};

const hundreds = 'keyval-hundreds';

/** For who knows beforehand which hundred will be read together; the least that IndexedDB can take. */
const oneRecord: Contender = {
  name: 'one record that holds all hundred, objects',
  async fill(sets) {
    const store = open(hundreds);
    for (const { name, ids } of [...sets, opening]) await keyval.set(name, ids.map(parse), store);
  },
  create() {
    const store = open(hundreds);
    return { read: async ({ name }) => (await keyval.get<unknown[]>(name, store)) ?? [] };
  },
};

/** IndexedDB by way of idb-keyval. Those without a fill read what `getMany` has stored. */
export const keyvalStores: readonly Contender[] = [
  getMany,
  getManyTexts,
  getManyReplies,
  get,
  range,
  oneRecord,
];
