import type { RowSamples } from '../harness/grid.ts';
import { waitForIdle } from '../harness/idle.ts';
import { interleave, type Trial } from '../harness/rounds.ts';
import type { RunSetting } from '../harness/scenario.ts';
import type { Outcome } from './page.ts';
import type { Stage, Take, Traffic } from './stage.ts';

/** What is taken down of one run, by the name of its measure. */
export type Reading = (result: Outcome & Traffic) => Readonly<Record<string, number>>;

export interface Match {
  readonly names: readonly string[];
  readonly take: Take;
  readonly reading: Reading;
  /** Rounds without a cost beforehand, which open connections and have the code compiled. @default 2 */
  readonly warmUps?: number;
  /** Who takes so long that it runs in the first few rounds only, and in how many. */
  readonly slow?: Readonly<Record<string, number>>;
  /** How long after one has begun the next one begins; what goes over the line is not told apart then. */
  readonly staggerMs?: number;
  /** Who runs by itself, even so. */
  readonly alone?: readonly string[];
}

const separator = ' · ';

/** By contender, then by measure. */
export type MatchSamples = ReadonlyMap<string, RowSamples>;

/** Runs contenders interleaved, and says how many of the rounds began on a busy machine. */
export async function measure(
  stage: Stage,
  { names, take, reading, warmUps = 2, slow = {}, staggerMs, alone = [] }: Match,
  { rounds, seed, progress }: RunSetting,
): Promise<{ readonly samples: MatchSamples; readonly busyRounds: number }> {
  let busyRounds = 0;
  let round = -warmUps;
  const trials = names.map((name): Trial => ({
    isAlone: alone.includes(name),
    async run(round) {
      if (round < warmUps) {
        await stage.run(name, { ...take, isCold: false, cost: { itemMs: 0 } });
        return {};
      }
      if (round - warmUps >= (slow[name] ?? Infinity)) return {};
      const values = reading(await stage.run(name, take));
      return Object.fromEntries(
        Object.entries(values).map(([what, value]) => [name + separator + what, value]),
      );
    },
  }));
  const flat = await interleave(trials, {
    count: rounds,
    warmUps,
    seed,
    staggerMs: staggerMs ?? null,
    async onRound() {
      progress(round < 0 ? 'warming up' : `round ${round + 1} of ${rounds}`);
      await stage.tidy();
      if (!(await waitForIdle()) && round >= 0) busyRounds++;
      round++;
    },
  });

  const samples = new Map<string, Map<string, readonly number[]>>();
  for (const [key, values] of flat) {
    const [name = '', what = ''] = key.split(separator);
    const row = samples.get(name) ?? new Map<string, readonly number[]>();
    samples.set(name, row.set(what, values));
  }
  return { samples, busyRounds };
}

/** For the notes of a report; none if all was quiet. */
export const noteBusy = (busyRounds: number, rounds: number): string[] =>
  busyRounds === 0 ? [] : [`${busyRounds} of ${rounds} rounds began on a busy machine.`];
