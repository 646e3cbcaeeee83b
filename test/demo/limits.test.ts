import { describe, expect, it } from 'vitest';
import { seededUuid } from '../../demo/server/resources/ids.ts';
import { aDemoServer } from '../support/a-demo-server.ts';

interface Part {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const aBatch = (count: number) => ({
  requests: Array.from({ length: count }, (_, index) => ({
    id: String(index),
    method: 'GET',
    url: `/api/notes/${String(index)}`,
  })),
});

const aChild = (number: number): string => seededUuid('child', number);

/** Three items for a batch of resources, with these members and values. */
const items = (...members: readonly unknown[]) =>
  ['a', 'b', 'c'].map((request_id) => {
    const pairs = members.flatMap((name, at) => (at % 2 ? [] : [[name, members[at + 1]]]));
    return { request_id, ...(Object.fromEntries(pairs) as object) };
  });

const partsOf = async (response: Response): Promise<readonly Part[]> =>
  ((await response.json()) as { responses: Part[] }).responses;

describe('the limit of items', () => {
  it('is told with each answer', async () => {
    const server = aDemoServer({ ITEM_LIMIT: 10 });

    await server.ask('/api/notes');
    const { headers } = await server.ask('/api/notes');

    expect(headers.get('ratelimit-policy')).toBe('"items";q=10;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"items";r=8;t=(?:[1-5]?\d|60)$/);
  });

  it('one too many is 429 that says when to try again; others may go on', async () => {
    const server = aDemoServer({ ITEM_LIMIT: 2 });
    for (let i = 0; i < 2; i++) expect((await server.ask('/api/notes')).status).toBe(200);

    const refused = await server.ask('/api/notes');
    const other = await server.ask('/api/notes', { as: 'bob' });

    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit')).toContain('r=0');
    expect(await refused.json()).toMatchObject({
      status: 429,
      detail: expect.stringMatching(/^There are 2 items in 60 s\. Try again in \d+ s\.$/),
    });
    expect(other.status).toBe(200);
  });

  it('counts the items of a batch, and refuses those that are too many alone', async () => {
    const server = aDemoServer({ ITEM_LIMIT: 3 });

    const parts = await partsOf(await server.send('POST', '/batch', aBatch(5)));

    const refused = parts.filter(({ status }) => status === 429);
    expect(parts).toHaveLength(5);
    expect(refused).toHaveLength(2);
    for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });

  it.each([
    ['/api/v1/batch/get', { resource_type: 'widgets', ids: ['1', '2', '3'] }],
    ['/api/v1/batch/activities/recommendations', { child_ids: [1, 2, 3].map(aChild) }],
    ['/api/v1/batch/create', { resource_type: 'groups', items: items('data', {}) }],
    [
      '/api/v1/batch/update',
      { resource_type: 'children', items: items('id', aChild(1), 'data', {}) },
    ],
    ['/api/v1/batch/delete', { resource_type: 'children', items: items('id', aChild(1)) }],
    ['/api/charges/batch', { items: items('id', 'C-1', 'action', 'release') }],
    ['/api/quotes/batch', { symbols: ['AAPL', 'MSFT', 'NVDA'] }],
    ['/api/fundamentals/batch', { symbols: ['AAPL', 'MSFT', 'NVDA'] }],
    ['/api/history/batch', { symbols: ['AAPL', 'MSFT', 'NVDA'] }],
    ['/api/news/batch', { symbols: ['AAPL', 'MSFT', 'NVDA'] }],
  ])('counts each of the three that POST %s is for', async (path, body) => {
    const server = aDemoServer({ ITEM_LIMIT: 5 });

    const first = await server.send('POST', path, body);
    const second = await server.send('POST', path, body);

    expect(first.status).toBe(200);
    expect(first.headers.get('ratelimit')).toContain('r=2;');
    expect(second.status).toBe(429);
    expect(second.headers.get('ratelimit')).toContain('r=0;');
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is told in a metric', async () => {
    const server = aDemoServer({ ITEM_LIMIT: 1 });
    await server.ask('/api/notes');
    await server.ask('/api/notes');

    const metrics = await (await server.ask('/metrics', { as: null })).text();

    expect(metrics).toContain('rate_limited_total{limit="items"} 1');
  });
});

describe('the limit of batches', () => {
  it('is stricter: one too many is 429 as a whole', async () => {
    const server = aDemoServer({ BATCH_LIMIT: 1 });
    expect((await server.send('POST', '/batch', aBatch(1))).status).toBe(200);

    const refused = await server.send('POST', '/batch', aBatch(1));
    const single = await server.ask('/api/notes');
    const other = await server.send('POST', '/batch', aBatch(1), { as: 'bob' });

    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit-policy')).toBe('"batches";q=1;w=60');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(single.status).toBe(200);
    expect(other.status).toBe(200);
  });
});
