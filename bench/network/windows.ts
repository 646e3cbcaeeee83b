import { setTimeout as sleep } from 'node:timers/promises';
import { toGrid, type Grid } from '../harness/grid.ts';
import { noteBusy, type MeasuredRows } from '../harness/measure-rows.ts';
import type { RunSetting, Scenario } from '../harness/scenario.ts';
import { judgeMedians, type Verdict } from '../harness/verdict.ts';
import { measure } from './measure.ts';
import type { Plan } from './page.ts';
import { readTimes, requests } from './readings.ts';
import { onStage, type Stage } from './stage.ts';

const itemMs = 10;
const ids = Array.from({ length: 20 }, (_, index) => index + 1);

const patterns: readonly { readonly what: string; readonly plan: Plan }[] = [
  { what: '20 calls at once', plan: { ids } },
  { what: '20 calls over 100 ms', plan: { ids, atMs: ids.map((_, index) => index * 5) } },
];

const call = { name: 'a call, median', unit: 'ms' };
const measures = [
  call,
  { name: 'a call, last', unit: 'ms' },
  { name: 'all', unit: 'ms' },
  requests,
];

const protocols = ['HTTP/1.1', 'HTTP/2'] as const;

const isAuto = (name: string): boolean => name.startsWith('window auto');
const over = (names: readonly string[], protocol: string): string[] =>
  names.filter((name) => name.endsWith(`, ${protocol}`));

/** Calls of each window's client a second apart; the clients take turns within the second. */
async function alone(
  stage: Stage,
  names: readonly string[],
  { rounds }: RunSetting,
): Promise<MeasuredRows['samples']> {
  await stage.setCost({ itemMs });
  const samples = new Map<string, Map<string, number[]>>();
  await Promise.all(
    protocols.map(async (protocol, index) => {
      const those = over(names, protocol);
      const tab = stage.tabOf(those[0] ?? '');
      // Not both tabs at the same moment: they call by turns of a sixth of a second.
      await sleep(index * 80);
      // The first second is a warm-up.
      const took = await tab.call('takeTurns', those, ids.slice(0, 1).concat(spread(rounds)));
      for (const [turn, name] of those.entries()) {
        samples.set(name, new Map([[call.name, (took[turn] ?? []).slice(1)]]));
      }
    }),
  );
  return samples;
}

const spread = (rounds: number): number[] =>
  Array.from({ length: rounds }, (_, index) => index + 1);

/** 'auto' against the best of the fixed windows, on each kind of connection. */
const judge = (what: string, grid: Grid): Verdict[] =>
  protocols.map((protocol) => {
    const those = over(
      grid.rows.map(({ name }) => name),
      protocol,
    );
    return judgeMedians(`${what}, ${protocol}: 'auto' within 1.1 of the best window`, {
      grid,
      measure: call.name,
      row: those.find(isAuto) ?? '',
      others: those.filter((name) => !isAuto(name)),
      limit: 1.1,
    });
  });

/** Which window suits which pattern of calls. */
export const trickle: Scenario = (setting) =>
  onStage(setting, { rttMs: 50 }, async (stage) => {
    const names = stage.names.filter((name) => name.startsWith('window'));
    const subjects = names.filter(isAuto);
    const grids: Grid[] = [];
    const notes = ['RTT 50 ms, 10 ms a call, connections warm.'];
    for (const { what, plan } of patterns) {
      setting.progress(what);
      const match = {
        names,
        take: { plan, cost: { itemMs } },
        reading: ({ took, answeredAt, requests }) => {
          const times = readTimes(took);
          return {
            'a call, median': times['median'] ?? NaN,
            'a call, last': times['last'] ?? NaN,
            all: readTimes(answeredAt)['last'] ?? NaN,
            requests,
          };
        },
      } satisfies Parameters<typeof measure>[1];
      const { samples, busyRounds } = await measure(stage, match, setting);
      grids.push(toGrid({ title: what, measures, samples, subjects }));
      notes.push(...noteBusy(busyRounds, setting.rounds));
    }
    setting.progress('single calls, 1 s apart');
    const samples = await alone(stage, names, setting);
    grids.push(toGrid({ title: 'single calls, 1 s apart', measures: [call], samples, subjects }));
    return {
      sections: grids,
      verdicts: grids.flatMap((grid) => judge(grid.title, grid)),
      notes,
      versions: stage.versions,
    };
  });
