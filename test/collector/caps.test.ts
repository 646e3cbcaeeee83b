import { describe, expect, it } from 'vitest';
import { aCollector } from '../support/a-collector.ts';
import { drained } from '../support/drained.ts';

/** Reckons a call's bytes by the number in its path. */
const sizeOf = ({ url }: { url: string }): number => Number(/\d+/.exec(url)?.[0]);

describe('a batch', () => {
  it('has no more than `maxItems` calls', async () => {
    const { ask, clock, sent } = aCollector({ maxItems: 3 });

    for (let n = 0; n < 7; n++) void ask(`/${String(n)}`);
    await clock.endTask();

    expect(sent()).toEqual([['/0', '/1', '/2'], ['/3', '/4', '/5'], ['/6']]);
  });

  it('has no more than `maxBytes` bytes', async () => {
    const { ask, clock, sent } = aCollector({ maxBytes: 1032 }, { sizeOf });

    for (const path of ['/400', '/600', '/1', '/999']) void ask(path);
    await clock.endTask();

    expect(sent()).toEqual([
      ['/400', '/600'],
      ['/1', '/999'],
    ]);
  });

  it('keeps its microtask window open when it is full, for the sake of order', async () => {
    const { ask, clock, sent } = aCollector({ window: 'microtask', maxItems: 2 });

    for (const path of ['/1', '/2', '/3']) void ask(path);
    void ask('/h', { priority: 'high' });
    await drained();
    expect(sent()).toEqual([]);
    await clock.endTask();

    expect(sent()).toEqual([
      ['/h', '/1'],
      ['/2', '/3'],
    ]);
  });

  it('goes early when it is full, and what is left waits for its window', async () => {
    const { ask, clock, sent } = aCollector({ window: 50, maxItems: 2 });

    for (const path of ['/1', '/2', '/3']) void ask(path);
    await drained();
    expect(sent()).toEqual([['/1', '/2']]);
    await clock.advance(50);

    expect(sent()).toEqual([['/1', '/2'], ['/3']]);
  });

  it('goes early when its bytes are full', async () => {
    const { ask, sent } = aCollector({ window: 50, maxBytes: 532 }, { sizeOf });

    void ask('/300');
    void ask('/300');
    await drained();

    expect(sent()).toEqual([['/300']]);
  });
});

describe('a call that is as large as `maxBytes` allows', () => {
  it('rides in a batch', async () => {
    const { alone, ask, clock, sent } = aCollector({ maxBytes: 532 }, { sizeOf });

    void ask('/500');
    await clock.endTask();

    expect(alone).toEqual([]);
    expect(sent()).toEqual([['/500']]);
  });
});

describe('a call that is larger than `maxBytes`', () => {
  it('rides alone, natively', async () => {
    const { alone, ask, clock, sent } = aCollector({ maxBytes: 532 }, { sizeOf });

    void ask('/501');
    void ask('/2');
    await clock.endTask();

    expect(alone.map(({ url }) => url)).toEqual(['https://app.test/501']);
    expect(sent()).toEqual([['/2']]);
  });
});
