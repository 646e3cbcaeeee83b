import { describe, expect, it } from 'vitest';
import { aCollector } from '../support/a-collector.ts';
import { drained } from '../support/drained.ts';

describe('within a batch', () => {
  it('calls stand by priority, then by arrival', async () => {
    const { ask, clock, sent } = aCollector();

    void ask('/n1');
    void ask('/l1', { priority: 'low' });
    void ask('/h1', { priority: 'high' });
    void ask('/n2');
    void ask('/h2', { priority: 'high' });
    await clock.endTask();

    expect(sent()).toEqual([['/h1', '/h2', '/n1', '/n2', '/l1']]);
  });

  it('the most urgent are those that fit', async () => {
    const { ask, clock, sent } = aCollector({ maxItems: 2, maxInFlight: 1 });

    void ask('/l', { priority: 'low' });
    void ask('/n1');
    void ask('/n2');
    void ask('/h', { priority: 'high' });
    await clock.endTask();

    expect(sent()).toEqual([['/h', '/n1']]);
  });
});

describe('a critical call', () => {
  it('goes before the task is over, with what is made in the same breath', async () => {
    const { ask, sent } = aCollector();

    void ask('/c', { priority: 'critical' });
    void ask('/n');
    await drained();

    expect(sent()).toEqual([['/c', '/n']]);
  });

  it('goes at once again and again', async () => {
    const { ask, sent } = aCollector();

    for (const path of ['/1', '/2', '/3']) {
      void ask(path, { priority: 'critical' });
      await drained();
    }

    expect(sent()).toEqual([['/1'], ['/2'], ['/3']]);
  });

  it('takes along what is waiting in its lane, and leaves other lanes alone', async () => {
    const { ask, clock, sent } = aCollector({ window: 1000 });
    void ask('/n');
    void ask('/l', { priority: 'low' });
    void ask('/other', { credentials: 'omit' });
    await clock.advance(10);

    void ask('/c', { priority: 'critical' });
    await drained();

    expect(sent()).toEqual([['/c', '/n', '/l']]);
  });
});

describe('a low call', () => {
  const low = { priority: 'low' } as const;

  it('opens no window', async () => {
    const { ask, clock, sent } = aCollector({ window: 20 });

    void ask('/l', low);
    await clock.advance(999);

    expect(sent()).toEqual([]);
  });

  it('goes along with the next batch of its lane', async () => {
    const { ask, clock, sent } = aCollector();
    void ask('/l', low);
    await clock.endTask();

    void ask('/n');
    await clock.endTask();

    expect(sent()).toEqual([['/n', '/l']]);
  });

  it('goes in an idle moment', async () => {
    const { ask, clock, sent } = aCollector();
    void ask('/l', low);

    await clock.beIdle();

    expect(sent()).toEqual([['/l']]);
  });

  it('that goes in an idle moment leaves other lanes to their windows', async () => {
    const { ask, clock, sent } = aCollector({ window: 50 });
    void ask('/other', { credentials: 'omit' });
    void ask('/l', low);

    await clock.beIdle();
    expect(sent()).toEqual([['/l']]);
    await clock.advance(50);

    expect(sent()).toEqual([['/l'], ['/other']]);
  });

  it('does not take a batch under way for an idle moment, but its end', async () => {
    const { ask, batches, clock, sent } = aCollector();
    void ask('/n');
    await clock.endTask();
    void ask('/l', low);

    await clock.beIdle();
    expect(sent()).toEqual([['/n']]);
    batches[0]?.finish();
    await drained();

    expect(sent()).toEqual([['/n'], ['/l']]);
  });

  it('waits a second at most', async () => {
    const { ask, batches, clock, sent } = aCollector();
    void ask('/n');
    await clock.endTask();
    void ask('/l', low);

    await clock.advance(999);
    expect(batches).toHaveLength(1);
    await clock.advance(1);

    expect(sent()).toEqual([['/n'], ['/l']]);
  });

  it('waits its own second, whatever others have waited before it', async () => {
    const { ask, clock, sent } = aCollector();
    void ask('/l1', low);
    await clock.advance(900);
    void ask('/n');
    await clock.endTask();
    void ask('/l2', low);

    await clock.advance(999);
    expect(sent()).toEqual([['/n', '/l1']]);
    await clock.advance(1);

    expect(sent()).toEqual([['/n', '/l1'], ['/l2']]);
  });

  it('that found no seat leaves its lane’s next window alone', async () => {
    const { ask, batches, clock, sent } = aCollector({ window: 50, maxItems: 3 });
    for (const path of ['/l1', '/l2', '/l3', '/n1']) void ask(path, path === '/n1' ? {} : low);
    await drained();
    expect(sent()).toEqual([['/n1', '/l1', '/l2']]);

    void ask('/n2');
    batches[0]?.finish();
    await clock.advance(49);
    expect(sent()).toHaveLength(1);
    await clock.advance(1);

    expect(sent()[1]).toEqual(['/n2', '/l3']);
  });

  it('that waits while another lane’s window closes leaves its own lane’s window alone', async () => {
    const { ask, batches, clock, sent } = aCollector({ window: 50 });
    void ask('/l', low);
    void ask('/other', { credentials: 'omit' });
    await clock.advance(50);

    void ask('/n');
    batches[0]?.finish();
    await clock.advance(49);
    expect(sent()).toEqual([['/other']]);
    await clock.advance(1);

    expect(sent()).toEqual([['/other'], ['/n', '/l']]);
  });

  it('leaves no timer behind when it has gone', async () => {
    const { ask, clock } = aCollector();
    const controller = new AbortController();

    ask('/l', { ...low, signal: controller.signal }).catch(() => {});
    controller.abort();
    void ask('/l2', low);
    void ask('/n');
    await clock.endTask();

    expect(clock.pending()).toBe(0);
  });

  it('that found no seat in a batch goes on waiting for an idle moment', async () => {
    const { ask, clock, sent } = aCollector({ maxItems: 2 });
    for (const path of ['/l1', '/l2', '/l3', '/l4']) void ask(path, low);

    void ask('/n');
    await clock.endTask();
    expect(sent()).toEqual([['/n', '/l1']]);
    await clock.advance(1000);

    expect(sent()).toEqual([['/n', '/l1'], ['/l2', '/l3'], ['/l4']]);
  });
});
