import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDelayLine, realTiming } from '../../scripts/proxy/delay-line.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function aLine(delayMs: number) {
  const delivered: string[] = [];
  const line = createDelayLine<string>(delayMs, (item) => delivered.push(item));
  return { line, delivered };
}

describe('createDelayLine', () => {
  it('hands an item on when its delay is over, and not before', () => {
    const { line, delivered } = aLine(20);

    line.push('a');
    vi.advanceTimersByTime(19);
    expect(delivered).toEqual([]);

    vi.advanceTimersByTime(1);
    expect(delivered).toEqual(['a']);
  });

  it('delays each item on its own, in order', () => {
    const { line, delivered } = aLine(20);

    line.push('a');
    vi.advanceTimersByTime(12);
    line.push('b');
    vi.advanceTimersByTime(8);
    expect(delivered).toEqual(['a']);

    vi.advanceTimersByTime(12);
    expect(delivered).toEqual(['a', 'b']);
  });

  it('an item whose delay begins later comes later', () => {
    const { line, delivered } = aLine(20);

    line.push('a', performance.now() + 10);
    vi.advanceTimersByTime(29);
    expect(delivered).toEqual([]);

    vi.advanceTimersByTime(1);
    expect(delivered).toEqual(['a']);
  });

  it('without a delay hands on at once', () => {
    const { line, delivered } = aLine(0);

    line.push('a');

    expect(delivered).toEqual(['a']);
  });

  it('waits on when its timer fires early', () => {
    let now = 0;
    const timers: (() => void)[] = [];
    const delivered: string[] = [];
    const line = createDelayLine<string>(20, (item) => delivered.push(item), {
      now: () => now,
      setTimer: (callback) => {
        timers.push(callback);
        return () => {};
      },
    });

    line.push('a');
    now = 19.6;
    timers[0]?.();
    expect(delivered).toEqual([]);

    now = 20;
    timers[1]?.();
    expect(delivered).toEqual(['a']);
  });

  it('holds back what is due while paused, and keeps the order', () => {
    const { line, delivered } = aLine(20);

    line.push('a');
    line.push('b');
    line.pause();
    vi.advanceTimersByTime(50);
    line.push('c');
    expect(delivered).toEqual([]);

    line.resume();
    expect(delivered).toEqual(['a', 'b']);
    vi.advanceTimersByTime(20);
    expect(delivered).toEqual(['a', 'b', 'c']);
  });

  it('a receiver that pauses while it takes an item gets no other', () => {
    const delivered: string[] = [];
    const line = createDelayLine<string>(
      20,
      (item) => {
        delivered.push(item);
        line.pause();
      },
      realTiming,
    );

    line.push('a');
    line.push('b');
    vi.advanceTimersByTime(50);
    expect(delivered).toEqual(['a']);

    line.resume();
    expect(delivered).toEqual(['a', 'b']);
  });

  it('drops what is on its way when cleared, and leaves no timer', () => {
    const { line, delivered } = aLine(20);

    line.push('a');
    line.clear();
    vi.advanceTimersByTime(50);

    expect(delivered).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
