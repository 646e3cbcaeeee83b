import { describe, expect, it } from 'vitest';
import { aTransport, echoed, ndjson, told, to } from '../support/a-transport.ts';

const refuse = (): Response => new Response('too large', { status: 413 });

describe('a batch that is too large for the server', () => {
  it('is sent again in halves', async () => {
    const { ride, sent } = aTransport((one) =>
      one.items.length > 2 ? refuse() : ndjson(echoed(one)),
    );

    const outcome = await ride(['/a', '/b', '/c', '/d', '/e'].map((path) => to(path)));

    expect(outcome.error).toBeUndefined();
    expect(told(outcome)).toEqual([
      [0, '"/a"'],
      [1, '"/b"'],
      [2, '"/c"'],
      [3, '"/d"'],
      [4, '"/e"'],
    ]);
    expect(sent.map(({ items }) => items.length)).toEqual([5, 3, 2, 1, 2]);
  });

  it.each([0, 1, 2])(
    'fails none but the one call that is too large by itself: %s',
    async (which) => {
      const { ride } = aTransport((one) =>
        one.items.some(({ id }) => id === String(which)) ? refuse() : ndjson(echoed(one)),
      );

      const outcome = await ride([to('/a'), to('/b'), to('/c')]);

      expect(outcome.error).toBeUndefined();
      expect(told(outcome)).toEqual(
        ['"/a"', '"/b"', '"/c"'].map((text, id) => [
          id,
          id === which
            ? expect.objectContaining({ code: 'status', status: 413, batchId: 'b1' })
            : text,
        ]),
      );
    },
  );

  it('is given up when its callers have gone', async () => {
    const controller = new AbortController();
    const { ride, sent } = aTransport(() => {
      controller.abort();
      return refuse();
    });

    await ride([to('/a'), to('/b')], { signal: controller.signal });

    expect(sent).toHaveLength(1);
  });

  it('is one batch in what events tell', async () => {
    const { events, ride, sent } = aTransport((one) =>
      one.items.length > 1 ? refuse() : ndjson(echoed(one)),
    );

    await ride([to('/a'), to('/b')]);

    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ items: 2, answered: 2, status: 200 });
    expect(events[0]?.error).toBeUndefined();
    expect(events[0]?.bytesUp).toBe(sent.reduce((sum, { bytes }) => sum + bytes.length, 0));
  });
});
