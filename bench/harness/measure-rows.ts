import type { RowSamples } from './grid.ts';
import { waitForIdle } from './idle.ts';
import { interleave, type Rounds, type Trial } from './rounds.ts';

/** Measures something of a row once a round; several may be of the same row. */
export interface RowTrial extends Omit<Trial, 'run'> {
  readonly row: string;
  /** Figures by the name of their measure; none to sit a round out. Warm-ups have negative numbers. */
  readonly run: (round: number) => Promise<Readonly<Record<string, number>>>;
}

export interface QuietRounds extends Omit<Rounds, 'onRound'> {
  /** Says what is going on. */
  readonly progress: (what: string) => void;
  /** Done before each round, before the machine is to be idle. */
  readonly tidy?: () => Promise<void>;
}

export interface MeasuredRows {
  /** In the order of trials. */
  readonly samples: ReadonlyMap<string, RowSamples>;
  /** Rounds that began on a busy machine. */
  readonly busyRounds: number;
}

/** Runs trials interleaved, each round on an idle machine if that can be had. */
export async function measureRows(
  trials: readonly RowTrial[],
  { progress, tidy, ...rounds }: QuietRounds,
): Promise<MeasuredRows> {
  const { count, warmUps } = rounds;
  const samples = new Map<string, Map<string, number[]>>();
  for (const { row } of trials) samples.set(row, new Map());
  let busyRounds = 0;
  let next = -warmUps;

  const noted = trials.map(({ row, run, ...trial }): Trial => ({
    ...trial,
    async run(round) {
      const measured = round - warmUps;
      const values = await run(measured);
      if (measured < 0) return {};
      const kept = samples.get(row);
      for (const [measure, value] of Object.entries(values)) {
        kept?.set(measure, [...(kept.get(measure) ?? []), value]);
      }
      return {};
    },
  }));
  await interleave(noted, {
    ...rounds,
    async onRound() {
      progress(next < 0 ? 'warming up' : `round ${next + 1} of ${count}`);
      await tidy?.();
      if (!(await waitForIdle()) && next >= 0) busyRounds++;
      next++;
    },
  });
  return { samples, busyRounds };
}

/** For the notes of a report; none if all was quiet. */
export const noteBusy = (busyRounds: number, rounds: number): string[] =>
  busyRounds === 0 ? [] : [`${busyRounds} of ${rounds} rounds began on a busy machine.`];
