import { describe, expect, it } from 'vitest';
import { aTransport, endpoint, line, ndjson, statsLine, to } from '../support/a-transport.ts';
import { streamedAnswer } from '../support/fake-network.ts';

describe('the batch event', () => {
  it('tells what was sent, what came, and how long it took', async () => {
    const text = `${line('0', 200, 1)}\n{"stats":{}}\n`;
    const { events, ride, sent } = aTransport(() => ndjson(text));

    await ride([to('/a')], { id: 'b9' });

    // The clock ticks by 10 whenever it is read: at the start, for the look-out, at the first part, at the end.
    expect(events).toEqual([
      {
        id: 'b9',
        endpoint,
        items: 1,
        answered: 1,
        status: 200,
        bytesUp: sent[0]?.bytes.length,
        bytesDown: text.length,
        firstPartMs: 30,
        delivery: 'streamed',
        durationMs: 40,
        strays: 0,
        droppedSetCookie: [],
      },
    ]);
  });

  it('tells of one batch once, and of none before it has ended', async () => {
    const answer = streamedAnswer();
    const { events, start } = aTransport(() => answer.response);
    const parts = start([to('/a'), to('/b')]);

    const first = parts.next();
    answer.write(line('0', 200, 'a'));
    await first;
    expect(events).toEqual([]);
    answer.write(line('1', 200, 'b') + statsLine);
    answer.end();
    await parts.next();
    await parts.next();

    expect(events).toHaveLength(1);
  });

  it('has no time to the first part where there was none', async () => {
    const { events, ride } = aTransport(() => ndjson('\n'));

    await ride([to('/a')]);

    expect(events[0]).toMatchObject({ answered: 0, error: { code: 'missing-part' } });
    expect(events[0]?.firstPartMs).toBeUndefined();
  });

  it('names the calls whose cookies could not be set', async () => {
    const { events, ride } = aTransport(() =>
      ndjson(`${line('0', 200)}${line('1', 200)}{"stats":{"droppedSetCookie":["1","unknown"]}}\n`),
    );

    await ride([to('/a'), to('/b')]);

    expect(events[0]?.droppedSetCookie).toEqual(['https://app.test/b']);
  });

  it.each(['"1"', '1', 'null', '{}', '[1]'])(
    'is not upset by statistics that make no sense: %s',
    async (value) => {
      const { events, ride } = aTransport(() =>
        ndjson(`${line('0', 200)}{"stats":{"droppedSetCookie":${value}}}\n`),
      );

      const { error } = await ride([to('/a')]);

      expect(error).toBeUndefined();
      expect(events[0]?.error).toBeUndefined();
      expect(events[0]?.droppedSetCookie).toEqual([]);
    },
  );
});
