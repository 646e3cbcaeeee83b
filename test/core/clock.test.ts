import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClock } from '../../src/core/clock.ts';
import { drained } from '../support/drained.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a timer', () => {
  it('runs once, in its time, unless it is cancelled', () => {
    const { setTimer } = createClock();
    const [kept, cancelled] = [vi.fn<() => void>(), vi.fn<() => void>()];

    setTimer(kept, 100);
    setTimer(cancelled, 100)();
    vi.advanceTimersByTime(99);
    expect(kept).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);

    expect(kept).toHaveBeenCalledTimes(1);
    expect(cancelled).not.toHaveBeenCalled();
  });

  it.each([2 ** 31, Infinity])(
    'that is too long for the platform does not run at once: %s',
    (ms) => {
      const then = vi.fn<() => void>();

      createClock().setTimer(then, ms);
      vi.advanceTimersByTime(1_000_000);

      expect(then).not.toHaveBeenCalled();
    },
  );
});

describe.each(['setImmediate', 'MessageChannel'])('the end of the task, by %s', (means) => {
  beforeEach(() => {
    if (means === 'MessageChannel') vi.stubGlobal('setImmediate', undefined);
  });

  it('comes after the microtasks', async () => {
    const { afterTask } = createClock();
    const order: string[] = [];

    const done = new Promise<void>((resolve) => {
      afterTask(() => {
        order.push('after');
        resolve();
      });
    });
    await Promise.resolve().then(() => order.push('microtask'));
    order.push('later microtask');
    await done;

    expect(order).toEqual(['microtask', 'later microtask', 'after']);
  });

  it('comes for each who waits, in order, and again for those who ask then', async () => {
    const { afterTask } = createClock();
    const order: number[] = [];

    const done = new Promise<void>((resolve) => {
      afterTask(() => {
        order.push(1);
        afterTask(() => {
          order.push(3);
          resolve();
        });
      });
      afterTask(() => order.push(2));
    });
    await done;

    expect(order).toEqual([1, 2, 3]);
  });
});

describe('an idle moment', () => {
  it('is the platform’s, with its bound', () => {
    const cancelIdleCallback = vi.fn<(handle: number) => void>();
    const requestIdleCallback = vi.fn<() => number>(() => 7);
    vi.stubGlobal('requestIdleCallback', requestIdleCallback);
    vi.stubGlobal('cancelIdleCallback', cancelIdleCallback);
    const then = vi.fn<() => void>();

    const cancel = createClock().whenIdle(then, 900);
    expect(requestIdleCallback).toHaveBeenCalledWith(then, { timeout: 900 });
    cancel();

    expect(cancelIdleCallback).toHaveBeenCalledWith(7);
  });

  it.each([
    [1000, 50],
    [20, 20],
  ])('is a short pause where the platform knows none: bound %s, %s', async (bound, ms) => {
    vi.stubGlobal('requestIdleCallback', undefined);
    const [kept, cancelled] = [vi.fn<() => void>(), vi.fn<() => void>()];
    const { whenIdle } = createClock();

    whenIdle(kept, bound);
    whenIdle(cancelled, bound)();
    vi.advanceTimersByTime(ms - 1);
    expect(kept).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    await drained();

    expect(kept).toHaveBeenCalledTimes(1);
    expect(cancelled).not.toHaveBeenCalled();
  });
});
