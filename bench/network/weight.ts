import { toGrid, type Grid } from '../harness/grid.ts';
import type { Scenario } from '../harness/scenario.ts';
import { judgeMedians, type Verdict } from '../harness/verdict.ts';
import { chartOf } from './chart-of.ts';
import { measure } from './measure.ts';
import { carpoolH2, nativeH2, ours } from './names.ts';
import { bytes, readAll, requests } from './readings.ts';
import { onStage } from './stage.ts';

const dashboards = [20, 200] as const;

/** Bytes hardly vary. */
const enoughRounds = 3;

const judge = (grid: Grid, what: string): Verdict[] => {
  const toNative = { grid, row: carpoolH2, others: [nativeH2] };
  return [
    judgeMedians(`${what}: bytes down at most 0.68 of native HTTP/2`, {
      ...toNative,
      measure: 'down',
      limit: 0.68,
    }),
    judgeMedians(`${what}: bytes up at most 0.20 of native HTTP/2`, {
      ...toNative,
      measure: 'up',
      limit: 0.2,
    }),
  ];
};

/** What goes over the line, as the proxy counts it: heads, frames and TLS included. */
export const weight: Scenario = (given) =>
  onStage({ rttMs: 0 }, async (stage) => {
    const setting = { ...given, rounds: Math.min(given.rounds, enoughRounds) };
    const names = stage.names.filter((name) => !/^window|^sequential/.test(name));
    const grids: Grid[] = [];
    for (const count of dashboards) {
      for (const isCold of [true, false]) {
        const plan = { ids: Array.from({ length: count }, (_, index) => index + 1) };
        const match = {
          names,
          take: { plan, cost: { itemMs: 0 }, isCold },
          reading: readAll,
          warmUps: 0,
        };
        const { samples } = await measure(stage, match, setting);
        const how = isCold ? 'the first time, connections included' : 'again';
        const title = `${count} widgets, ${how}`;
        grids.push(toGrid({ title, measures: [...bytes, requests], samples, subjects: ours }));
      }
    }
    const largest = grids.find(({ title }) => title === '200 widgets, again');
    return {
      sections: grids,
      verdicts: largest ? judge(largest, largest.title) : [],
      notes: [
        'Compressed by gzip wherever a server may; the first time, Carpool doesn’t know yet that its endpoint takes compressed requests.',
      ],
      versions: stage.versions,
      charts: largest ? [chartOf('s10', largest, 'down', '200 widgets: bytes down')] : [],
    };
  });
