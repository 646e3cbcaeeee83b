import { describe, expect, test } from 'vitest';
import { interleave, type Trial } from '../../bench/harness/rounds.ts';

/** Trials that note their names as they run. */
function noted(names: readonly string[]) {
  const order: string[][] = [];
  const trials = names.map((name): Trial => ({
    run(round) {
      (order[round] ??= []).push(name);
      return Promise.resolve({ [name]: round });
    },
  }));
  return { trials, order };
}

describe('interleave', () => {
  test('each trial runs once a round', async () => {
    const { trials, order } = noted(['a', 'b', 'c']);

    await interleave(trials, { count: 5, warmUps: 0 });

    expect(order.map((names) => names.toSorted())).toEqual(Array(5).fill(['a', 'b', 'c']));
  });

  test('the order is drawn anew for each round, and is the same for the same seed', async () => {
    const [one, same, other] = [1, 1, 2].map((seed) => ({ seed, ...noted(['a', 'b', 'c', 'd']) }));

    for (const run of [one, same, other]) {
      await interleave(run?.trials ?? [], { count: 9, warmUps: 0, seed: run?.seed ?? 0 });
    }

    expect(new Set(one?.order.map(String)).size).toBeGreaterThan(1);
    expect(same?.order).toEqual(one?.order);
    expect(other?.order).not.toEqual(one?.order);
  });

  test('warm-ups count as rounds, and leave no samples', async () => {
    const { trials } = noted(['a', 'b']);

    const samples = await interleave(trials, { count: 3, warmUps: 2 });

    expect([...samples]).toEqual([
      ['a', [2, 3, 4]],
      ['b', [2, 3, 4]],
    ]);
  });

  test('a trial may sit a round out', async () => {
    const once: Trial = {
      run: (round): Promise<Record<string, number>> =>
        Promise.resolve(round === 0 ? { once: 7 } : {}),
    };

    const samples = await interleave([once], { count: 3, warmUps: 0 });

    expect(samples.get('once')).toEqual([7]);
  });

  test('waits before each round', async () => {
    const { trials, order } = noted(['a', 'b']);
    const before: number[] = [];

    await interleave(trials, {
      count: 2,
      warmUps: 1,
      onRound: () => void before.push(order.flat().length),
    });

    expect(before).toEqual([0, 2, 4]);
  });
});
