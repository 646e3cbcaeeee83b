import { describe, expect, test } from 'vitest';
import { createCarpool } from '../../src/index.ts';
import { createBatchEndpoint } from './support/batch-endpoint.ts';
import { createGate } from './support/gate.ts';

/** A component that knows nothing of others, and asks for its data when it gets round to it. */
async function component(fetch: typeof globalThis.fetch, n: number): Promise<unknown> {
  for (let i = 0; i <= n % 5; i++) await Promise.resolve();
  const response = await fetch(`/t/echo/widgets/${String(n)}`);
  return response.json();
}

const sixty = Array.from({ length: 60 }, (_, n) => n);

describe('what one task asks for', () => {
  test('sixty components that each await a resolved promise first share one batch', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const carpool = createCarpool({ endpoint, maxItems: 100 });

    const answers = await Promise.all(sixty.map((n) => component(carpool.fetch, n)));

    const urls = sixty.map((n) => ({ url: `/t/echo/widgets/${String(n)}` }));
    expect(answers).toMatchObject(urls);
    expect(await seen()).toEqual({ batches: 1, items: 60, mostOpen: 1 });
    expect(carpool.stats()).toMatchObject({ single: 0, bypassed: 0 });
  });

  test('a batch is cut where it has `maxItems`', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const carpool = createCarpool({ endpoint });

    await Promise.all(sixty.map((n) => component(carpool.fetch, n)));

    expect(await seen()).toMatchObject({ batches: 2, items: 60 });
  });

  test('components that ask when a batch is under way travel in the next', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const carpool = createCarpool({ endpoint });
    const { url, arrived, open } = createGate();
    const ask = (first: number): Promise<unknown> =>
      Promise.all([first, first + 1].map((n) => component(carpool.fetch, n)));

    const early = [carpool.fetch(url), ask(1)];
    await arrived();
    await ask(3);
    await open();
    await Promise.all(early);

    expect(await seen()).toEqual({ batches: 2, items: 5, mostOpen: 2 });
  });

  test('components that ask in the same task twice share a flight', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const carpool = createCarpool({ endpoint });

    const answers = await Promise.all([...sixty, ...sixty].map((n) => component(carpool.fetch, n)));

    expect(answers.slice(60)).toEqual(answers.slice(0, 60));
    expect(await seen()).toMatchObject({ items: 60 });
    expect(carpool.stats().deduplicated).toBe(60);
  });
});

describe('a streamed answer', () => {
  test('renders fifty-nine parts while the sixtieth is still at its endpoint', async () => {
    const { endpoint, seen } = createBatchEndpoint();
    const carpool = createCarpool({ endpoint, maxItems: 60 });
    const { url, open } = createGate();
    const list = document.createElement('ul');
    const render = async (response: Promise<Response>): Promise<void> => {
      const item = document.createElement('li');
      item.textContent = await (await response).text();
      list.append(item);
    };

    const slow = render(carpool.fetch(url));
    await Promise.all(sixty.slice(1).map((n) => render(carpool.fetch(`/t/echo/${String(n)}`))));

    expect(list.children).toHaveLength(59);
    expect(await seen()).toEqual({ batches: 1, items: 60, mostOpen: 1 });
    await open();
    await slow;
    expect(list.lastElementChild?.textContent).toBe('{"gate":"open"}');
  });
});
