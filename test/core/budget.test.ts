import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBudget, type Budget } from '../../src/core/budget.ts';
import type { ResolvedBudget } from '../../src/core/retry-options.ts';

interface Bench extends Budget {
  /** Time goes by. */
  readonly wait: (ms: number) => void;
  readonly calls: (count: number) => void;
  /** How many of so many retries are affordable. */
  readonly spendUpTo: (count: number) => number;
}

function aBudget(given: Partial<ResolvedBudget> = {}, now = 0): Bench {
  const budget = createBudget({ ratio: 0.2, floor: 0, windowMs: 60_000, ...given }, () => now);
  return {
    ...budget,
    wait: (ms) => {
      now += ms;
    },
    calls: (count) => {
      for (let n = 0; n < count; n++) budget.call(now);
    },
    spendUpTo: (count) => Array.from({ length: count }, budget.spend).filter(Boolean).length,
  };
}

describe('retries', () => {
  it('are affordable up to their share of the calls', () => {
    const { calls, spendUpTo } = aBudget();
    calls(100);

    expect(spendUpTo(50)).toBe(20);
  });

  it('are affordable again as calls are made', () => {
    const { calls, spendUpTo } = aBudget();
    calls(100);
    spendUpTo(50);

    calls(10);

    expect(spendUpTo(50)).toBe(2);
  });

  it('are affordable up to the floor, however few calls there are', () => {
    const { calls, spendUpTo } = aBudget({ floor: 60 });
    calls(1);

    expect(spendUpTo(100)).toBe(60);
  });

  it('have the floor or the share, whichever is more, not both', () => {
    const { calls, spendUpTo } = aBudget({ floor: 10 });
    calls(100);

    expect(spendUpTo(100)).toBe(20);
  });

  it.each([{ ratio: 0 }, { ratio: 0, floor: 0 }])('are never affordable with %j', (given) => {
    const { calls, spend } = aBudget(given);
    calls(100);

    expect(spend()).toBe(false);
  });

  it('that are refused do not count', () => {
    const { calls, spend, spendUpTo } = aBudget();
    calls(5);
    spendUpTo(100);

    calls(5);

    expect([spend(), spend()]).toEqual([true, false]);
  });
});

describe('the window', () => {
  it('slides: what was spent at its start is affordable again when that has left it', () => {
    const { spendUpTo, wait } = aBudget({ floor: 10 });
    expect(spendUpTo(4)).toBe(4);
    wait(30_000);
    expect(spendUpTo(100)).toBe(6);

    wait(29_999);
    expect(spendUpTo(100)).toBe(0);
    wait(1);
    expect(spendUpTo(100)).toBe(4);
    wait(30_000);
    expect(spendUpTo(100)).toBe(6);
  });

  it('forgets calls, too', () => {
    const { calls, spend, wait } = aBudget();
    calls(100);

    wait(60_000);

    expect(spend()).toBe(false);
  });

  it('may be long past', () => {
    const { spendUpTo, wait } = aBudget({ floor: 3 });
    spendUpTo(3);

    wait(86_400_000);

    expect(spendUpTo(9)).toBe(3);
  });

  it('may begin at any time', () => {
    const { calls, spendUpTo } = aBudget({}, 123_456_789.5);
    calls(10);

    expect(spendUpTo(9)).toBe(2);
  });

  it('of no length has a budget all the same', () => {
    const { spendUpTo } = aBudget({ windowMs: 0, floor: 2 });

    expect(spendUpTo(9)).toBe(2);
  });

  it('never has more than is allowed in it, nor less over a tenth less of it', () => {
    type Step = readonly ['call' | 'retry', number];
    const step: fc.Arbitrary<Step> = fc.tuple(fc.constantFrom('call', 'retry'), fc.nat(3000));
    const windowMs = 10_000;

    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 100 }),
        fc.nat(5),
        fc.constantFrom(0, 0.2, 1),
        (steps, floor, ratio) => {
          const { call, spend, wait } = aBudget({ floor, ratio, windowMs });
          let now = 0;
          const [called, spent]: [number[], number[]] = [[], []];
          const within = (times: number[], ms: number): number =>
            times.filter((time) => time > now - ms).length;

          for (const [what, ms] of steps) {
            wait(ms);
            now += ms;
            if (what === 'call') {
              call(now);
              called.push(now);
              continue;
            }
            const isAffordable = spend();
            // What both a window and one a tenth shorter agree on, it must agree on.
            const most = Math.max(floor, ratio * within(called, windowMs));
            const least = Math.max(floor, ratio * within(called, windowMs * 0.9));
            if (within(spent, windowMs * 0.9) >= most) expect(isAffordable).toBe(false);
            if (within(spent, windowMs) < least) expect(isAffordable).toBe(true);
            if (isAffordable) spent.push(now);
          }
        },
      ),
    );
  });
});
