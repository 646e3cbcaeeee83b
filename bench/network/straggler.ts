import { toGrid, type Grid } from '../harness/grid.ts';
import { noteBusy } from '../harness/measure-rows.ts';
import type { Scenario } from '../harness/scenario.ts';
import { judgeMedians, type Verdict } from '../harness/verdict.ts';
import { measure, type Reading } from './measure.ts';
import {
  batchingPeers,
  carpoolH1,
  carpoolH2,
  leaders,
  limit,
  nativeH1,
  nativeH2,
  ours,
} from './names.ts';
import { readTimes, times } from './readings.ts';
import { onStage, type Take } from './stage.ts';

const ids = Array.from({ length: 60 }, (_, index) => index + 1);
const straggler = { id: 17, ms: 1000 };
const itemMs = 20;
const take: Take = { plan: { ids }, cost: { itemMs, straggler } };

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

/**
 * By the time that the next one begins, everybody has all answers but one, and waits; and one is done
 * before a fifth one begins. Native fetch over HTTP/1.1 goes on and on, and so runs alone.
 */
const stagger = { gapMs: 280, most: 4 };

/** A dashboard far away, with a widget that is slow. */
export const oneStraggler: Scenario = (setting) =>
  onStage(setting, { rttMs: 100 }, async (stage) => {
    const names = stage.names.filter((name) => !/^window|^sequential/.test(name));
    const warm = await measure(
      stage,
      { names, take, reading, stagger, alone: [nativeH1] },
      setting,
    );
    // It is opening connections that counts here, so nobody need wait for a straggler.
    const coldTake = { ...take, cost: { itemMs }, isCold: true };
    const cold = await measure(
      stage,
      {
        names: leaders,
        take: coldTake,
        reading: ({ answeredAt }) => readTimes(answeredAt),
        warmUps: 0,
      },
      setting,
    );
    const grid = toGrid({
      title: '60 widgets of 20 ms, one of 1 s: warm connections',
      measures,
      samples: warm.samples,
      subjects: ours,
    });
    const coldGrid = toGrid({
      title: '60 widgets of 20 ms: cold connections, a client that knows nothing',
      measures: times,
      samples: cold.samples,
      subjects: ours,
    });
    return {
      sections: [grid, coldGrid],
      verdicts: judge(grid),
      notes: [
        'RTT 100 ms.',
        `Warm: four at a time, ${stagger.gapMs} ms apart, so that one is at work while the others wait for their stragglers.`,
        ...noteBusy(warm.busyRounds + cold.busyRounds, 2 * setting.rounds),
      ],
      versions: stage.versions,
    };
  });
