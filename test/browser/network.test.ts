import { expect, test } from 'vitest';
import { createCarpool } from '../../src/index.ts';
import { createBatchEndpoint } from './support/batch-endpoint.ts';

/** Resolves when the browser has entered a request for `url` into its timing. */
const entered = (url: string): Promise<PerformanceEntry> =>
  new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      const entry = list.getEntriesByName(url)[0];
      if (!entry) return;
      observer.disconnect();
      resolve(entry);
    });
    observer.observe({ type: 'resource' });
  });

test('resource timing has the batch, and not the calls in it', async () => {
  const { endpoint } = createBatchEndpoint();
  const carpool = createCarpool({ endpoint });
  const urls = [1, 2].map((n) => `${location.origin}/t/echo/timed/${String(n)}`);
  performance.clearResourceTimings();

  const entry = entered(location.origin + endpoint);
  await Promise.all(urls.map((url) => carpool.fetch(url)));

  expect(await entry).toMatchObject({ initiatorType: 'fetch', responseStatus: 200 });
  expect(urls.flatMap((url) => performance.getEntriesByName(url))).toEqual([]);
});
