import { measureRows, type MeasuredRows } from '../harness/measure-rows.ts';
import type { Stagger } from '../harness/rounds.ts';
import type { RunSetting } from '../harness/scenario.ts';
import type { Outcome } from './page.ts';
import type { Stage, Take, Traffic } from './stage.ts';

/** What is taken down of one run, by the name of its measure. */
export type Reading = (result: Outcome & Traffic) => Readonly<Record<string, number>>;

export interface Match {
  readonly names: readonly string[];
  readonly take: Take;
  readonly reading: Reading;
  /** Rounds without a cost beforehand, which open connections and have the code run. @default 1 */
  readonly warmUps?: number;
  /** Who takes so long that it runs in the first few rounds only, and in how many. */
  readonly slow?: Readonly<Record<string, number>>;
  /** How they overlap, if they do; what goes over the line is not told apart then. */
  readonly stagger?: Stagger;
  /** Who runs by itself, even so. */
  readonly alone?: readonly string[];
}

/** Runs contenders interleaved. */
export const measure = (
  stage: Stage,
  { names, take, reading, warmUps = 1, slow = {}, stagger, alone = [] }: Match,
  { rounds, seed, progress }: RunSetting,
): Promise<MeasuredRows> =>
  measureRows(
    names.map((name) => ({
      row: name,
      isAlone: alone.includes(name),
      async run(round) {
        if (round < 0) {
          await stage.run(name, { ...take, isCold: false, cost: { itemMs: 0 } });
          return {};
        }
        if (round >= (slow[name] ?? Infinity)) return {};
        return reading(await stage.run(name, take));
      },
    })),
    { count: rounds, warmUps, seed, stagger, progress, tidy: stage.tidy },
  );
