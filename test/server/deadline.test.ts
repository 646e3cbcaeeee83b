import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDeadline } from '../../src/server/deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('tells all who still wait, by one timer', () => {
  const deadline = createDeadline(1000);
  const [slow, quick, slower] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => void>()];

  for (const onOver of [slow, quick, slower]) deadline.add(onOver);
  const timers = vi.getTimerCount();
  deadline.remove(quick);
  vi.advanceTimersByTime(1000);

  expect(timers).toBe(1);
  expect([slow, quick, slower].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1]);
});

test('has no timer left when nobody waits, and another for who comes later', () => {
  const deadline = createDeadline(1000);
  const [first, second] = [vi.fn<() => void>(), vi.fn<() => void>()];

  deadline.add(first);
  vi.advanceTimersByTime(600);
  deadline.remove(first);
  const idle = vi.getTimerCount();
  deadline.add(second);
  vi.advanceTimersByTime(999);
  const before = second.mock.calls.length;
  vi.advanceTimersByTime(1);

  expect(idle).toBe(0);
  expect([before, second.mock.calls.length]).toEqual([0, 1]);
  expect(first).not.toHaveBeenCalled();
});

test('gives who begins when others are over a time of its own', () => {
  const deadline = createDeadline(1000);
  const next = vi.fn<() => void>();
  const over = (): void => {
    deadline.remove(over);
    deadline.add(next);
  };

  deadline.add(over);
  vi.advanceTimersByTime(1999);
  const before = next.mock.calls.length;
  vi.advanceTimersByTime(1);

  expect([before, next.mock.calls.length]).toEqual([0, 1]);
});

test('never comes when there is no limit', () => {
  const deadline = createDeadline(false);

  deadline.add(vi.fn<() => void>());

  expect(vi.getTimerCount()).toBe(0);
});
