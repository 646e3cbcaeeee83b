import { toSection } from '../harness/section.ts';
import { judge } from '../harness/verdict.ts';
import { interleave } from '../harness/rounds.ts';
import { inFreshTab, type Part, type Setting } from './setting.ts';

/** Enough to be told from the noise: what is on the network takes twenty times as long, at the least. */
const callsPerRound = (name: string): number => (name.startsWith('native') ? 100 : 1000);
const burstsPerRound = 5;

const native = (name: string): string =>
  name
    .replace(/^Carpool/, 'native fetch')
    .replace(/^(?!native fetch, ).*json\(\)$/, 'native fetch, json()');

/** An answer out of memory, against a native fetch to this machine. */
export async function measureHits(setting: Setting): Promise<Part> {
  const { rounds: count, progress } = setting;

  return inFreshTab(setting, async (tab) => {
    const onRound = (): Promise<void> => tab.call('tidy');
    progress('memory hits, one after the other');
    const names = await tab.call('prepare');
    const oneByOne = await interleave(
      names.map((name) => ({
        run: async () => {
          const calls = callsPerRound(name);
          return { [name]: ((await tab.call('sequence', name, calls)) * 1000) / calls };
        },
      })),
      { count, warmUps: 1, onRound },
    );

    progress('memory hits, a hundred at once');
    const atOnce = await interleave(
      (['native fetch', 'Carpool'] as const).map((who) => ({
        run: async () => {
          const { callsMs, responsesMs, dataMs } = await tab.call('burst', who);
          const before = await tab.cpuMs();
          await tab.call('repeat', who, burstsPerRound);
          const cpuMs = (await tab.cpuMs()) - before;
          return {
            [`${who}: the calls themselves`]: callsMs,
            [`${who}: until all responses are there`]: responsesMs,
            [`${who}: until all data is there`]: dataMs,
            [`${who}: the main thread's CPU time, in all`]: cpuMs / burstsPerRound,
          };
        },
      })),
      { count, warmUps: 2, onRound },
    );

    const bar = (reader: string) =>
      judge(`a memory hit with ${reader} takes less than 1/20 of a native fetch`, {
        samples: oneByOne,
        row: `Carpool, ${reader}`,
        baseline: `native fetch, ${reader}`,
        limit: 1 / 20,
      });
    return {
      sections: [
        toSection({
          title: 'A memory hit, one after the other',
          unit: 'µs per call',
          samples: oneByOne,
          baselineOf: native,
        }),
        toSection({
          title: '100 memory hits at once',
          unit: 'ms',
          samples: atOnce,
          baselineOf: native,
        }),
      ],
      verdicts: [bar('json()'), bar('text()')],
      notes: [],
    };
  });
}
