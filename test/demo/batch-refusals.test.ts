import { describe, expect, it, vi } from 'vitest';
import { aBatchOf } from '../support/a-batch-of.ts';
import { aDemoServer } from '../support/a-demo-server.ts';

const widget = (id: number) => ({ id: String(id), method: 'GET', url: `/api/widgets/${id}` });
const widgets = (count: number) => Array.from({ length: count }, (_, index) => widget(index + 1));

/** A batch of that many bytes. */
function ofBytes(bytes: number): string {
  const [head, tail] = [
    '{"requests":[{"id":"a","method":"GET","url":"/api/widgets/1","x":"',
    '"}]}',
  ];
  return head + 'x'.repeat(bytes - head.length - tail.length) + tail;
}

const post = (body: string, type = 'application/json', more: Record<string, string> = {}) =>
  aDemoServer().ask('/batch', {
    method: 'POST',
    headers: { 'content-type': type, ...more },
    body,
  });

describe('POST /batch', () => {
  it('takes 100 items', async () => {
    const { responses } = await aBatchOf(aDemoServer(), widgets(100));

    expect(responses.filter(({ status }) => status === 200)).toHaveLength(100);
  });

  it('takes 1 MiB', async () => {
    const response = await post(ofBytes(1_048_576));

    expect(await response.json()).toMatchObject({ responses: [{ status: 200 }] });
  });

  it.each<[string, string, string, number, string]>([
    ['101 items', JSON.stringify({ requests: widgets(101) }), 'application/json', 413, '100'],
    ['a byte more than 1 MiB', ofBytes(1_048_577), 'application/json', 413, '1048576'],
    ['no JSON', '{"requests":[', 'application/json', 400, 'JSON'],
    ['no list', '{"requests":{}}', 'application/json', 400, '#/requests'],
    [
      'an id that comes twice',
      JSON.stringify({ requests: [widget(1), widget(1)] }),
      'application/json',
      400,
      '#/requests/1/id',
    ],
    [
      'an item without a URL',
      '{"requests":[{"id":"a","method":"GET"}]}',
      'application/json',
      400,
      '#/requests/0/url',
    ],
    ['a body of another type', '{"requests":[]}', 'text/plain', 415, 'text/plain'],
  ])('%s is refused as a whole, and says so', async (_, body, type, status, detail) => {
    const response = await post(body, type);

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining(detail) });
  });

  it.each(['GET', 'PUT', 'DELETE'])('is 405 with %s', async (method) => {
    const response = await aDemoServer().ask('/batch', { method });

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toContain('POST');
  });

  it('is 403 from the page of another site', async () => {
    const response = await post('{"requests":[]}', 'application/json', {
      'sec-fetch-site': 'cross-site',
      origin: 'https://elsewhere.test',
    });

    expect(response.status).toBe(403);
  });

  it('runs 20 items at once, and no more', async () => {
    const server = aDemoServer();
    const { items } = server.services.limiters;
    const { spend } = items;
    const open = Promise.withResolvers<void>();
    let [inside, most] = [0, 0];
    // Every item comes past its user's limit.
    vi.spyOn(items, 'spend').mockImplementation(async (...args) => {
      most = Math.max(most, ++inside);
      // A 21st that was to be let in had come by the next turn.
      if (inside === 20) setImmediate(open.resolve);
      await open.promise;
      inside--;
      return spend(...args);
    });

    await aBatchOf(server, widgets(50));

    expect(most).toBe(20);
  });
});

describe('the response cache of its items', () => {
  it('keeps nothing longer than 120 s', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const server = aDemoServer();
    const hits = async () =>
      (await aBatchOf(server, ['/api/widgets/1?maxAge=3600'])).stats['cacheHits'];
    await hits();

    vi.advanceTimersByTime(119_999);
    const before = await hits();
    vi.advanceTimersByTime(1);
    const after = await hits();

    vi.useRealTimers();
    expect([before, after]).toEqual([1, 0]);
  });

  it('has room for 2,000', async () => {
    const server = aDemoServer();
    const keep = async (from: number, to: number) => {
      const urls = Array.from(
        { length: to - from },
        (_, n) => `/api/widgets/${from + n}?maxAge=60`,
      );
      return (await aBatchOf(server, urls)).stats['cacheHits'];
    };
    for (let first = 1; first <= 2000; first += 100) await keep(first, first + 100);
    expect(await keep(2, 3)).toBe(1);

    await keep(2001, 2002);

    expect(await keep(2, 3)).toBe(1);
    expect(await keep(1, 2)).toBe(0);
  });
});
