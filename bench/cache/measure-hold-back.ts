import { toSection, type Section } from '../harness/section.ts';
import type { Samples } from '../harness/rounds.ts';
import { interleaveFresh, type Part, type Setting } from './setting.ts';
import { strangers } from './workload.ts';

interface Case {
  readonly what: string;
  /** The name of a cache, given one that is new; null for none. */
  readonly nameOf: (unused: string) => string | null;
  /** How long the client is there before the first call. @default 0 */
  readonly headStartMs?: number;
}

const cases: readonly Case[] = [
  { what: 'no cache', nameOf: () => null },
  { what: 'no database yet', nameOf: (unused) => unused },
  { what: 'an empty store', nameOf: () => 'empty' },
  { what: 'a store with 2,000 entries', nameOf: () => 'carpool' },
  {
    what: 'a store with 2,000 entries, its client made 200 ms before',
    nameOf: () => 'carpool',
    headStartMs: 200,
  },
];

/** How long calls are held back by looking for them in a store in vain, at a client's very first. */
export async function measureHoldBack(setting: Setting): Promise<Part> {
  const measure = (isCodeWarm: boolean): Promise<Samples> =>
    interleaveFresh(setting, cases, async (tab, { what, nameOf, headStartMs = 0 }, round) => {
      if (isCodeWarm) await tab.call('holdBack', null, strangers, 0);
      const name = nameOf(`new-${isCodeWarm}-${round}`);
      const { firstMs, lastMs } = await tab.call('holdBack', name, strangers, headStartMs);
      return { [`${what}: the first batch`]: firstMs, [`${what}: all 100 calls`]: lastMs };
    });
  const section = (where: string, samples: Samples): Section =>
    toSection({
      title: `From 100 calls that miss until their batches leave, ${where}`,
      unit: 'ms',
      samples,
      baselineOf: (name) => name.replace(/^[^:]+/, 'no cache'),
    });

  setting.progress('opening, on pages just loaded');
  const cold = await measure(false);
  setting.progress('opening, on pages whose code has run');
  const warm = await measure(true);
  return {
    sections: [
      section('on a page just loaded', cold),
      section(
        'on a page that has made as many calls before, through a client without a cache',
        warm,
      ),
    ],
    verdicts: [],
    notes: [],
  };
}
