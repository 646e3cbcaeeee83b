import { describe, expect, it } from 'vitest';
import { to } from '../support/a-transport.ts';
import { aTimedTransport } from '../support/a-timed-transport.ts';
import { drained } from '../support/drained.ts';
import { line } from '../support/fake-network.ts';
import { deliveryOf } from '../../src/transport/delivery.ts';

const two = [to('/a'), to('/b')];
const patient = { idleTimeoutMs: false } as const;
const stats = (durationMs: number, averageMs: number): string =>
  `${JSON.stringify({ stats: { durationMs, averageMs } })}\n`;

describe('how an answer came', () => {
  it.each<[string, number, number, number, 'together' | 'streamed']>([
    ['apart, as they were made', 1000, 200, 790, 'streamed'],
    ['at once, though most were ready long before', 1000, 200, 0, 'together'],
    ['almost at once', 1000, 200, 50, 'together'],
    ['not quite at once', 1000, 200, 160, 'streamed'],
    ['at once, as they were ready', 1000, 1000, 0, 'streamed'],
    ['at once, being quick', 300, 100, 0, 'streamed'],
    ['at once, being less quick', 600, 100, 0, 'together'],
    ['at once, being slow', 30_000, 10_000, 0, 'together'],
  ])('its parts %s', async (_, durationMs, averageMs, spreadMs, expected) => {
    const { clock, end, ended, events, write } = await aTimedTransport(two, patient);
    await clock.advance(durationMs - spreadMs);
    write(line('0', 200));
    await drained();
    await clock.advance(spreadMs);
    write(line('1', 200) + stats(durationMs, averageMs));
    end();
    await ended;

    expect(events[0]?.delivery).toBe(expected);
  });

  it('is not judged by a page that was busy while it came', async () => {
    const { clock, end, ended, events, write } = await aTimedTransport(two, patient);
    await clock.advance(100);
    clock.block(900);
    // Timers may come before what is to be read.
    await clock.advance(0);
    write(line('0', 200) + line('1', 200) + stats(1000, 200));
    end();
    await ended;

    expect(events[0]?.delivery).toBe('streamed');
  });

  it('is judged by a page that was busy before', async () => {
    const { clock, end, ended, events, write } = await aTimedTransport(two, patient);
    clock.block(700);
    await clock.advance(300);
    write(line('0', 200) + line('1', 200) + stats(1000, 200));
    end();
    await ended;

    expect(events[0]?.delivery).toBe('together');
  });

  it('is a stream where a heartbeat has come', async () => {
    const { clock, end, ended, events, write } = await aTimedTransport(two);
    await clock.advance(500);
    write('\n');
    await clock.advance(500);
    write(line('0', 200) + line('1', 200) + stats(1000, 200));
    end();
    await ended;

    expect(events[0]?.delivery).toBe('streamed');
  });

  it('does not count when the statistics came', async () => {
    const { clock, end, ended, events, write } = await aTimedTransport(two);
    await clock.advance(900);
    write(line('0', 200) + line('1', 200));
    await clock.advance(900);
    write(stats(1000, 200));
    end();
    await ended;

    expect(events[0]?.delivery).toBe('together');
  });

  it('does not count what nobody asked for', async () => {
    const { clock, end, ended, events, write } = await aTimedTransport(two);
    await clock.advance(900);
    write(line('0', 200) + line('1', 200));
    await clock.advance(900);
    write(line('9', 200) + stats(1000, 200));
    end();
    await ended;

    expect(events[0]).toMatchObject({ delivery: 'together', strays: 1 });
  });

  it('says nothing of a single part, which always comes at once', () => {
    expect(deliveryOf({ durationMs: 1000, averageMs: 10 }, 1, 0)).toBe('streamed');
  });

  it('suspects nobody whose server doesn’t say how long it took', () => {
    expect(deliveryOf({}, 9, 0)).toBe('streamed');
    expect(deliveryOf({ durationMs: 1000 }, 9, 0)).toBe('streamed');
    expect(deliveryOf({ averageMs: 1000 }, 9, 0)).toBe('streamed');
  });

  it('is in one piece where it is JSON', async () => {
    const { end, ended, events, write } = await aTimedTransport(two, {
      respond: ({ body }) =>
        new Response(body, { headers: { 'content-type': 'application/json' } }),
    });
    write(
      '{"responses":[{"id":"0","status":200},{"id":"1","status":200}],"stats":{"durationMs":9}}',
    );
    end();
    await ended;

    expect(events[0]?.delivery).toBe('buffered');
  });

  it('is not told where it was cut, or was an answer to all', async () => {
    const cut = await aTimedTransport(two);
    cut.write(line('0', 200));
    cut.end();
    const refused = await aTimedTransport(two, {
      respond: ({ body }) => new Response(body, { status: 503 }),
    });
    refused.end();
    await Promise.all([cut.ended, refused.ended]);

    expect([cut.events[0]?.delivery, refused.events[0]?.delivery]).toEqual([undefined, undefined]);
  });
});

describe('what is asked for', () => {
  it('is a stream, or JSON if it must be', async () => {
    const { requests } = await aTimedTransport(two);

    expect(requests[0]?.headers.get('accept')).toBe('application/x-ndjson, application/json;q=0.5');
  });

  it('is JSON alone where streams are held back', async () => {
    const { requests } = await aTimedTransport(two, { isBuffered: true });

    expect(requests[0]?.headers.get('accept')).toBe('application/json');
  });
});
