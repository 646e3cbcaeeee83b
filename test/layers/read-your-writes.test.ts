import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDedupe, type Dedupe } from '../../src/layers/dedupe.ts';
import { onTop, type LayerBench } from '../support/a-layer.ts';
import { aReply } from '../support/calls.ts';
import { drained } from '../support/drained.ts';

function aDedupe(): LayerBench & Pick<Dedupe, 'beginWrite'> {
  const { layer, beginWrite } = createDedupe(() => {});
  return { ...onTop(layer), beginWrite };
}

describe('a GET made after a write began', () => {
  it('does not join a flight from before it', () => {
    const { ask, beginWrite, flights } = aDedupe();
    void ask();

    beginWrite();
    void ask();

    expect(flights).toHaveLength(2);
  });

  it('does not join a flight from before it, even when it has ended', () => {
    const { ask, beginWrite, flights } = aDedupe();
    void ask();

    beginWrite()();
    void ask();

    expect(flights).toHaveLength(2);
  });

  it('does not join a flight from while it was under way', () => {
    const { ask, beginWrite, flights } = aDedupe();
    const end = beginWrite();
    void ask();

    void ask();
    end();
    void ask();

    expect(flights).toHaveLength(3);
  });

  it('joins a flight from after it', () => {
    const { ask, beginWrite, flights } = aDedupe();
    beginWrite()();

    void ask();
    void ask();

    expect(flights).toHaveLength(1);
  });

  it('waits for the last of several writes', () => {
    const { ask, beginWrite, flights } = aDedupe();
    const [one, two] = [beginWrite(), beginWrite()];
    one();
    void ask();
    two();

    void ask();
    void ask();

    expect(flights).toHaveLength(2);
  });

  it('leaves the earlier flight to those who wait for it', async () => {
    const { ask, beginWrite, flights } = aDedupe();
    const before = ask();
    beginWrite()();
    const after = ask();

    flights[0]?.land(aReply({ status: 201 }));
    flights[1]?.land(aReply({ status: 202 }));

    expect([(await before).status, (await after).status]).toEqual([201, 202]);
  });

  it('keeps its flight when the earlier one lands first', async () => {
    const { ask, beginWrite, flights } = aDedupe();
    void ask();
    beginWrite()();
    void ask();
    flights[0]?.land(aReply());
    await drained();

    void ask();

    expect(flights).toHaveLength(2);
  });
});

describe('in any interleaving of reads, writes, aborts and landings', () => {
  type Step =
    | { do: 'read'; url: number }
    | { do: 'write' }
    | { do: 'end write' | 'land' | 'abort'; which: number };

  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), url: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.constant({ do: 'write' as const }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constantFrom('end write', 'land', 'abort'), which: fc.nat() }),
    },
  );

  /** The rule, told by times instead of counters. */
  interface Known {
    readonly url: string;
    readonly startedAt: number;
    readonly callers: Set<number>;
    isOver: boolean;
  }

  it('a read joins the flight that the rule allows, or starts its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (story) => {
        const { ask, beginWrite, flights } = aDedupe();
        const writes: { endedAt: number; end: () => void }[] = [];
        const known: Known[] = [];
        const readers: { controller: AbortController; flight: Known }[] = [];

        for (const [now, one] of story.entries()) {
          if (one.do === 'read') {
            const url = `https://app.test/${String(one.url)}`;
            const last = known.findLast((flight) => flight.url === url);
            // Some write began before this read, and had not ended when the flight started.
            const isStale = writes.some(({ endedAt }) => endedAt > (last?.startedAt ?? 0));
            const mayJoin = last && !last.isOver && !isStale;
            const before = flights.length;
            const controller = new AbortController();
            ask({ url, signal: controller.signal }).catch(() => {});

            expect(flights.length - before).toBe(mayJoin ? 0 : 1);
            const flight = mayJoin
              ? last
              : { url, startedAt: now, callers: new Set<number>(), isOver: false };
            if (!mayJoin) known.push(flight);
            flight.callers.add(readers.length);
            readers.push({ controller, flight });
          } else if (one.do === 'write') {
            writes.push({ endedAt: Infinity, end: beginWrite() });
          } else if (one.do === 'end write') {
            const open = writes.filter(({ endedAt }) => endedAt === Infinity);
            const write = open[one.which % open.length];
            write?.end();
            if (write) write.endedAt = now;
          } else if (one.do === 'land') {
            const at = one.which % known.length;
            flights[at]?.land(aReply());
            await drained();
            if (known[at]) known[at].isOver = true;
          } else {
            const at = one.which % readers.length;
            readers[at]?.controller.abort();
            const flight = readers[at]?.flight;
            flight?.callers.delete(at);
            if (flight?.callers.size === 0) flight.isOver = true;
          }
        }
        expect(flights).toHaveLength(known.length);
      }),
      { numRuns: 500 },
    );
  });
});
