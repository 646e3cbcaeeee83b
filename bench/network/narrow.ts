import { toGrid, type Grid } from '../harness/grid.ts';
import { noteBusy } from '../harness/measure-rows.ts';
import type { RunSetting, Scenario } from '../harness/scenario.ts';
import { judgeMedians, type Verdict } from '../harness/verdict.ts';
import { measure } from './measure.ts';
import {
  batchingPeers,
  bufferedPeers,
  carpoolH1,
  carpoolH2,
  leaders,
  nativeH1,
  nativeH2,
  ours,
  tuned,
} from './names.ts';
import { bytes, readAll, requests, times } from './readings.ts';
import { onStage, type Stage, type Take } from './stage.ts';

const take: Take = {
  plan: { ids: Array.from({ length: 200 }, (_, index) => index + 1) },
  cost: { itemMs: 10 },
  isWeighed: true,
};

interface Bar {
  readonly bar: string;
  readonly measure: string;
  readonly row: string;
  readonly others: readonly string[];
  readonly limit: number;
}

const last = { measure: 'last', row: carpoolH1 };
const first = { measure: 'first', row: carpoolH1, others: [nativeH1] };
const toH2 = { row: carpoolH2, others: [nativeH2] };

const bars: readonly Bar[] = [
  { ...last, bar: 'the last 10 × sooner than native HTTP/1.1', others: [nativeH1], limit: 0.1 },
  { ...toH2, measure: 'last', bar: 'the last 2 × sooner than native HTTP/2', limit: 0.5 },
  { ...last, bar: 'the last within 1.10 of the tuned limit', others: [tuned], limit: 1.1 },
  {
    ...last,
    bar: 'the last level with the best buffered peer (1.05)',
    others: bufferedPeers,
    limit: 1.05,
  },
  { ...first, bar: 'the first ahead of every batching peer', others: batchingPeers, limit: 1 },
  { ...first, bar: "the first within 1.25 of native HTTP/1.1's", limit: 1.25 },
  { ...toH2, measure: 'first', bar: "the first within 1.25 of native HTTP/2's", limit: 1.25 },
  { ...toH2, measure: 'down', bar: 'bytes down at most 0.68 of native HTTP/2', limit: 0.68 },
  { ...toH2, measure: 'up', bar: 'bytes up at most 0.20 of native HTTP/2', limit: 0.2 },
];

const judge = (grid: Grid): Verdict[] =>
  bars.map(({ bar, ...comparison }) => judgeMedians(bar, { grid, ...comparison }));

async function compare(
  stage: Stage,
  setting: RunSetting,
  isCold: boolean,
): Promise<{ readonly grid: Grid; readonly notes: readonly string[] }> {
  const match = {
    names: isCold ? leaders : stage.names.filter((name) => !/^window|^sequential/.test(name)),
    ...(isCold && { warmUps: 0 }),
    take: { ...take, isCold },
    reading: readAll,
  };
  const { samples, busyRounds } = await measure(stage, match, setting);
  const how = isCold ? 'cold connections, a client that knows nothing' : 'warm connections';
  const measures = [...times, ...bytes, isCold ? { name: 'connections' } : requests];
  return {
    grid: toGrid({ title: `200 widgets of 10 ms: ${how}`, measures, samples, subjects: ours }),
    notes: noteBusy(busyRounds, setting.rounds),
  };
}

/** A large dashboard over a narrow line. */
export const narrowLine: Scenario = (setting) =>
  onStage(setting, { rttMs: 50, bitsPerSecond: 10_000_000 }, async (stage) => {
    const warm = await compare(stage, setting, false);
    const cold = await compare(stage, setting, true);
    return {
      sections: [warm.grid, cold.grid],
      verdicts: judge(warm.grid),
      notes: ['RTT 50 ms, 10 Mbit/s, 1 to 4 kB of JSON each.', ...warm.notes, ...cold.notes],
      versions: stage.versions,
    };
  });
