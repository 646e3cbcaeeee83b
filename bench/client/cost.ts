import { toGrid, type Grid, type GridParts } from '../harness/grid.ts';
import type { Scenario } from '../harness/scenario.ts';
import { judgeMedians, type Verdict } from '../harness/verdict.ts';
import { noteBusy } from '../network/measure.ts';
import { judgeGrowth } from './judge-growth.ts';
import { measure, type Task } from './measure.ts';
import { onStage } from './stage.ts';

const sizes = [1000, 10_000] as const;
const carpool = 'Carpool';

const cpu = (calls: number): string => `${calls.toLocaleString('en')} calls: main thread`;
const wall = (calls: number): string =>
  `${calls.toLocaleString('en')} calls: until the last answer`;

const measures = sizes.flatMap((calls) => [
  { name: cpu(calls), unit: 'µs a call' },
  { name: wall(calls), unit: 'µs a call' },
]);

/**
 * Who isn't run with 10,000 calls. Apollo's cost grows with the square of their number: it took 45 s. Of
 * oRPC, it is the server that takes as long to be recorded.
 */
const few = /^(?:Apollo|oRPC)/;

/** Who is run with 10,000 calls in every round: Carpool on a stub, and who costs next to nothing. */
const always = /^(?:Carpool$|DataLoader|limit)/;

/** The others take up to seconds, and vary little. */
const slowRounds = 3;

const toTasks = (names: readonly string[], isStubbed: boolean): Task[] =>
  names.flatMap((name) =>
    sizes
      .filter((calls) => calls === 1000 || !few.test(name))
      .map((calls): Task => ({
        burst: { name, isStubbed, calls, times: 1 },
        reading: ({ cpuMs, tookMs }) => ({
          [cpu(calls)]: (cpuMs * 1000) / calls,
          [wall(calls)]: (tookMs * 1000) / calls,
        }),
        ...(calls === 10_000 && !always.test(name) && { rounds: slowRounds }),
      })),
  );

function judgeAll(stubbed: Grid, connected: Grid): Verdict[] {
  const thousand = cpu(1000);
  const own = (over: string): string => `Carpool, ${over}`;
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
const judgeLinear = (grid: Grid, row: string): Verdict =>
  judgeGrowth(`${row}: 10,000 at once complete, each at most 1.3 times what each of 1,000 costs`, {
    grid,
    row,
    from: cpu(1000),
    to: cpu(10_000),
  });

/** What a call costs the page's main thread, `Response` and `json()` included. */
export const clientCost: Scenario = (setting) =>
  onStage(async (stage) => {
    const tasks = [...toTasks(stage.stubbed, true), ...toTasks(stage.connected, false)];
    const { samplesOf, failures, busyRounds } = await measure(stage, tasks, setting);
    const gridOf = (isStubbed: boolean, grid: Omit<GridParts, 'measures' | 'samples'>): Grid => {
      const names = isStubbed ? stage.stubbed : stage.connected;
      const samples = new Map(names.map((name) => [name, samplesOf({ name, isStubbed })]));
      return toGrid({ ...grid, measures, samples });
    };
    const stubbed = gridOf(true, { title: 'Against a stub in the page', subjects: [carpool] });
    const connected = gridOf(false, {
      title: 'Over connections to this machine',
      subjects: ['Carpool, HTTP/1.1', 'Carpool, HTTP/2'],
    });
    return {
      sections: [stubbed, connected],
      verdicts: [
        ...judgeAll(stubbed, connected),
        judgeLinear(stubbed, carpool),
        judgeLinear(connected, 'Carpool, HTTP/1.1'),
        judgeLinear(connected, 'Carpool, HTTP/2'),
      ],
      notes: [
        'Main thread: the processor time that the page’s main thread used, by ThreadTime of DevTools’ Performance domain, which costs the page nothing while it runs. Waiting doesn’t count, nor do other programs; nor what browser and network threads do.',
        'The stub answers a batch at once from memory, with what each contender’s own server has answered to the same calls. Each answer is some 155 bytes of JSON.',
        'Apollo and oRPC are run with 1,000 calls only: with 10,000, Apollo takes 45 s, its cost growing with the square of their number, and so does oRPC’s server to be recorded.',
        `With 10,000 calls, ${slowRounds} rounds do, but for Carpool on a stub, and for who costs next to nothing.`,
        ...failures,
        ...noteBusy(busyRounds, setting.rounds),
      ],
      versions: stage.versions,
    };
  });
