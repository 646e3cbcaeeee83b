import { expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { createCarpool } from '../../src/index.ts';
import { createBatchEndpoint } from './support/batch-endpoint.ts';

interface Devtools {
  send(method: 'HeapProfiler.collectGarbage'): Promise<void>;
  send(method: 'Runtime.getHeapUsage'): Promise<{ usedSize: number }>;
}

/** Bytes that are in use when all garbage has been collected. */
async function heapBytes(): Promise<number> {
  const devtools = cdp() as unknown as Devtools;
  await devtools.send('HeapProfiler.collectGarbage');
  return (await devtools.send('Runtime.getHeapUsage')).usedSize;
}

/** Counts who listens to `signal`. */
function watch(signal: AbortSignal): { readonly listening: () => number } {
  const { addEventListener: add, removeEventListener: remove } = signal;
  const listeners = new Set<unknown>();
  Object.assign(signal, {
    addEventListener: (...args: Parameters<typeof add>) => {
      listeners.add(args[1]);
      add.apply(signal, args);
    },
    removeEventListener: (...args: Parameters<typeof remove>) => {
      listeners.delete(args[1]);
      remove.apply(signal, args);
    },
  });
  return { listening: () => listeners.size };
}

/** Bytes: holding on to thousands of calls, or to their answers, would take ten times that. */
const muchLess = 2_000_000;

const numbers = (length: number): number[] => Array.from({ length }, (_, n) => n);
const text = (n: number): string => `/t/echo/${String(n)}`;

test('5,000 calls on one long-lived signal leave no listener behind, nor anything else', async () => {
  const { endpoint } = createBatchEndpoint();
  const carpool = createCarpool({ endpoint });
  const { signal } = new AbortController();
  const { listening } = watch(signal);
  let most = 0;
  const before = await heapBytes();

  for (const round of numbers(5)) {
    const calls = numbers(1000).map(async (n) => {
      const response = await carpool.fetch(text(round * 1000 + n), { signal });
      most = Math.max(most, listening());
      // Some bodies are read, some are not.
      if (n % 2 === 0) await response.text();
      return response.status;
    });
    expect(new Set(await Promise.all(calls))).toEqual(new Set([200]));
  }

  expect(most).toBeGreaterThan(0);
  expect(listening()).toBe(0);
  expect((await heapBytes()) - before).toBeLessThan(muchLess);
}, 60_000);

test('calls that end in an abort leave no listener behind either', async () => {
  const { endpoint } = createBatchEndpoint();
  const carpool = createCarpool({ endpoint });
  const controller = new AbortController();
  const { listening } = watch(controller.signal);

  const calls = numbers(500).map((n) => carpool.fetch(text(n), { signal: controller.signal }));
  controller.abort();
  const outcomes = await Promise.allSettled(calls);

  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
  expect(listening()).toBe(0);
  expect(carpool.stats()).toMatchObject({ waiting: 0, inFlight: 0 });
});

test('10,000 calls at once complete, in few batches at a time, and leave nothing behind', async () => {
  const { endpoint, seen } = createBatchEndpoint();
  const carpool = createCarpool({ endpoint, maxInFlight: 3 });
  const call = async (n: number): Promise<string> => {
    const response = await carpool.fetch(text(n));
    return ((await response.json()) as { url: string }).url;
  };
  const right = async (count: number): Promise<number> => {
    const urls = await Promise.all(numbers(count).map(call));
    return urls.filter((url, n) => url === text(n)).length;
  };
  // What is made once, such as compiled code and statistics, is made before the first look.
  await right(2000);
  const before = await heapBytes();

  expect(await right(10_000)).toBe(10_000);

  const after = await heapBytes();
  expect(await seen()).toEqual({ batches: 240, items: 12_000, mostOpen: 3 });
  expect(carpool.stats()).toMatchObject({ waiting: 0, inFlight: 0, single: 0 });
  expect(after - before).toBeLessThan(muchLess);
}, 120_000);
