import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCarpool } from '../src/index.ts';
import { endpoint, fakeNetwork, line, statsLine, streamedAnswer } from './support/fake-network.ts';

const url = (path: string): string => `https://app.test${path}`;

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('carpool.fetch', () => {
  it('sends what one task and its microtasks ask for as one batch', async () => {
    const { seen } = fakeNetwork();
    const carpool = createCarpool({ endpoint });
    const widget = async (n: number): Promise<unknown> => {
      for (let i = 0; i < n % 7; i++) await null;
      const response = await carpool.fetch(url(`/api/${String(n)}`));
      return response.json();
    };

    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => widget(n)));

    expect(answers).toEqual(Array.from({ length: 40 }, (_, n) => ({ path: `/api/${String(n)}` })));
    expect(seen).toHaveLength(1);
  });

  it('sends a lone call as a plain native fetch', async () => {
    const { seen } = fakeNetwork();
    const carpool = createCarpool({ endpoint });

    const response = await carpool.fetch(url('/api/1'));

    expect(await response.json()).toEqual({ native: '/api/1' });
    expect(seen.map(({ url }) => url)).toEqual([url('/api/1')]);
    expect(carpool.stats()).toMatchObject({ calls: 1, single: 1, batches: 0 });
  });

  it('sends a lone call as a batch where `batchSingle` asks for it', async () => {
    const { batches } = fakeNetwork();
    const carpool = createCarpool({ endpoint, batchSingle: true });

    const response = await carpool.fetch(url('/api/1'));

    expect(await response.json()).toEqual({ path: '/api/1' });
    expect(batches()).toHaveLength(1);
  });

  it('settles each caller when its own line has arrived', async () => {
    const answer = streamedAnswer();
    fakeNetwork(() => answer.response);
    const carpool = createCarpool({ endpoint });
    const slow = carpool.fetch(url('/slow'));
    const fast = carpool.fetch(url('/fast'));

    answer.write(line('1', 200, { n: 1 }));
    const first = await Promise.race([slow.then(() => 'slow'), fast.then(() => 'fast')]);

    expect(first).toBe('fast');
    answer.write(line('0', 200, { n: 0 }) + statsLine);
    answer.end();
    expect(await (await slow).json()).toEqual({ n: 0 });
  });

  it('hands JSON on as the bytes the endpoint wrote', async () => {
    const body = '{"big":90071992547409931234,"f":1.10}';
    fakeNetwork(
      () =>
        new Response(
          `{"id":"0","status":200,"headers":{"content-type":"application/json"},"body":${body}}\n` +
            line('1', 200, 1) +
            statsLine,
          { headers: { 'content-type': 'application/x-ndjson' } },
        ),
    );
    const carpool = createCarpool({ endpoint });

    const [response] = await Promise.all([carpool.fetch(url('/a')), carpool.fetch(url('/b'))]);

    expect(await response.text()).toBe(body);
  });

  it('carries request bodies as the text the caller gave', async () => {
    const { batches } = fakeNetwork();
    const carpool = createCarpool({ endpoint });
    const body = '{"id":12345678901234567890}';
    const headers = { 'content-type': 'application/json' };

    await Promise.all([
      carpool.fetch(url('/a'), { method: 'POST', body, headers }),
      carpool.fetch(url('/b')),
    ]);

    expect(batches()[0]?.body).toContain(`"body":${body}}`);
  });

  it('lets duplicates share a flight, each with its own response', async () => {
    const { seen } = fakeNetwork();
    const carpool = createCarpool({ endpoint });

    const responses = await Promise.all(
      [1, 1, 2, 1].map((n) => carpool.fetch(url(`/api/${String(n)}`))),
    );

    expect(await Promise.all(responses.map((response) => response.json()))).toEqual([
      { path: '/api/1' },
      { path: '/api/1' },
      { path: '/api/2' },
      { path: '/api/1' },
    ]);
    expect(seen[0]?.items).toHaveLength(2);
    expect(carpool.stats().deduplicated).toBe(2);
  });

  it('keeps a window open for bodies that are being read, so that calls of ky share a batch', async () => {
    const { seen } = fakeNetwork();
    const { api } = createCarpool({ endpoint });

    const answers = await Promise.all([
      api.get(url('/a')).json(),
      api.post(url('/b'), { json: { n: 1 } }).json(),
      api.get(url('/c')).json(),
    ]);

    expect(answers).toEqual([{ path: '/a' }, { path: '/b' }, { path: '/c' }]);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.items).toContainEqual({
      id: '2',
      method: 'POST',
      url: '/b',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: { n: 1 },
    });
  });
});
