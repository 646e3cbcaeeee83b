import { describe, expect, it } from 'vitest';
import { aTransport, told, to } from '../support/a-transport.ts';

const json = (text: string, type = 'application/json'): Response =>
  new Response(text, { headers: { 'content-type': type } });

describe('a buffered answer', () => {
  it('is read, in whatever order', async () => {
    const { ride } = aTransport(() =>
      json(
        '{"responses":[{"id":"1","status":200,"body":"b"},{"id":"0","status":200,"body":"a"}]}',
        'application/json; odata.metadata=minimal',
      ),
    );

    const outcome = await ride([to('/a'), to('/b')]);

    expect(told(outcome)).toEqual([
      [1, 'b'],
      [0, 'a'],
    ]);
    expect(outcome.error).toBeUndefined();
  });

  it('that lacks a part fails as `missing-part`', async () => {
    const { ride } = aTransport(() => json('{"responses":[{"id":"1","status":200}]}'));

    const { parts, error } = await ride([to('/a'), to('/b')]);

    expect(parts.map(({ id }) => id)).toEqual([1]);
    expect(error).toMatchObject({ code: 'missing-part' });
  });

  it.each(['{"error":"unknown"}', '{"responses":[{"id":"0","status":200}', 'null', ''])(
    'that is no batch response fails as a protocol error: %s',
    async (text) => {
      const { ride } = aTransport(() => json(text));

      const { parts, error } = await ride([to('/a')]);

      expect(parts).toEqual([]);
      expect(error).toMatchObject({ code: 'protocol' });
      expect((error as Error).message).toContain('not a batch response');
    },
  );

  it('counts its strays and its bytes', async () => {
    const text = '{"responses":[{"id":"9","status":200},{"id":"0","status":200}]}';
    const { events, ride } = aTransport(() => json(text));

    await ride([to('/a')]);

    expect(events[0]).toMatchObject({ strays: 1, bytesDown: text.length });
  });
});
