import { afterEach, describe, expect, test, vi } from 'vitest';
import { createCarpool } from '../../src/index.ts';
import { createBatchEndpoint } from './support/batch-endpoint.ts';
import { nativeFetch } from './support/native-fetch.ts';

const original = globalThis.fetch;

afterEach(() => {
  globalThis.fetch = original;
});

/** Another library that puts itself over `fetch`, and counts. */
function wrapFetch(): { readonly urls: string[]; readonly unwrap: () => void } {
  const below = globalThis.fetch;
  const urls: string[] = [];
  globalThis.fetch = (input, init) => {
    urls.push(new Request(input instanceof Request ? input.clone() : input).url);
    return below(input, init);
  };
  return {
    urls,
    unwrap: () => {
      globalThis.fetch = below;
    },
  };
}

const twice = async (): Promise<unknown[]> => {
  const responses = await Promise.all([fetch('/t/echo/1'), fetch('/t/echo/2')]);
  return Promise.all(responses.map(async (response) => ((await response.json()) as Echo).url));
};
interface Echo {
  readonly url: string;
}
const both = ['/t/echo/1', '/t/echo/2'];

describe('install', () => {
  test('lets the page’s own fetch calls ride, and takes itself away', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const uninstall = createCarpool({ endpoint }).install();

    const answers = await twice();
    uninstall();

    expect(answers).toEqual(both);
    expect(await seen()).toMatchObject({ batches: 1, items: 2 });
    expect(globalThis.fetch).toBe(original);
  });

  test('over another’s wrapper: that sees the batches', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const below = wrapFetch();
    const uninstall = createCarpool({ endpoint }).install();

    const answers = await twice();
    uninstall();
    below.unwrap();

    expect(answers).toEqual(both);
    expect(below.urls).toEqual([new URL(endpoint, location.href).href]);
    expect(await seen()).toMatchObject({ batches: 1, items: 2 });
  });

  test('under another’s wrapper: that sees the calls', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const uninstall = createCarpool({ endpoint }).install();
    const above = wrapFetch();

    const answers = await twice();

    expect(answers).toEqual(both);
    expect(above.urls).toEqual(both.map((path) => location.origin + path));
    expect(await seen()).toMatchObject({ batches: 1, items: 2 });
    uninstall();
    expect(await twice()).toEqual(both);
    expect(await seen()).toMatchObject({ batches: 1 });
    above.unwrap();
    expect(globalThis.fetch).not.toBe(original);
  });

  test('of two clients: the calls ride with the upper one, and its batches don’t ride', async () => {
    const [lower, upper] = [createBatchEndpoint(), createBatchEndpoint()];
    const uninstallLower = createCarpool({ endpoint: lower.endpoint }).install();
    const uninstallUpper = createCarpool({ endpoint: upper.endpoint }).install();

    await twice();
    const seen = [await lower.seen(), await upper.seen()];

    expect(seen).toMatchObject([{ batches: 0 }, { batches: 1, items: 2 }]);
    uninstallLower();
    await twice();
    expect(await upper.seen()).toMatchObject({ batches: 2 });
    uninstallUpper();
    expect(globalThis.fetch).toBe(original);
  });

  test('does not matter to calls that the client can’t carry', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const carpool = createCarpool({ endpoint });
    const uninstall = carpool.install();

    const [data, form] = await Promise.all([
      fetch('data:text/plain,hello'),
      fetch('/t/echo', { method: 'POST', body: new FormData() }),
    ]);
    uninstall();

    expect(await data.text()).toBe('hello');
    expect(form.status).toBe(200);
    expect(await seen()).toMatchObject({ batches: 0 });
    expect(carpool.stats().bypassReasons).toEqual({ origin: 1, body: 1 });
  });

  test('finds `fetch` when it is called, not when the client is created', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const { fetch } = createCarpool({ endpoint });
    const later = vi.fn<typeof fetch>(nativeFetch);

    globalThis.fetch = later;
    await Promise.all([fetch('/t/echo/1'), fetch('/t/echo/2')]);

    expect(later).toHaveBeenCalledTimes(1);
    expect(await seen()).toMatchObject({ batches: 1 });
  });
});
