import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createTimers } from '../../src/core/timers.ts';
import type { Clock } from '../../src/core/types.ts';
import { fakeClock, type FakeClock } from '../support/fake-clock.ts';

let clock: FakeClock;
let setTimer: Clock['setTimer'];
let set: ReturnType<typeof vi.fn<Clock['setTimer']>>;

beforeEach(() => {
  clock = fakeClock();
  set = vi.fn<Clock['setTimer']>(clock.setTimer);
  setTimer = createTimers(set);
});

describe('timers of one length', () => {
  it('share one when they are set in one breath, and run in order', async () => {
    const ran: string[] = [];

    for (const name of ['a', 'b', 'c']) setTimer(() => ran.push(name), 100);
    await clock.advance(99);
    expect(ran).toEqual([]);
    await clock.advance(1);

    expect(ran).toEqual(['a', 'b', 'c']);
    expect(set).toHaveBeenCalledTimes(1);
  });

  it('run each in its own time when they are set one after another', async () => {
    const ran: string[] = [];

    setTimer(() => ran.push('a'), 100);
    await clock.advance(60);
    setTimer(() => ran.push('b'), 100);
    await clock.advance(40);
    expect(ran).toEqual(['a']);
    await clock.advance(60);

    expect(ran).toEqual(['a', 'b']);
  });

  it('are cancelled one by one, and nothing stays when the last has gone', async () => {
    const ran: string[] = [];
    const cancels = ['a', 'b', 'c'].map((name) => setTimer(() => ran.push(name), 100));

    cancels[1]!();
    cancels[1]!();
    await clock.advance(50);
    expect(clock.pending()).toBe(1);
    cancels[0]!();
    cancels[2]!();

    expect(clock.pending()).toBe(0);
    await clock.advance(100);
    expect(ran).toEqual([]);
  });

  it('do not run when one that ran before them cancels them', async () => {
    const second = vi.fn<() => void>();
    const first = setTimer(() => {
      cancel();
    }, 100);
    const cancel = setTimer(second, 100);

    await clock.advance(100);
    first();

    expect(second).not.toHaveBeenCalled();
  });

  it('start anew after the last has been cancelled in the same breath', async () => {
    const ran = vi.fn<() => void>();

    setTimer(() => {}, 100)();
    setTimer(ran, 100);
    await clock.advance(100);

    expect(ran).toHaveBeenCalledTimes(1);
  });

  it('may be set again by one that runs', async () => {
    const ran: number[] = [];
    setTimer(() => {
      ran.push(clock.now());
      setTimer(() => ran.push(clock.now()), 100);
    }, 100);

    await clock.advance(200);

    expect(ran).toEqual([100, 200]);
  });
});

it('timers of other lengths have their own', async () => {
  const ran: number[] = [];

  for (const ms of [30, 10, 20]) setTimer(() => ran.push(ms), ms);
  await clock.advance(30);

  expect(ran).toEqual([10, 20, 30]);
  expect(set).toHaveBeenCalledTimes(3);
});
