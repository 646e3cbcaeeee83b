import { describe, expect, it } from 'vitest';
import { createPace } from '../../src/collector/pace.ts';
import type { Reply } from '../../src/core/types.ts';
import { aCollector } from '../support/a-collector.ts';
import { aReply } from '../support/calls.ts';
import { drained } from '../support/drained.ts';

describe('the microtask window', () => {
  it('gathers what a task and its microtasks ask for', async () => {
    const { ask, clock, sent } = aCollector({ window: 'microtask' });
    void ask('/a');
    void Promise.resolve()
      .then(() => null)
      .then(() => ask('/b'));

    await drained();
    expect(sent()).toEqual([]);
    await clock.endTask();

    expect(sent()).toEqual([['/a', '/b']]);
  });

  it('opens anew for each task', async () => {
    const { ask, clock, sent } = aCollector({ window: 'microtask' });

    void ask('/a');
    await clock.endTask();
    void ask('/b');
    await clock.endTask();

    expect(sent()).toEqual([['/a'], ['/b']]);
  });

  it('sets no timer', async () => {
    const { ask, clock } = aCollector({ window: 'microtask' });

    void ask('/a');

    expect(clock.pending()).toBe(0);
  });
});

describe('a window of milliseconds', () => {
  it('closes that long after its first call, not its last', async () => {
    const { ask, clock, sent } = aCollector({ window: 20 });
    void ask('/a');
    await clock.advance(15);
    void ask('/b');

    await clock.advance(4);
    expect(sent()).toEqual([]);
    await clock.advance(1);

    expect(sent()).toEqual([['/a', '/b']]);
  });

  it('opens anew for the next call', async () => {
    const { ask, clock, sent } = aCollector({ window: 20 });
    void ask('/a');
    await clock.advance(20);

    void ask('/b');
    await clock.advance(19);
    expect(sent()).toEqual([['/a']]);
    await clock.advance(1);

    expect(sent()).toEqual([['/a'], ['/b']]);
  });

  it('is forgotten when its only call has left', async () => {
    const { ask, clock, sent } = aCollector({ window: 20 });
    const controller = new AbortController();
    ask('/a', { signal: controller.signal }).catch(() => {});
    await clock.advance(15);

    controller.abort();
    void ask('/b');
    await clock.advance(19);

    expect(sent()).toEqual([]);
    await clock.advance(1);
    expect(sent()).toEqual([['/b']]);
  });

  it('of a microtask that is forgotten does not close the next one early', async () => {
    const { ask, clock, sent, collector } = aCollector({ window: 'microtask' });
    const controller = new AbortController();
    ask('/a', { signal: controller.signal }).catch(() => {});
    controller.abort();

    void ask('/b');

    expect(collector.waiting()).toBe(1);
    await clock.endTask();
    expect(sent()).toEqual([['/b']]);
  });
});

describe('the auto window', () => {
  it('sends at the end of the task while nothing is under way', async () => {
    const { ask, clock, sent } = aCollector({ window: 'auto' });

    void ask('/a');
    void ask('/b');
    await clock.endTask();

    expect(sent()).toEqual([['/a', '/b']]);
  });

  it('gathers for a share of the round trip while a batch is under way', async () => {
    const pace = createPace();
    pace.batchTook(100);
    const { ask, clock, sent } = aCollector({ window: 'auto' }, { pace });
    void ask('/a');
    await clock.endTask();

    void ask('/b');
    await clock.advance(9);
    void ask('/c');
    expect(sent()).toEqual([['/a']]);
    await clock.advance(1);

    expect(sent()).toEqual([['/a'], ['/b', '/c']]);
  });

  it('counts a call that rides alone as being under way', async () => {
    const { ask, clock, sent } = aCollector(
      { window: 'auto', batchSingle: false },
      { sendNative: () => Promise.withResolvers<never>().promise },
    );
    void ask('/a');
    await clock.endTask();

    void ask('/b');
    void ask('/c');
    await clock.endTask();
    expect(sent()).toEqual([]);
    await clock.advance(5);

    expect(sent()).toEqual([['/b', '/c']]);
  });

  it('learns the round trip from its own batches', async () => {
    const { ask, batches, clock, sent } = aCollector({ window: 'auto' });
    await clock.advance(1000);
    void ask('/a');
    void ask('/a2');
    await clock.endTask();
    await clock.advance(200);
    batches[0]?.answer(0);
    await clock.advance(500);
    batches[0]?.finish();
    await clock.endTask();

    void ask('/b');
    await clock.endTask();
    void ask('/c');
    await clock.advance(19);
    expect(sent()).toEqual([['/a', '/a2'], ['/b']]);
    await clock.advance(1);

    expect(sent()).toEqual([['/a', '/a2'], ['/b'], ['/c']]);
  });

  it('learns it from calls that ride alone too', async () => {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const { ask, clock, sent } = aCollector(
      { window: 'auto', batchSingle: false },
      { sendNative: () => promise },
    );
    await clock.advance(1000);
    void ask('/a');
    await clock.endTask();
    await clock.advance(200);
    resolve(aReply());
    await clock.endTask();

    void ask('/b1');
    void ask('/b2');
    await clock.endTask();
    void ask('/c1');
    void ask('/c2');
    await clock.advance(19);
    expect(sent()).toEqual([['/b1', '/b2']]);
    await clock.advance(1);

    expect(sent()).toEqual([
      ['/b1', '/b2'],
      ['/c1', '/c2'],
    ]);
  });

  it('sends a few calls side by side where batching has proved slower', async () => {
    const pace = createPace();
    pace.reachedBy('h2');
    pace.batchTook(100);
    pace.nativeTook(50);
    const { alone, ask, clock, sent } = aCollector({ window: 'auto' }, { pace });

    for (const path of ['/a', '/b', '/c']) void ask(path);
    await clock.endTask();
    for (const path of ['/d', '/e', '/f', '/g']) void ask(path);
    await clock.advance(25);

    expect(alone.map(({ url }) => url.at(-1))).toEqual(['a', 'b', 'c']);
    expect(sent()).toEqual([['/d', '/e', '/f', '/g']]);
  });

  it('waits for nobody where calls come one by one and batching has proved slower', async () => {
    const pace = createPace();
    pace.reachedBy('h2');
    pace.batchTook(100);
    pace.nativeTook(50);
    const { alone, ask, clock, sent } = aCollector(
      { window: 'auto', batchSingle: false },
      { pace },
    );
    void ask('/a');
    await clock.endTask();

    for (const path of ['/b', '/c', '/d']) {
      await clock.advance(10);
      void ask(path);
      await clock.endTask();
    }

    expect(alone.map(({ url }) => url.at(-1))).toEqual(['a', 'b', 'c', 'd']);
    expect(sent()).toEqual([]);
  });
});
