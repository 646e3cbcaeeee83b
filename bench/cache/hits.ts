import type { Carpool } from 'carpool';
import { createClient, loadAll } from './carpool.ts';
import { quietly } from './quietly.ts';
import { bodyOf, checkAnswers, freshPathOf, idsOfDashboard, pathOf } from './workload.ts';

const ids = idsOfDashboard(0);
let client: Carpool | undefined;

function theClient(): Carpool {
  if (client) return client;
  throw new Error('prepare() comes first');
}

type Read = (id: number) => Promise<unknown>;

const bytes = ids.map((id) => new TextEncoder().encode(bodyOf(id)));
const init = { headers: { 'content-type': 'application/json' } };

const carpool = async (id: number): Promise<Response> => theClient().fetch(pathOf(id));
const native = async (id: number): Promise<Response> => fetch(pathOf(id));

/** Ways to get an entry's data. */
const reads = {
  'Carpool, json()': async (id) => (await carpool(id)).json(),
  'Carpool, text()': async (id) => (await carpool(id)).text(),
  'native fetch, json()': async (id) => (await native(id)).json(),
  'native fetch, text()': async (id) => (await native(id)).text(),
  "native fetch from the browser's HTTP cache, json()": async (id) =>
    (await fetch(freshPathOf(id))).json(),
  'new Response(bytes), json()': async (id) => new Response(bytes[id], init).json(),
} satisfies Record<string, Read>;

export type ReadName = keyof typeof reads;

/** Fills the memory, and asserts that every way leads to the same. */
export async function prepare(): Promise<ReadName[]> {
  client = createClient();
  checkAnswers('filling', ids, await loadAll(client, ids));
  await client.flush();
  const names = Object.keys(reads) as ReadName[];
  for (const name of names) checkAnswers(name, ids, await Promise.all(ids.map(reads[name])));
  return names;
}

const checkMemory = (before: number, calls: number): void => {
  const hits = theClient().stats().cache.memoryHits - before;
  if (hits !== calls) throw new Error(`Carpool: ${hits} of ${calls} came from memory`);
};

/** So many, one after the other. Resolves to ms. */
export async function sequence(name: ReadName, count: number): Promise<number> {
  const before = theClient().stats().cache.memoryHits;
  await quietly();
  const startedAt = performance.now();
  for (let index = 0; index < count; index++) await reads[name](index % ids.length);
  const tookMs = performance.now() - startedAt;
  checkMemory(before, name.startsWith('Carpool') ? count : 0);
  return tookMs;
}

export interface Burst {
  /** Until `fetch` has returned to each caller, its promise open. */
  readonly callsMs: number;
  /** Until all have their responses. */
  readonly responsesMs: number;
  /** Until all have their data. */
  readonly dataMs: number;
}

/** A hundred at once. */
export async function burst(who: 'Carpool' | 'native fetch'): Promise<Burst> {
  const call = who === 'Carpool' ? carpool : native;
  await quietly();
  const startedAt = performance.now();
  const calls = ids.map(call);
  const callsMs = performance.now() - startedAt;
  const responses = await Promise.all(calls);
  const responsesMs = performance.now() - startedAt;
  await Promise.all(responses.map((response) => response.json()));
  return { callsMs, responsesMs, dataMs: performance.now() - startedAt };
}

/** Nothing else, so often: what the main thread does in the meantime is for this. */
export async function repeat(who: 'Carpool' | 'native fetch', times: number): Promise<void> {
  const call = who === 'Carpool' ? carpool : native;
  for (let time = 0; time < times; time++) {
    await Promise.all(ids.map(async (id) => (await call(id)).json()));
  }
}
