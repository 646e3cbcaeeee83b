import { afterEach, describe, expect, it, vi } from 'vitest';
import { aClient, url } from '../support/a-client.ts';
import { drained } from '../support/drained.ts';
import { echo, type Item } from '../support/fake-network.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const pathsOf = (items: readonly Item[] | null | undefined): string[] =>
  (items ?? []).map(({ method, url: path }) => `${method} ${path}`);

describe('reading one’s own writes', () => {
  it('a GET does not join one from before a write', async () => {
    const { batches, fetch } = aClient();

    await Promise.all([
      fetch(url('/a')),
      fetch(url('/a')),
      fetch(url('/a'), { method: 'POST', body: 'x' }),
      fetch(url('/a')),
    ]);

    expect(pathsOf(batches()[0]?.items)).toEqual(['GET /a', 'POST /a', 'GET /a']);
  });

  it.each([
    ['rides', {}],
    ['goes past', { keepalive: true }],
    ['has a body to be read first', { body: new Blob(['x'], { type: 'text/plain' }) }],
  ])('holds where the write %s', async (_, init) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { carpool, fetch } = aClient({ batchSingle: true }, (seen) =>
      promise.then(() => echo(seen)),
    );
    const before = fetch(url('/a'));

    const write = fetch(url('/a'), { method: 'PUT', ...init });
    const after = fetch(url('/a'));
    await drained();
    resolve();
    await Promise.all([before, write, after]);

    expect(carpool.stats().deduplicated).toBe(0);
  });

  it.each([
    ['succeeded', 200],
    ['failed', null],
  ])('GETs share flights again once the write has %s', async (_, status) => {
    const { carpool, fetch } = aClient({}, (seen) =>
      status === null && seen.method === 'PUT'
        ? Promise.reject(new TypeError('Failed to fetch'))
        : echo(seen),
    );
    await fetch(url('/a'), { method: 'PUT' }).catch(() => {});

    await Promise.all([fetch(url('/a')), fetch(url('/a'))]);

    expect(carpool.stats().deduplicated).toBe(1);
  });
});

describe('duplicates', () => {
  it('are told apart by nothing that only a caller sees', async () => {
    const { fetch, seen } = aClient();

    const responses = await Promise.all([
      fetch(url('/a#one')),
      fetch(new URL(url('/a'))),
      fetch(new Request(url('/a'))),
      fetch(url('/a'), { method: 'get', signal: new AbortController().signal }),
    ]);

    expect(seen).toHaveLength(1);
    expect(await Promise.all(responses.map((response) => response.json()))).toEqual(
      responses.map(() => ({ native: '/a' })),
    );
  });

  it('are kept apart where the options ask for it', async () => {
    const { batches, fetch } = aClient({ dedupe: false });

    await Promise.all([fetch(url('/a')), fetch(url('/a'))]);

    expect(batches()[0]?.items).toHaveLength(2);
  });
});
