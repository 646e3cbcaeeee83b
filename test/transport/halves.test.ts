import { describe, expect, it } from 'vitest';
import { aTransport, echoed, line, ndjson, told, to, type Sent } from '../support/a-transport.ts';

const refuse = (): Response => new Response('too large', { status: 413 });
const urls = (sent: readonly Sent[]): string[][] =>
  sent.map(({ items }) => items.map(({ url }) => url));

const write = to('/w', { method: 'POST', headers: [['content-type', 'text/plain']], body: 'x' });

describe('halves of a batch that was too large', () => {
  it.each([
    ['the first', '/a', ['/a', '/b'], ['/c', '/w']],
    ['the second', '/c', ['/c', '/w'], ['/a', '/b']],
  ])('answer each its own, when %s loses its connection', async (_, lost, gone, kept) => {
    const { events, ride, sent } = aTransport((one) => {
      if (one.items.length > 2) return refuse();
      if (one.items.some(({ url }) => url === lost)) throw new TypeError('lost');
      return ndjson(echoed(one));
    });

    const outcome = await ride([to('/a'), to('/b'), to('/c'), write]);

    const paths = ['/a', '/b', '/c', '/w'];
    expect(outcome.error).toBeUndefined();
    expect(new Map(told(outcome))).toEqual(
      new Map(
        paths.map((path, id) => [
          id,
          kept.includes(path) ? `"${path}"` : expect.objectContaining({ code: 'network' }),
        ]),
      ),
    );
    // Each half once: what may have been carried out is not sent again.
    expect(urls(sent)).toEqual([paths, ['/a', '/b'], ['/c', '/w']]);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ items: 4, answered: 2, error: { code: 'network' } });
    expect(gone).toHaveLength(2);
  });

  it('fail only those that have no part when one is cut in its middle', async () => {
    const { ride, sent } = aTransport((one) => {
      if (one.items.length > 2) return refuse();
      const [first] = one.items;
      return first?.url === '/a' ? ndjson(line(first.id, 200, '/a')) : ndjson(echoed(one));
    });

    const outcome = await ride([to('/a'), write, to('/c'), to('/d')]);

    expect(told(outcome)).toEqual([
      [0, '"/a"'],
      [1, expect.objectContaining({ code: 'missing-part' })],
      [2, '"/c"'],
      [3, '"/d"'],
    ]);
    expect(sent).toHaveLength(3);
  });

  it('answer each of one with the status that the whole of it has', async () => {
    const { ride } = aTransport((one) => {
      if (one.items.length > 2) return refuse();
      return one.items[0]?.url === '/a'
        ? new Response('busy', { status: 503 })
        : ndjson(echoed(one));
    });

    const { error, parts } = await ride([to('/a'), to('/b'), to('/c'), to('/d')]);

    expect(error).toBeUndefined();
    expect(parts.map(({ id, reply }) => [id, reply?.status])).toEqual([
      [0, 503],
      [1, 503],
      [2, 200],
      [3, 200],
    ]);
  });
});
