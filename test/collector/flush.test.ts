import { describe, expect, it } from 'vitest';
import { aCollector } from '../support/a-collector.ts';

describe('flush', () => {
  it('sends what is waiting, low calls too, in all lanes', async () => {
    const { ask, clock, collector, sent } = aCollector({ window: 1000 });
    void ask('/n');
    void ask('/l', { priority: 'low' });
    void ask('/other', { credentials: 'omit', priority: 'low' });

    collector.flush();

    expect(sent()).toEqual([['/n', '/l'], ['/other']]);
    expect(clock.pending()).toBe(0);
  });

  it('does not exceed the slots; the rest goes when there is one', async () => {
    const { ask, batches, clock, collector, sent } = aCollector({
      window: 1000,
      maxItems: 1,
      maxInFlight: 1,
    });
    void ask('/a');
    void ask('/b', { priority: 'low' });

    collector.flush();
    expect(sent()).toEqual([['/a']]);
    batches[0]?.finish();
    await clock.endTask();

    expect(sent()).toEqual([['/a'], ['/b']]);
  });

  it('of nothing does nothing', () => {
    const { collector, sent } = aCollector();

    collector.flush();
    collector.flush(true);

    expect(sent()).toEqual([]);
  });
});

describe('when the page is left', () => {
  it('everything goes at once, whatever the slots', async () => {
    const { ask, clock, collector, sent } = aCollector({ maxItems: 2, maxInFlight: 1 });
    for (const path of ['/a', '/b', '/c', '/d', '/e']) void ask(path);
    void ask('/other', { credentials: 'omit' });

    collector.flush(true);

    expect(sent()).toEqual([['/a', '/b'], ['/c', '/d'], ['/e'], ['/other']]);
    await clock.endTask();
    expect(sent()).toHaveLength(4);
  });

  it('requests outlive the page, as far as the platform lets them', () => {
    const { ask, batches, collector } = aCollector(
      { maxItems: 2, maxBytes: 200_000 },
      { sizeOf: ({ url }) => Number(url.slice('https://app.test/'.length)) },
    );
    void ask('/59000');
    void ask('/1000');
    void ask('/59000', { credentials: 'omit' });
    void ask('/1001', { credentials: 'omit' });

    collector.flush(true);

    expect(batches.map(({ keepalive }) => keepalive)).toEqual([true, false]);
  });

  it('a lone call goes as a batch too, since a native one could not outlive the page', () => {
    const { alone, ask, batches, collector } = aCollector({ batchSingle: false });
    void ask('/a');

    collector.flush(true);

    expect(alone).toEqual([]);
    expect(batches[0]).toMatchObject({ paths: ['/a'], keepalive: true });
  });

  it('and shown again, it gathers as before', async () => {
    const { ask, batches, clock, collector, sent } = aCollector();
    void ask('/a');
    collector.flush(true);
    await clock.endTask();

    void ask('/b');
    await clock.endTask();

    expect(sent()).toEqual([['/a'], ['/b']]);
    expect(batches[1]?.keepalive).toBe(false);
  });
});
