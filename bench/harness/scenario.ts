import type { Grid } from './grid.ts';
import type { Keeper } from './keeper.ts';
import type { Section } from './section.ts';
import type { Verdict } from './verdict.ts';

/** What a scenario is run with. */
export interface RunSetting {
  /** Keeps what other scenarios use, too. */
  readonly keeper: Keeper;
  /** Measured rounds. */
  readonly rounds: number;
  /** Of everything that is drawn by lot: data, duplicates, the order in a round. */
  readonly seed: number;
  /** Says on stderr what is going on. */
  readonly progress: (what: string) => void;
}

/** What a scenario brings back for the report. */
export interface Findings {
  readonly sections: readonly (Section | Grid)[];
  readonly verdicts: readonly Verdict[];
  readonly notes: readonly string[];
  /** By name: the browser, and who else took part. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Runs one scenario; all that it has opened is kept by the keeper, or gone when it resolves or rejects. */
export type Scenario = (setting: RunSetting) => Promise<Findings>;

export interface CatalogueEntry {
  readonly title: string;
  /** Imports the scenario; only what runs is loaded. */
  readonly load: () => Promise<Scenario>;
}

/** The scenarios by name, in the order in which they run. */
export type Catalogue = Readonly<Record<string, CatalogueEntry>>;
