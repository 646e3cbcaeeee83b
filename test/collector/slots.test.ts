import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { aCollector } from '../support/a-collector.ts';
import { drained } from '../support/drained.ts';

describe('maxInFlight', () => {
  it('bounds the batches that are open at once', async () => {
    const { ask, clock, collector, open } = aCollector({ maxItems: 1, maxInFlight: 3 });

    for (let n = 0; n < 10; n++) void ask(`/${String(n)}`);
    await clock.endTask();

    expect(open()).toBe(3);
    expect(collector.inFlight()).toBe(3);
    expect(collector.waiting()).toBe(7);
  });

  it('lets what waits go on gathering', async () => {
    const { ask, batches, clock, sent } = aCollector({ maxInFlight: 1 });
    void ask('/a');
    await clock.endTask();

    void ask('/b');
    await clock.endTask();
    void ask('/c');
    await clock.endTask();
    batches[0]?.finish();
    await clock.endTask();

    expect(sent()).toEqual([['/a'], ['/b', '/c']]);
  });

  it.each([
    ['failed', (end: (error?: Error) => void) => end(new Error('broken'))],
    ['been cut', (end: (error?: Error) => void) => end()],
  ])('gives the slot of a batch that has %s to the next', async (_, finish) => {
    const { ask, batches, clock, collector, sent } = aCollector({ maxItems: 1, maxInFlight: 1 });
    ask('/a').catch(() => {});
    void ask('/b');
    await clock.endTask();

    finish(batches[0]!.end);
    await drained();

    expect(sent()).toEqual([['/a'], ['/b']]);
    expect(collector.inFlight()).toBe(1);
  });
});

describe('10,000 calls at once', () => {
  const count = 10_000;

  it('all get their own answer, through no more batches than may be open', async () => {
    const { ask, clock, collector, mostOpen, sent } = aCollector(
      { maxItems: 50, maxInFlight: 4 },
      {
        onSend: (batch) => {
          setImmediate(batch.finish);
        },
      },
    );

    const replies = Promise.all(Array.from({ length: count }, (_, n) => ask(`/${String(n)}`)));
    await clock.endTask();
    const urls = (await replies).map(({ url }) => url);

    expect(urls).toEqual(urls.map((_, n) => `https://app.test/${String(n)}`));
    expect(sent()).toHaveLength(count / 50);
    expect(mostOpen()).toBe(4);
    await drained();
    expect(collector.waiting()).toBe(0);
    expect(collector.inFlight()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it('on one signal leave no listener on it, however they end', async () => {
    const { signal } = new AbortController();
    const { ask, clock } = aCollector(
      { maxItems: 50 },
      {
        onSend: (batch) => {
          batch.answer(0);
          batch.answer(1);
          setImmediate(batch.end, Number(batch.id.slice(1)) % 2 ? undefined : new Error('broken'));
        },
      },
    );

    const calls = Array.from({ length: count }, (_, n) => ask(`/${String(n)}`, { signal }));
    const settled = Promise.allSettled(calls);
    await clock.endTask();
    await settled;

    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('that are all aborted leave nothing behind', async () => {
    const controller = new AbortController();
    const { ask, clock, collector, open } = aCollector({ window: 50 });
    const calls = Array.from({ length: count }, (_, n) =>
      ask(`/${String(n)}`, { signal: controller.signal }),
    );
    collector.flush();
    const late = Array.from({ length: count }, (_, n) =>
      ask(`/late${String(n)}`, { signal: controller.signal, credentials: 'omit' }),
    );

    controller.abort();
    const results = await Promise.allSettled([...calls, ...late]);
    await drained();

    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect([collector.waiting(), collector.inFlight(), open(), clock.pending()]).toEqual([
      0, 0, 0, 0,
    ]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
