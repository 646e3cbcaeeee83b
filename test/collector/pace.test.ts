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

describe('whether a batch pays', () => {
  const measured = { batchMs: 100, nativeMs: 50 };

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
