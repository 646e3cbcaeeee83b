import { setTimeout as sleep } from 'node:timers/promises';
import type { RowSamples } from '../harness/grid.ts';
import { waitForIdle } from '../harness/idle.ts';
import { interleave, type Trial } from '../harness/rounds.ts';
import type { RunSetting } from '../harness/scenario.ts';
import type { Burst } from './page.ts';
import type { BurstCost, Stage } from './stage.ts';

/** A burst that is measured each round, and what is taken down of it. */
export interface Task {
  readonly burst: Burst;
  /** By the name of the measure. */
  readonly reading: (cost: BurstCost) => Readonly<Record<string, number>>;
  /** So many rounds only, for what takes long. @default all */
  readonly rounds?: number;
}

export interface Measured {
  /** By measure; empty for who has failed. */
  readonly samplesOf: (burst: Pick<Burst, 'name' | 'isStubbed'>) => RowSamples;
  /** Who could not do what, and why, in sentences. */
  readonly failures: readonly string[];
  readonly busyRounds: number;
}

/** The first records, or opens connections; the second has compiled code. */
const warmUps = 2;

/** What was let go of by the last burst is done with by then, and not in the next one's figures. */
const settleMs = 20;

/** Runs tasks interleaved. One that fails is not tried again, and has no samples but what it answered. */
export async function measure(
  stage: Stage,
  tasks: readonly Task[],
  { rounds, seed, progress }: RunSetting,
): Promise<Measured> {
  const failures = new Map<Task, string>();
  const samples = new Map<string, Map<string, number[]>>();
  const samplesOf = ({ name, isStubbed }: Pick<Burst, 'name' | 'isStubbed'>) => {
    const key = `${isStubbed} ${name}`;
    const row = samples.get(key) ?? new Map<string, number[]>();
    samples.set(key, row);
    return row;
  };
  const keep = (burst: Burst, values: Readonly<Record<string, number>>): void => {
    const row = samplesOf(burst);
    for (const [what, value] of Object.entries(values)) {
      row.set(what, [...(row.get(what) ?? []), value]);
    }
  };

  let busyRounds = 0;
  let round = -warmUps;
  const trials = tasks.map((task): Trial => ({
    async run(round) {
      const { burst, reading } = task;
      const measured = round - warmUps;
      // Who takes long has compiled code after one.
      const isSpared = round === 1 && task.rounds !== undefined;
      if (failures.has(task) || isSpared || measured >= (task.rounds ?? Infinity)) return {};
      await sleep(settleMs);
      const cost = await stage.run(burst);
      if (cost.failure !== undefined) {
        const { name, calls } = burst;
        failures.set(
          task,
          `${name} failed with ${calls} calls at once, ${cost.answered} of which were answered: ${cost.failure}`,
        );
      } else if (measured >= 0) keep(burst, reading(cost));
      return {};
    },
  }));
  await interleave(trials, {
    count: rounds,
    warmUps,
    seed,
    async onRound() {
      progress(round < 0 ? 'warming up' : `round ${round + 1} of ${rounds}`);
      await stage.tidy();
      if (!(await waitForIdle()) && round >= 0) busyRounds++;
      round++;
    },
  });
  return { samplesOf, failures: [...failures.values()], busyRounds };
}
