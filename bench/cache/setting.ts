import type { Tab } from '../harness/browser.ts';
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
