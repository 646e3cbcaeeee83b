import { createRandom } from './random.ts';

/** Measures something once a round. */
export interface Trial {
  /** Samples by the name of their row; names are unique in a run. `round` counts warm-ups, too. */
  readonly run: (round: number) => Promise<Readonly<Record<string, number>>>;
}

export interface Rounds {
  /** Measured rounds. */
  readonly count: number;
  /** Rounds before those, whose figures are dropped. */
  readonly warmUps: number;
  /** Of the order within rounds. @default 1 */
  readonly seed?: number;
  /** Done before each round. */
  readonly onRound?: () => void | Promise<void>;
}

/** By the name of the row, in order of rounds. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/**
 * Runs the trials interleaved: each once a round, in an order drawn anew for each round, so that none
 * always comes after the same one, or first after a pause. Rows come in the order of trials.
 */
export async function interleave(
  trials: readonly Trial[],
  { count, warmUps, onRound, seed = 1 }: Rounds,
): Promise<Samples> {
  const random = createRandom(seed);
  const collected = trials.map(() => new Map<string, number[]>());
  for (let round = 0; round < warmUps + count; round++) {
    await onRound?.();
    for (const index of random.pick([...trials.keys()], trials.length)) {
      const samples = (await trials[index]?.run(round)) ?? {};
      if (round < warmUps) continue;
      for (const [name, sample] of Object.entries(samples)) {
        const row = collected[index]?.get(name) ?? [];
        collected[index]?.set(name, [...row, sample]);
      }
    }
  }
  return new Map(collected.flatMap((rows) => [...rows]));
}
