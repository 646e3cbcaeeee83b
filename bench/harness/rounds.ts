import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from './random.ts';

/** Measures something once a round. */
export interface Trial {
  /** Samples by the name of their row; names are unique in a run. `round` counts warm-ups, too. */
  readonly run: (round: number) => Promise<Readonly<Record<string, number>>>;
  /** Whether no other may run beside it, where they are staggered. @default false */
  readonly isAlone?: boolean;
}

export interface Stagger {
  /** How long after one trial has begun the next one begins. */
  readonly gapMs: number;
  /** So many at a time: another begins when one of them is done. */
  readonly most: number;
}

export interface Rounds {
  /** Measured rounds. */
  readonly count: number;
  /** Rounds before those, whose figures are dropped. */
  readonly warmUps: number;
  /** Of the order within rounds. @default 1 */
  readonly seed?: number;
  /** For trials that are at work at first, and then mostly wait. @default one after the other */
  readonly stagger?: Stagger | undefined;
  /** Done before each round. */
  readonly onRound?: () => void | Promise<void>;
}

/** By the name of the row, in order of rounds. */
export type Samples = ReadonlyMap<string, readonly number[]>;

const byTurns = async <T>(tasks: readonly Task<T>[]): Promise<T[]> => {
  const results: T[] = [];
  for (const { run } of tasks) results.push(await run());
  return results;
};

interface Task<T> {
  readonly isAlone: boolean;
  readonly run: () => Promise<T>;
}

/** Each begun so long after the one before, or when that is done. */
async function staggered<T>(tasks: readonly Task<T>[], { gapMs, most }: Stagger): Promise<T[]> {
  const running = new Set<Promise<T>>();
  const results: Promise<T>[] = [];
  // Who is alone comes last: only once need the others all be done.
  const inOrder = tasks.toSorted((a, b) => Number(a.isAlone) - Number(b.isAlone));
  for (const { isAlone, run } of inOrder) {
    while (running.size > (isAlone ? 0 : most - 1)) await Promise.race(running);
    const result = run().finally(() => running.delete(result));
    running.add(result);
    results.push(result);
    await (isAlone ? result : Promise.race([result, sleep(gapMs)]));
  }
  return Promise.all(results);
}

/**
 * Runs the trials interleaved: each once a round, in an order drawn anew for each round, so that none
 * always comes after the same one, or first after a pause. Rows come in the order of trials.
 */
export async function interleave(
  trials: readonly Trial[],
  { count, warmUps, onRound, seed = 1, stagger }: Rounds,
): Promise<Samples> {
  const random = createRandom(seed);
  const collected = new Map<Trial, Map<string, number[]>>();
  for (const trial of trials) collected.set(trial, new Map());
  for (let round = 0; round < warmUps + count; round++) {
    await onRound?.();
    const tasks = random.pick(trials, trials.length).map((trial) => ({
      isAlone: trial.isAlone ?? false,
      run: async () => ({ trial, samples: await trial.run(round) }),
    }));
    const results = await (stagger ? staggered(tasks, stagger) : byTurns(tasks));
    if (round < warmUps) continue;
    for (const { trial, samples } of results) {
      const rows = collected.get(trial);
      for (const [name, sample] of Object.entries(samples)) {
        rows?.set(name, [...(rows.get(name) ?? []), sample]);
      }
    }
  }
  return new Map([...collected.values()].flatMap((rows) => [...rows]));
}
