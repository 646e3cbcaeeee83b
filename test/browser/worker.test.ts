import { expect, test } from 'vitest';
import { createBatchEndpoint } from './support/batch-endpoint.ts';

test('a dedicated worker’s calls share a batch', async () => {
  const { endpoint, seen } = createBatchEndpoint();
  const worker = new Worker(new URL('./support/worker.ts', import.meta.url), { type: 'module' });
  const urls = ['/t/echo/1', '/t/echo/2', new URL('/t/echo/3', location.href).href];

  const said = new Promise<MessageEvent>((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = reject;
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's has none
  worker.postMessage({ endpoint, urls });
  const { data } = (await said) as MessageEvent<unknown>;
  worker.terminate();

  const answers = urls.map((url) => {
    const { href, pathname } = new URL(url, location.href);
    return { status: 200, url: href, type: 'basic', body: { url: pathname } };
  });
  expect(data).toMatchObject({ answers, stats: { bypassed: 0, single: 0 } });
  expect(await seen()).toMatchObject({ batches: 1, items: 3 });
});
