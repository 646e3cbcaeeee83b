import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDeadline } from '../../src/server/deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const aTimed = (): { timeOut: ReturnType<typeof vi.fn<() => void>> } => ({
  timeOut: vi.fn<() => void>(),
});

test('tells all who still wait, by one timer', () => {
  const deadline = createDeadline(1000);
  const [slow, quick, slower] = [aTimed(), aTimed(), aTimed()];

  for (const timed of [slow, quick, slower]) deadline.add(timed);
  const timers = vi.getTimerCount();
  deadline.remove(quick);
  vi.advanceTimersByTime(1000);

  expect(timers).toBe(1);
  expect([slow, quick, slower].map(({ timeOut }) => timeOut.mock.calls.length)).toEqual([1, 0, 1]);
});

test('has no timer left when nobody waits, and another for who comes later', () => {
  const deadline = createDeadline(1000);
  const [first, second] = [aTimed(), aTimed()];

  deadline.add(first);
  vi.advanceTimersByTime(600);
  deadline.remove(first);
  const idle = vi.getTimerCount();
  deadline.add(second);
  vi.advanceTimersByTime(999);
  const before = second.timeOut.mock.calls.length;
  vi.advanceTimersByTime(1);

  expect(idle).toBe(0);
  expect([before, second.timeOut.mock.calls.length]).toEqual([0, 1]);
  expect(first.timeOut).not.toHaveBeenCalled();
});

test('gives who begins when others are over a time of its own', () => {
  const deadline = createDeadline(1000);
  const next = aTimed();
  const over = {
    timeOut: () => {
      deadline.remove(over);
      deadline.add(next);
    },
  };

  deadline.add(over);
  vi.advanceTimersByTime(1999);
  const before = next.timeOut.mock.calls.length;
  vi.advanceTimersByTime(1);

  expect([before, next.timeOut.mock.calls.length]).toEqual([0, 1]);
});

test('never comes when there is no limit', () => {
  const deadline = createDeadline(false);

  deadline.add(aTimed());

  expect(vi.getTimerCount()).toBe(0);
});
