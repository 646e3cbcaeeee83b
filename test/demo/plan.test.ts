import { describe, expect, it } from 'vitest';
import { createPlan } from '../../demo/compare/plan.ts';

describe('createPlan', () => {
  it.each([
    { requests: 20, rate: 0.3, repeats: 6 },
    { requests: 100, rate: 0.3, repeats: 30 },
    { requests: 20, rate: 0, repeats: 0 },
    { requests: 7, rate: 0.5, repeats: 4 },
    { requests: 3, rate: 0.99, repeats: 2 },
    { requests: 1, rate: 0.99, repeats: 0 },
  ])(
    '$requests calls at rate $rate repeat $repeats earlier ones',
    ({ requests, rate, repeats }) => {
      const ids = createPlan(requests, rate);

      expect(ids).toHaveLength(requests);
      expect(requests - new Set(ids).size).toBe(repeats);
    },
  );

  it('a new widget is the next number, a repeat one that came before', () => {
    const ids = createPlan(200, 0.35);

    const inOrderOfAppearance = [...new Set(ids)];
    expect(inOrderOfAppearance).toEqual(inOrderOfAppearance.map((_, index) => index + 1));
  });

  it('spreads the repeats evenly', () => {
    const ids = createPlan(100, 0.3);

    for (let start = 0; start < 100; start += 10) {
      const before = new Set(ids.slice(0, start));
      const fresh = new Set(ids.slice(start, start + 10).filter((id) => !before.has(id)));
      expect(fresh.size).toBe(7);
    }
  });

  it('is the same every time', () => {
    expect(createPlan(50, 0.3)).toEqual(createPlan(50, 0.3));
  });
});
