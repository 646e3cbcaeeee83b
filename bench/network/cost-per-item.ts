import { toGrid, type Grid } from '../harness/grid.ts';
import { createRandom } from '../harness/random.ts';
import type { Findings, RunSetting, Scenario } from '../harness/scenario.ts';
import { judgeMedians, type Verdict } from '../harness/verdict.ts';
import { chartOf } from './chart-of.ts';
import { measure, noteBusy } from './measure.ts';
import { carpoolH1, limit, ours, sequential } from './names.ts';
import { readAll, requests, times } from './readings.ts';
import { onStage } from './stage.ts';

interface Case {
  readonly name: string;
  readonly title: string;
  readonly ids: (seed: number) => readonly number[];
  readonly sequentialRounds: number;
  readonly judge: (grid: Grid) => readonly Verdict[];
}

const itemMs = 150;

/** Calls that cost the server the same each, at once, on a near server. */
async function run(setting: RunSetting, { name, title, ids, ...rest }: Case): Promise<Findings> {
  return onStage({ rttMs: 4 }, async (stage) => {
    const match = {
      names: stage.names.filter((one) => !one.startsWith('window')),
      take: { plan: { ids: ids(setting.seed) }, cost: { itemMs } },
      reading: readAll,
      slow: { [sequential]: rest.sequentialRounds },
    };
    const { samples, busyRounds } = await measure(stage, match, setting);
    const grid = toGrid({ title, measures: [...times, requests], samples, subjects: ours });
    return {
      sections: [grid],
      verdicts: rest.judge(grid),
      notes: [
        'RTT 4 ms, connections warm.',
        `Sequential fetch takes so long, and varies so little, that it is measured ${rest.sequentialRounds} × only.`,
        ...noteBusy(busyRounds, setting.rounds),
      ],
      versions: stage.versions,
      charts: [chartOf(name, grid, 'last', `${title}: until the last answer`)],
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
    name: 's1',
    title: '20 calls of 150 ms, 30 % duplicates',
    ids: (seed) => withDuplicates(20, 6, seed),
    sequentialRounds: 3,
    judge: (grid) => [
      last('the last at least 94 % below sequential', grid, sequential, 0.06),
      last('the last within 1.10 of the limit', grid, limit, 1.1),
    ],
  });

export const hundred: Scenario = (setting) =>
  run(setting, {
    name: 's2',
    title: '100 calls of 150 ms',
    ids: () => Array.from({ length: 100 }, (_, index) => index + 1),
    sequentialRounds: 1,
    judge: (grid) => [last('the last at least 98.7 % below sequential', grid, sequential, 0.013)],
  });
