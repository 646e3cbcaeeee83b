import type { RowSamples } from '../harness/grid.ts';
import { measureRows } from '../harness/measure-rows.ts';
import type { RunSetting } from '../harness/scenario.ts';
import type { Burst } from './page.ts';
import type { BurstCost, Stage } from './stage.ts';

/** A burst that is measured each round, and what is taken down of it. */
export interface Task {
  readonly burst: Burst;
  /** By the name of the measure. */
  readonly reading: (cost: BurstCost) => Readonly<Record<string, number>>;
  /** So many rounds only, without any before them, for what takes long. @default all */
  readonly rounds?: number;
}

export interface Measured {
  /** By measure; empty for who has failed. */
  readonly samplesOf: (burst: Pick<Burst, 'name' | 'isStubbed'>) => RowSamples;
  /** Who could not do what, and why, in sentences. */
  readonly failures: readonly string[];
  readonly busyRounds: number;
}

/** The first records, for who is on a stub; the second opens connections for the others, and has code run. */
const warmUps = 2;

const rowOf = ({ name, isStubbed }: Pick<Burst, 'name' | 'isStubbed'>): string =>
  `${isStubbed} ${name}`;

/** Runs tasks interleaved. One that fails is not tried again, and has no samples but what it answered. */
export async function measure(
  stage: Stage,
  tasks: readonly Task[],
  { rounds, seed, progress }: RunSetting,
): Promise<Measured> {
  const failures = new Map<Task, string>();
  await Promise.all(tasks.map(({ burst }) => stage.tabOf(burst)));
  const trials = tasks.map((task) => ({
    row: rowOf(task.burst),
    async run(round: number) {
      const { burst, reading, rounds: most = Infinity } = task;
      const isSpared = round < 0 && (most < Infinity || (round === -warmUps && !burst.isStubbed));
      if (failures.has(task) || isSpared || round >= most) return {};
      const cost = await stage.run(burst);
      if (cost.failure === undefined) return reading(cost);
      const { name, calls } = burst;
      failures.set(
        task,
        `${name} failed with ${calls} calls at once, ${cost.answered} of which were answered: ${cost.failure}`,
      );
      return {};
    },
  }));
  const { samples, busyRounds } = await measureRows(trials, {
    count: rounds,
    warmUps,
    seed,
    progress,
    tidy: stage.tidy,
  });
  return {
    samplesOf: (burst) => samples.get(rowOf(burst)) ?? new Map<string, readonly number[]>(),
    failures: [...failures.values()],
    busyRounds,
  };
}
