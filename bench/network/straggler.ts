import { toGrid, type Grid } from '../harness/grid.ts';
import type { RunSetting, Scenario } from '../harness/scenario.ts';
import { judgeMedians, type Verdict } from '../harness/verdict.ts';
import { chartOf } from './chart-of.ts';
import { measure, noteBusy, type Reading } from './measure.ts';
import { batchingPeers, carpoolH1, carpoolH2, limit, nativeH2, ours, tuned } from './names.ts';
import { readTimes, times } from './readings.ts';
import { onStage, type Stage, type Take } from './stage.ts';

const ids = Array.from({ length: 60 }, (_, index) => index + 1);
const straggler = { id: 17, ms: 1000 };
const take: Take = { plan: { ids }, cost: { itemMs: 20, straggler } };

const notDelayed = 'last but one';

const reading: Reading = ({ answeredAt }) => ({
  ...readTimes(answeredAt),
  [notDelayed]:
    readTimes(answeredAt.filter((_, index) => ids[index] !== straggler.id))['last'] ?? 0,
});

const judge = (grid: Grid): Verdict[] => {
  const toLimit = (bar: string, measured: string, ratio: number): Verdict =>
    judgeMedians(bar, {
      grid,
      measure: measured,
      row: carpoolH1,
      others: [limit],
      limit: ratio,
    });
  const ahead = (bar: string, measured: string, others: readonly string[]): Verdict =>
    judgeMedians(bar, { grid, measure: measured, row: carpoolH1, others, limit: 1 });
  return [
    toLimit('the first within 1.06 of the limit', 'first', 1.06),
    toLimit('the median within 1.06 of the limit', 'median', 1.06),
    ahead('the first ahead of every batching peer', 'first', batchingPeers),
    ahead('the median ahead of every batching peer', 'median', batchingPeers),
    judgeMedians("the median ahead of native HTTP/2's", {
      grid,
      measure: 'median',
      row: carpoolH2,
      others: [nativeH2],
      limit: 1,
    }),
    toLimit('the last within 1.03 of the limit', 'last', 1.03),
    toLimit('no other delayed: the last but one within 1.06 of the limit', notDelayed, 1.06),
  ];
};

const measures = [...times.slice(0, 2), { name: notDelayed, unit: 'ms' }, ...times.slice(2)];

async function compare(
  stage: Stage,
  setting: RunSetting,
  names: readonly string[],
  isCold: boolean,
): Promise<{ readonly grid: Grid; readonly notes: readonly string[] }> {
  const match = { names, take: { ...take, isCold }, reading };
  const { samples, busyRounds } = await measure(stage, match, setting);
  const how = isCold ? 'cold connections, a client that knows nothing' : 'warm connections';
  const title = `60 widgets of 20 ms, one of 1 s: ${how}`;
  return {
    grid: toGrid({ title, measures, samples, subjects: ours }),
    notes: noteBusy(busyRounds, setting.rounds),
  };
}

/** A dashboard far away, with a widget that is slow. */
export const oneStraggler: Scenario = (setting) =>
  onStage({ rttMs: 100 }, async (stage) => {
    const names = stage.names.filter((name) => !/^window|^sequential/.test(name));
    const warm = await compare(stage, setting, names, false);
    // A second each: those that the bars are about do.
    const cold = await compare(stage, setting, [nativeH2, limit, tuned, ...ours], true);
    return {
      sections: [warm.grid, cold.grid],
      verdicts: judge(warm.grid),
      notes: ['RTT 100 ms.', ...warm.notes, ...cold.notes],
      versions: stage.versions,
      charts: [
        chartOf('s3', warm.grid, 'median', '60 widgets, RTT 100 ms, one slow: until the median'),
      ],
    };
  });
