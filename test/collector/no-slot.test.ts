import { describe, expect, it } from 'vitest';
import { aCollector, type Bench } from '../support/a-collector.ts';
import { drained } from '../support/drained.ts';

/** A collector whose only slot is taken by an answer that does not come. */
async function saturated(batchSingle: boolean): Promise<Bench> {
  const bench = aCollector({ maxInFlight: 1, batchSingle });
  void bench.ask('/slow/1');
  void bench.ask('/slow/2');
  await bench.clock.endTask();
  return bench;
}

describe('while all slots are taken', () => {
  it('a critical call goes alone instead of waiting', async () => {
    const { alone, ask, clock, sent } = await saturated(true);
    void ask('/normal');

    await ask('/login', { priority: 'critical' });
    await clock.endTask();

    expect(alone.map(({ url }) => url)).toEqual(['https://app.test/login']);
    expect(sent()).toEqual([['/slow/1', '/slow/2']]);
  });

  it('a lone call goes alone, as it would otherwise', async () => {
    const { alone, ask, clock } = await saturated(false);
    const call = ask('/lone');

    await clock.endTask();
    await call;

    expect(alone.map(({ url }) => url)).toEqual(['https://app.test/lone']);
  });

  it('several calls wait, and gather', async () => {
    const { alone, ask, clock, collector } = await saturated(false);
    void ask('/a');
    void ask('/b');

    await clock.endTask();

    expect(alone).toEqual([]);
    expect(collector.waiting()).toBe(2);
  });
});

describe('an answer that is complete but does not end', () => {
  it('loses its slot after a second', async () => {
    const { batches, clock, collector } = await saturated(true);
    batches[0]!.answer(0);
    batches[0]!.answer(1);
    await drained();

    await clock.advance(999);
    const before = batches[0]!.signal.aborted;
    await clock.advance(1);

    expect([before, batches[0]!.signal.aborted]).toEqual([false, true]);
    expect(collector.inFlight()).toBe(0);
  });
});
