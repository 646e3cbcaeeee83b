import { toGrid, type Grid } from '../harness/grid.ts';
import { noteBusy } from '../harness/measure-rows.ts';
import type { Scenario } from '../harness/scenario.ts';
import { judgeMedians, type Verdict } from '../harness/verdict.ts';
import { judgeGrowth } from './judge-growth.ts';
import { measure, type Task } from './measure.ts';
import { onStage } from './stage.ts';

const [many, tooMany] = [1000, 10_000];
const carpool = 'Carpool';
const own = (over: string): string => `${carpool}, ${over}`;

const cpu = (calls: number): string => `${calls.toLocaleString('en')} calls: main thread`;
const wall = (calls: number): string =>
  `${calls.toLocaleString('en')} calls: until the last answer`;

const measuresOf = (calls: number) =>
  [cpu(calls), wall(calls)].map((name) => ({ name, unit: 'µs a call' }));

/** With ten thousand calls, which take seconds: Carpool, of which a bar speaks, and the others. */
const [ownRounds, otherRounds] = [3, 1];

const toTask = (name: string, isStubbed: boolean, calls: number): Task => ({
  burst: { name, isStubbed, calls, times: 1 },
  reading: ({ cpuMs, tookMs }) => ({
    [cpu(calls)]: (cpuMs * 1000) / calls,
    [wall(calls)]: (tookMs * 1000) / calls,
  }),
  ...(calls === tooMany && { rounds: name.startsWith(`${carpool}, `) ? ownRounds : otherRounds }),
});

function judgeAll(stubbed: Grid, connected: Grid): Verdict[] {
  const thousand = cpu(many);
  return [
    ...['HTTP/1.1', 'HTTP/2'].map((over) =>
      judgeMedians(`main thread at most 1/5 of native fetch's over ${over}`, {
        grid: connected,
        measure: thousand,
        row: own(over),
        others: [`native fetch, ${over}`],
        limit: 1 / 5,
      }),
    ),
    ...['tRPC batch', 'tRPC batch, by POST'].map((peer) =>
      judgeMedians(`main thread below ${peer}, both on a stub`, {
        grid: stubbed,
        measure: thousand,
        row: carpool,
        others: [peer],
        limit: 1,
      }),
    ),
  ];
}

/** Whether all answers come, at no higher price. */
function judgeLinear(few: Grid, all: Grid, row: string): Verdict {
  const bar = `${row}: 10,000 at once complete, each at most 1.3 times what each of 1,000 costs`;
  return judgeGrowth(bar, {
    row,
    from: { grid: few, measure: cpu(many) },
    to: { grid: all, measure: cpu(tooMany) },
  });
}

/** What a call costs the page's main thread, `Response` and `json()` included. */
export const clientCost: Scenario = (setting) =>
  onStage(setting, async (stage) => {
    const batching = stage.connected.filter((name) => !name.startsWith('native'));
    const tasks = [
      ...stage.stubbed.map((name) => toTask(name, true, many)),
      ...stage.connected.map((name) => toTask(name, false, many)),
      ...batching.map((name) => toTask(name, false, tooMany)),
    ];
    const { samplesOf, failures, busyRounds } = await measure(stage, tasks, setting);
    const gridOf = (title: string, isStubbed: boolean, calls: number, names: readonly string[]) => {
      const samples = new Map(names.map((name) => [name, samplesOf({ name, isStubbed })]));
      const subjects = isStubbed ? [carpool] : [own('HTTP/1.1'), own('HTTP/2')];
      return toGrid({ title, measures: measuresOf(calls), samples, subjects });
    };
    const stubbed = gridOf('Against a stub in the page', true, many, stage.stubbed);
    const connected = gridOf('Over connections to this machine', false, many, stage.connected);
    const tenThousand = gridOf(
      'Over connections to this machine, 10,000 at once',
      false,
      tooMany,
      batching,
    );
    return {
      sections: [stubbed, connected, tenThousand],
      verdicts: [
        ...judgeAll(stubbed, connected),
        judgeLinear(connected, tenThousand, own('HTTP/1.1')),
        judgeLinear(connected, tenThousand, own('HTTP/2')),
      ],
      notes: [
        'Main thread: the processor time that the page’s main thread used, by ThreadTime of DevTools’ Performance domain, which costs the page nothing while it runs. Waiting doesn’t count, nor do other programs; nor what browser and network threads do.',
        'The stub answers a batch at once from memory, with what each contender’s own server has answered to the same calls. Each answer is some 155 bytes of JSON.',
        'Whether 10,000 at once complete is found out in few rounds, which take seconds each: see N. Of native fetch, Chromium lets most of so many fail. What a call costs among 10,000 on a stub is in S9.',
        ...failures,
        ...noteBusy(busyRounds, setting.rounds),
      ],
      versions: stage.versions,
    };
  });
