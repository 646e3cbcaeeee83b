import type { Tab } from '../harness/browser.ts';
import { waitForIdle } from '../harness/idle.ts';
import { interleave, type Samples } from '../harness/rounds.ts';
import type { Section } from '../harness/section.ts';
import type { Verdict } from '../harness/verdict.ts';
import type { CachePage } from './page.ts';

/** What each part of the benchmark runs in. */
export interface Setting {
  /** Loads the page in a tab of its own; all tabs share what is stored. */
  readonly open: () => Promise<Tab<CachePage>>;
  readonly rounds: number;
  readonly seed: number;
  readonly progress: (what: string) => void;
}

/** What it adds to the report. */
export interface Part {
  readonly sections: readonly Section[];
  readonly verdicts: readonly Verdict[];
  readonly notes: readonly string[];
}

/** Loads the page for one measurement, and closes it. */
export async function inFreshTab<T>(
  { open }: Setting,
  use: (tab: Tab<CachePage>) => Promise<T>,
): Promise<T> {
  const tab = await open();
  try {
    return await use(tab);
  } finally {
    await tab.close();
  }
}

/**
 * Measures each case once a round, in a page of its own that nothing has run in. All of a round are loaded
 * at once, before the first is measured, and each is closed when it has been.
 */
export async function interleaveFresh<Case>(
  { open, rounds }: Setting,
  cases: readonly Case[],
  measure: (
    tab: Tab<CachePage>,
    one: Case,
    round: number,
  ) => Promise<Readonly<Record<string, number>>>,
): Promise<Samples> {
  const tabs = new Map<Case, Tab<CachePage>>();
  const trials = cases.map((one) => ({
    async run(round: number) {
      const tab = tabs.get(one);
      if (!tab) return {};
      const samples = await measure(tab, one, round);
      tabs.delete(one);
      await tab.close();
      return samples;
    },
  }));
  return interleave(trials, {
    count: rounds,
    warmUps: 0,
    async onRound() {
      await Promise.all(cases.map(async (one) => tabs.set(one, await open())));
      await waitForIdle();
    },
  });
}
