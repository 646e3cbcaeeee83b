import { toGrid, type Grid } from '../harness/grid.ts';
import { noteBusy } from '../harness/measure-rows.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { Verdict } from '../harness/verdict.ts';
import { judgeGrowth } from './judge-growth.ts';
import { measure, type Task } from './measure.ts';
import { onStage, type Stage } from './stage.ts';

const sizes = [10, 100, 1000, 10_000] as const;

/** So many calls a figure at the least, in as many bursts as it takes: ten are over before they can be timed. */
const fewest = 1000;

const carpool = 'Carpool';
const names = ['tRPC batch', 'batshit', 'DataLoader', 'limit', carpool] as const;

const at = (calls: number): string => `${calls.toLocaleString('en')} at once`;
const measures = sizes.map((calls) => ({ name: at(calls), unit: 'µs a call' }));

const tasks: readonly Task[] = names.flatMap((name) =>
  sizes.map((calls): Task => {
    const times = Math.max(1, fewest / calls);
    return {
      burst: { name, isStubbed: true, calls, times },
      reading: ({ cpuMs }) => ({ [at(calls)]: (cpuMs * 1000) / (calls * times) }),
    };
  }),
);

/** Whose heap is looked at, which takes as long as it takes to fill it. */
const heapNames = ['tRPC batch', 'limit', carpool] as const;

/** What is left on the heap by 10,000 calls, made by a client that is still there. */
const heapMeasures = [
  { name: 'before', unit: 'kB' },
  { name: 'after', unit: 'kB' },
  { name: 'left', unit: 'kB' },
];

/** The heap of a contender's page when all garbage is collected, in kB. */
async function readHeap(stage: Stage, name: string): Promise<number> {
  const tab = await stage.tabOf({ name, isStubbed: true });
  // What one collection makes unreachable, such as by a finalizer, is for the next.
  for (let turn = 0; turn < 2; turn++) await tab.send('HeapProfiler.collectGarbage');
  const heap = (await tab.send('Runtime.getHeapUsage')) as {
    readonly usedSize: number;
    /** Outside of it, but held by it: the bytes of buffers. */
    readonly backingStorageSize?: number;
  };
  return (heap.usedSize + (heap.backingStorageSize ?? 0)) / 1000;
}

/** After the calls that were timed, so that code and caches have long been there. */
async function measureHeap(stage: Stage, rounds: number): Promise<Grid> {
  const samples = new Map<string, Map<string, number[]>>();
  for (const name of heapNames) {
    const burst = { name, isStubbed: true, calls: 10_000, times: 1 };
    const before: number[] = [];
    const after: number[] = [];
    const left: number[] = [];
    let was = await readHeap(stage, name);
    for (let round = 0; round < rounds; round++) {
      await stage.run(burst);
      const is = await readHeap(stage, name);
      before.push(was);
      after.push(is);
      left.push(is - was);
      was = is;
    }
    samples.set(name, new Map(Object.entries({ before, after, left })));
  }
  const title = 'The heap after garbage collection, before and after 10,000 calls';
  return toGrid({ title, measures: heapMeasures, samples, subjects: [] });
}

/** A byte a call would be 10 kB. */
function judgeHeap(heap: Grid): Verdict {
  const figures = heap.rows.find(({ name }) => name === carpool)?.figures ?? [];
  const [before, after] = figures.map((figure) => figure?.median ?? NaN);
  return {
    bar: 'the heap returns to within 1 % after 10,000 calls',
    holds: (after ?? NaN) <= (before ?? NaN) * 1.01,
    medians: { ours: after ?? NaN, theirs: before ?? NaN },
  };
}

/** What a call costs among more and more of them, and what is left of them. */
export const growth: Scenario = (setting) =>
  onStage(setting, async (stage) => {
    const { samplesOf, failures, busyRounds } = await measure(stage, tasks, setting);
    const grid = toGrid({
      title: "The main thread's time for each call, against a stub in the page",
      measures,
      samples: new Map(names.map((name) => [name, samplesOf({ name, isStubbed: true })])),
      subjects: [carpool],
    });
    setting.progress('the heap');
    const heap = await measureHeap(stage, setting.rounds);

    return {
      sections: [grid, heap],
      verdicts: [
        ...[100, 1000].map((few) =>
          judgeGrowth(
            `a call among 10,000 costs at most 1.3 times what it costs among ${few.toLocaleString('en')}`,
            {
              row: carpool,
              from: { grid, measure: at(few) },
              to: { grid, measure: at(10_000) },
            },
          ),
        ),
        judgeHeap(heap),
      ],
      notes: [
        `Of 10 and of 100 calls at once, so many bursts one after the other that they are ${fewest} calls.`,
        'Carpool keeps one client throughout; the others have a new one for each burst.',
        ...failures,
        ...noteBusy(busyRounds, setting.rounds),
      ],
      versions: stage.versions,
    };
  });
