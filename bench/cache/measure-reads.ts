import type { Tab } from '../harness/browser.ts';
import { toSection, type Section } from '../harness/section.ts';
import { judge, type Verdict } from '../harness/verdict.ts';
import { interleave, type Rounds, type Samples } from '../harness/rounds.ts';
import type { CachePage } from './page.ts';
import { inFreshTab, interleaveFresh, type Part, type Setting } from './setting.ts';
import { scatteredSets, togetherSets, type ReadSet } from './workload.ts';

const carpool = 'Carpool';
const getMany = 'idb-keyval getMany, objects';

/** What a round yields of each contender. */
const measures = ['', "the main thread's CPU time"] as const;
const nameOf = (contender: string, measure: string): string => `${measure}: ${contender}`;

/** The samples of one measure, by contender. */
const ofMeasure = (samples: Samples, measure: string): Samples =>
  new Map(
    [...samples]
      .filter(([name]) => name.startsWith(nameOf('', measure)))
      .map(([name, all]) => [name.slice(nameOf('', measure).length), all]),
  );

const toSections = (title: string, samples: Samples): Section[] =>
  measures.map((measure) =>
    toSection({
      title: [title, measure].filter(Boolean).join(': '),
      unit: 'ms',
      samples: ofMeasure(samples, measure),
      baselineOf: () => getMany,
    }),
  );

/** What the hundred are to be read faster than, and by how much. */
const bars: readonly { readonly than: string; readonly limit: number; readonly what: string }[] = [
  { than: getMany, limit: 1, what: 'take no longer than getMany of the same keys' },
  {
    than: 'Cache API match × 100 + json()',
    limit: 0.1,
    what: 'take at most a tenth of Cache API match × 100',
  },
  {
    than: "TanStack's query persister over idb-keyval",
    limit: 1,
    what: "are ahead of TanStack's query persister",
  },
  {
    than: "TanStack's client persister over idb-keyval: all 2,000 in one record",
    limit: 1,
    what: "are ahead of TanStack's client persister",
  },
  {
    than: 'localforage getItem × 100, objects',
    limit: 1,
    what: 'are ahead of localforage',
  },
];

const judgeAll = (which: string, samples: Samples): Verdict[] =>
  bars.map(({ than, limit, what }) =>
    judge(`100 warm reads, ${which}, ${what}`, {
      samples: ofMeasure(samples, ''),
      row: carpool,
      baseline: than,
      limit,
    }),
  );

async function measureRead(
  tab: Tab<CachePage>,
  name: string,
  prepare: 'open' | 'approach',
  set: ReadSet | undefined,
): Promise<Record<string, number>> {
  if (!set) return {};
  await tab.call(prepare, name);
  const before = await tab.cpuMs();
  const wallMs = await tab.call('read', set);
  const cpuMs = (await tab.cpuMs()) - before;
  await tab.call('check', set);
  return { [nameOf(name, measures[0])]: wallMs, [nameOf(name, measures[1])]: cpuMs };
}

/** A hundred entries out of a store of 2,000, by everyone who can. */
export async function measureReads(setting: Setting): Promise<Part> {
  const { progress, seed } = setting;
  const rounds: Rounds = { count: setting.rounds, warmUps: 2 };
  const all = rounds.count + rounds.warmUps;
  const [together, scattered] = [togetherSets(all), scatteredSets(all, seed)];

  const names = await inFreshTab(setting, async (tab) => {
    const contenders = await tab.call('contenders');
    for (const name of contenders) {
      progress(`filling: ${name}`);
      await tab.call('fill', name, [...together, ...scattered]);
    }
    return contenders;
  });

  const warm = (sets: readonly ReadSet[]): Promise<Samples> =>
    inFreshTab(setting, (tab) =>
      interleave(
        names.map((name) => ({ run: (round) => measureRead(tab, name, 'open', sets[round]) })),
        { ...rounds, onRound: () => tab.call('tidy') },
      ),
    );
  progress('warm reads, written together');
  const warmTogether = await warm(together);
  progress('warm reads, picked at random');
  const warmScattered = await warm(scattered);

  progress('cold reads');
  const cold = await interleaveFresh(setting, names, (tab, name, round) =>
    measureRead(tab, name, 'approach', together[round]),
  );

  return {
    sections: [
      ...toSections('100 warm reads of what was written together, of 2,000 × 1 kB', warmTogether),
      ...toSections('100 warm reads picked at random, of 2,000 × 1 kB', warmScattered),
      ...toSections('100 reads on a page just loaded, opening included', cold),
    ],
    verdicts: [
      ...judgeAll('written together', warmTogether),
      ...judgeAll('picked at random', warmScattered),
    ],
    notes: [
      'Warm: a fresh client or connection that has read two other entries, which opened it. Each round reads other entries.',
      'CPU time is the main thread’s alone; it varies less than time on a machine that does other things, too.',
    ],
  };
}
