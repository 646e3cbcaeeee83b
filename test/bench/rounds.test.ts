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

    expect(order.map((names) => names.toSorted().join(''))).toEqual(Array(5).fill('abc'));
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

describe('interleave, staggered', () => {
  /** Trials that note when they begin and end; each waits to be let go. */
  function held(names: readonly string[], alone: readonly string[] = []) {
    const log: string[] = [];
    const gates = new Map(names.map((name) => [name, Promise.withResolvers<void>()]));
    const trials = names.map((name): Trial => ({
      isAlone: alone.includes(name),
      async run() {
        log.push(`+${name}`);
        await gates.get(name)?.promise;
        log.push(`-${name}`);
        return { [name]: 1 };
      },
    }));
    return { trials, log, release: (name = '') => gates.get(name)?.resolve() };
  }

  const begun = (log: readonly string[]): string[] =>
    log.filter((entry) => entry.startsWith('+')).map((entry) => entry.slice(1));

  test('the next begins while one runs, but never a third', async () => {
    const { trials, log, release } = held(['a', 'b', 'c']);

    const done = interleave(trials, { count: 1, warmUps: 0, stagger: { gapMs: 1, most: 2 } });
    await expect.poll(() => log.length).toBe(2);
    const [first, second] = begun(log);
    release(first);
    await expect.poll(() => log.length).toBe(4);
    expect(log).toEqual([`+${first}`, `+${second}`, `-${first}`, `+${begun(log)[2]}`]);
    for (const name of begun(log)) release(name);

    expect([...(await done).keys()]).toEqual(['a', 'b', 'c']);
  });

  test('who is to be alone waits for the others, and they for it', async () => {
    const { trials, log, release } = held(['a', 'b', 'c'], ['a', 'b', 'c']);

    const done = interleave(trials, { count: 1, warmUps: 0, stagger: { gapMs: 0, most: 2 } });
    for (let turn = 0; turn < 3; turn++) {
      await expect.poll(() => begun(log).length).toBe(turn + 1);
      release(begun(log)[turn]);
    }
    await done;

    const [one, two, three] = begun(log);
    expect(log).toEqual([`+${one}`, `-${one}`, `+${two}`, `-${two}`, `+${three}`, `-${three}`]);
  });
});
