import { toGrid, type Grid } from '../harness/grid.ts';
import { noteBusy } from '../harness/measure-rows.ts';
import { createRandom } from '../harness/random.ts';
import type { Findings, RunSetting, Scenario } from '../harness/scenario.ts';
import { judgeMedians, type Verdict } from '../harness/verdict.ts';
import { measure } from './measure.ts';
import { carpoolH1, limit, ours, sequential } from './names.ts';
import { readAll, requests, times } from './readings.ts';
import { onStage } from './stage.ts';

interface Case {
  readonly title: string;
  readonly ids: (seed: number) => readonly number[];
  readonly judge: (grid: Grid) => readonly Verdict[];
}

const itemMs = 150;

/** It takes up to 16 s, and varies by some thousandths. */
const sequentialRounds = 1;

/** Calls that cost the server the same each, at once, on a near server. */
async function run(setting: RunSetting, { title, ids, judge }: Case): Promise<Findings> {
  return onStage(setting, { rttMs: 4 }, async (stage) => {
    const match = {
      names: stage.names.filter((one) => !one.startsWith('window')),
      take: { plan: { ids: ids(setting.seed) }, cost: { itemMs } },
      reading: readAll,
      slow: { [sequential]: sequentialRounds },
    };
    const { samples, busyRounds } = await measure(stage, match, setting);
    const grid = toGrid({ title, measures: [...times, requests], samples, subjects: ours });
    return {
      sections: [grid],
      verdicts: judge(grid),
      notes: [
        'RTT 4 ms, connections warm.',
        'Sequential fetch takes so long, and varies so little, that it is measured once.',
        ...noteBusy(busyRounds, setting.rounds),
      ],
      versions: stage.versions,
    };
  });
}

/** So many calls, of which so many ask for what another asks for, too. */
function withDuplicates(count: number, duplicates: number, seed: number): number[] {
  const random = createRandom(seed);
  const distinct = Array.from({ length: count - duplicates }, (_, index) => index + 1);
  return random.pick([...distinct, ...random.pick(distinct, duplicates)], count);
}

const last = (bar: string, grid: Grid, other: string, ratio: number): Verdict =>
  judgeMedians(bar, { grid, measure: 'last', row: carpoolH1, others: [other], limit: ratio });

export const someWithDuplicates: Scenario = (setting) =>
  run(setting, {
    title: '20 calls of 150 ms, 30 % duplicates',
    ids: (seed) => withDuplicates(20, 6, seed),
    judge: (grid) => [
      last('the last at least 94 % below sequential', grid, sequential, 0.06),
      last('the last within 1.10 of the limit', grid, limit, 1.1),
    ],
  });

export const hundred: Scenario = (setting) =>
  run(setting, {
    title: '100 calls of 150 ms',
    ids: () => Array.from({ length: 100 }, (_, index) => index + 1),
    judge: (grid) => [last('the last at least 98.7 % below sequential', grid, sequential, 0.013)],
  });
