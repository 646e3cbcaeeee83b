import { describe, expect, it } from 'vitest';
import { agingMs } from '../../src/collector/queue.ts';
import type { Call } from '../../src/core/types.ts';
import { aCollector, type Bench } from '../support/a-collector.ts';

const roundMs = 100;
const other = { credentials: 'omit' } as const;

/** Ends every open batch a round after it was sent, and lets `arrive` ask for more, `rounds` times. */
async function load(bench: Bench, rounds: number, arrive: (round: number) => void): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    arrive(round);
    for (const batch of bench.batches) batch.finish();
    await bench.clock.advance(roundMs);
  }
}

/** The batch in which `path` went, counted from 0; -1 for none. */
const batchOf = ({ sent }: Bench, path: string): number =>
  sent().findIndex((paths) => paths.includes(path));

function several(bench: Bench, count: number, name: string, given: Partial<Call> = {}): void {
  for (let n = 0; n < count; n++) void bench.ask(`/${name}${String(n)}`, given);
}

const agingRounds = agingMs / roundMs;

describe('under a load of urgent calls that fills every batch', () => {
  it('a low call goes once it has waited long enough', async () => {
    const bench = aCollector({ maxItems: 4, maxInFlight: 1 });
    await bench.clock.advance(5000);
    void bench.ask('/low', { priority: 'low' });

    await load(bench, 40, (round) => {
      several(bench, 5, `${String(round)}-`, { priority: 'high' });
    });

    expect(batchOf(bench, '/low')).toBeGreaterThanOrEqual(agingRounds - 1);
    expect(batchOf(bench, '/low')).toBeLessThanOrEqual(agingRounds + 2);
  });

  it('a low call in another lane goes too', async () => {
    const bench = aCollector({ maxItems: 4, maxInFlight: 1 });
    void bench.ask('/low', { priority: 'low', ...other });

    await load(bench, 40, (round) => {
      several(bench, 5, `${String(round)}-`, { priority: 'high' });
    });

    expect(batchOf(bench, '/low')).toBeGreaterThan(0);
    expect(batchOf(bench, '/low')).toBeLessThanOrEqual(agingRounds + 2);
  });
});

describe('with a backlog of calls that have waited too long', () => {
  it('an urgent call of their lane goes in the next batch', async () => {
    const bench = aCollector({ maxItems: 4, maxInFlight: 1 });
    several(bench, 200, 'old');
    await load(bench, agingRounds + 2, () => {});

    const before = bench.batches.length;
    void bench.ask('/urgent', { priority: 'high' });
    await load(bench, 2, () => {});

    expect(batchOf(bench, '/urgent')).toBe(before);
  });

  it('an urgent call of their lane is not held up by other lanes', async () => {
    const bench = aCollector({ maxItems: 4, maxInFlight: 1 });
    several(bench, 200, 'old', { priority: 'low' });
    await load(bench, agingRounds + 12, () => {});
    several(bench, 40, 'other', other);
    await bench.clock.endTask();

    const before = bench.batches.length;
    void bench.ask('/urgent', { priority: 'high' });
    await load(bench, 6, () => {});

    expect(batchOf(bench, '/urgent')).toBeGreaterThanOrEqual(before);
    expect(batchOf(bench, '/urgent')).toBeLessThanOrEqual(before + 1);
  });

  it('an urgent call of another lane waits for one batch of theirs at most', async () => {
    const bench = aCollector({ maxItems: 4, maxInFlight: 1 });
    several(bench, 200, 'old');
    await load(bench, agingRounds + 2, () => {});

    const before = bench.batches.length;
    void bench.ask('/urgent', { priority: 'high', ...other });
    await load(bench, 6, () => {});

    expect(batchOf(bench, '/urgent')).toBeGreaterThanOrEqual(before);
    expect(batchOf(bench, '/urgent')).toBeLessThanOrEqual(before + 1);
  });

  it('they take half of the bytes of a batch at most', async () => {
    const bench = aCollector(
      { maxItems: 50, maxInFlight: 1, maxBytes: 1032 },
      { sizeOf: ({ url }) => (url.includes('old') ? 250 : 10) },
    );
    several(bench, 200, 'old');
    await load(bench, agingRounds + 2, () => {});

    const before = bench.batches.length;
    void bench.ask('/urgent', { priority: 'high' });
    await load(bench, 2, () => {});

    expect(batchOf(bench, '/urgent')).toBe(before);
  });
});
