import { describe, expect, it } from 'vitest';
import { createPace, type Pace } from '../../src/collector/pace.ts';

const aPace = ({ batchMs, nativeMs }: { batchMs?: number; nativeMs?: number } = {}): Pace => {
  const pace = createPace();
  if (batchMs !== undefined) pace.batchTook(batchMs);
  if (nativeMs !== undefined) pace.nativeTook(nativeMs);
  return pace;
};

describe('how long to gather', () => {
  it.each([
    ['a guess, before anything is known', {}, 5],
    ['a tenth of the round trip', { batchMs: 120 }, 12],
    ['a tenth of the shorter one', { batchMs: 120, nativeMs: 70 }, 7],
    ['a millisecond at least', { batchMs: 2 }, 1],
    ['25 ms at most', { batchMs: 4000 }, 25],
  ])('is %s', (_, known, expected) => {
    expect(aPace(known).gatherMs()).toBe(expected);
  });

  it('follows the network, and forgets a single outlier', () => {
    const pace = aPace({ batchMs: 100 });

    pace.batchTook(200);
    expect(pace.gatherMs()).toBeCloseTo(13);
    for (let n = 0; n < 50; n++) pace.batchTook(50);

    expect(pace.gatherMs()).toBeCloseTo(5);
  });
});

const measured = { batchMs: 100, nativeMs: 50 };

describe('where batches of a few have proved slower, calls that come', () => {
  /** So many calls at each of these times, in ms. */
  const after = (protocol: string, times: readonly number[], each = 1): number | null => {
    const pace = aPace(measured);
    pace.reachedBy(protocol);
    for (const [index, at] of times.entries()) pace.called((index + 1) * each, at);
    return pace.gatherMs();
  };

  it.each([
    ['one by one are not waited for', 'h2', [0, 5, 10, 15], 1, null],
    ['two by two are', 'h2', [0, 4, 8, 12], 2, 5],
    ['thick and fast are', 'h2', [0, 1, 2, 3], 1, 5],
    ['for the first time are', 'h2', [0], 1, 5],
    ['one by one are, where each would take a connection', 'http/1.1', [0, 5, 10, 15], 1, 5],
  ])('%s', (_, protocol, times, each, expected) => {
    expect(after(protocol, times, each)).toBe(expected);
  });

  it('fast after a long pause are waited for, after a few', () => {
    const times = [0, 60_000];
    while (after('h2', times) === null) times.push(times.at(-1)! + 1);

    expect(times.length).toBe(12);
  });
});

describe('whether a batch pays', () => {
  it('is taken for granted while nothing is known', () => {
    const pace = aPace({ nativeMs: 50 });
    pace.reachedBy('h2');

    expect(pace.pays(2)).toBe(true);
  });

  it('is not asked where connections carry one request at a time', () => {
    const pace = aPace(measured);
    pace.reachedBy('http/1.1');

    expect(pace.pays(2)).toBe(true);
  });

  it('is not asked where nobody knows how they are reached', () => {
    expect(aPace(measured).pays(2)).toBe(true);
  });

  it.each(['h2', 'h3'])('over %s: not for a few calls, where it has proved slower', (protocol) => {
    const pace = aPace(measured);
    pace.reachedBy(protocol);

    expect([2, 3, 4].map(pace.pays)).toEqual([false, false, true]);
  });

  it('over h2: for a few calls, where it has not proved slower', () => {
    const pace = aPace({ batchMs: 50, nativeMs: 50 });
    pace.reachedBy('h2');

    expect(pace.pays(2)).toBe(true);
  });
});
