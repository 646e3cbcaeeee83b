import { afterEach, describe, expect, it, vi } from 'vitest';
import { aClient, url, type ClientBench } from '../support/a-client.ts';
import { drained } from '../support/drained.ts';
import { endpoint } from '../support/fake-network.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Says how the endpoint was reached, and how long calls take: batches 10 ms, lone calls 1 ms. */
function reachedBy(protocol: string): ReturnType<typeof vi.spyOn> {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const getEntries = vi
    .spyOn(performance, 'getEntriesByName')
    .mockReturnValue([{ nextHopProtocol: protocol }] as unknown as PerformanceEntry[]);
  const fetch = globalThis.fetch;
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const isBatch = init?.method === 'POST';
    const response = await fetch(input, init);
    now += isBatch ? 10 : 1;
    return response;
  });
  return getEntries;
}

async function learn({ fetch }: ClientBench): Promise<void> {
  await fetch(url('/alone'));
  await Promise.all([1, 2, 3, 4, 5].map((n) => fetch(url(`/${String(n)}`))));
  await drained();
}

describe('the auto window', () => {
  it.each([
    ['h2', 0],
    ['h3', 0],
    ['http/1.1', 1],
  ])('learns from how the endpoint is reached: %s', async (protocol, expected) => {
    const bench = aClient({ window: 'auto' });
    const getEntries = reachedBy(protocol);
    await learn(bench);
    const before = bench.batches().length;

    await Promise.all([bench.fetch(url('/a')), bench.fetch(url('/b'))]);

    expect(getEntries).toHaveBeenCalledWith(endpoint, 'resource');
    expect(bench.batches().length - before).toBe(expected);
  });

  it('is the only one that asks', async () => {
    const bench = aClient({ window: 'microtask' });
    const getEntries = reachedBy('h2');

    await learn(bench);

    expect(getEntries).not.toHaveBeenCalled();
  });
});
