import { formatGrid, type Grid } from './grid.ts';
import { formatMachine, type Machine } from './machine.ts';
import { formatSection, type Section } from './section.ts';
import { formatVerdict, type Verdict } from './verdict.ts';

/** What one scenario has found. */
export interface ScenarioReport {
  /** Such as `S3`. */
  readonly name: string;
  readonly title: string;
  readonly sections: readonly (Section | Grid)[];
  readonly verdicts: readonly Verdict[];
  readonly notes: readonly string[];
  readonly tookSeconds: number;
}

export interface Report {
  readonly title: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly machine: Machine;
  readonly seed: number;
  readonly rounds: number;
  readonly scenarios: readonly ScenarioReport[];
}

export interface ReportStyle {
  /** Whether each table is followed by the ratios of Carpool's medians to the others'. @default true */
  readonly hasRatios?: boolean;
  /** What follows a scenario's heading. @default nothing */
  readonly picturesOf?: (scenario: ScenarioReport) => string;
}

const formatScenario = (
  scenario: ScenarioReport,
  { hasRatios = true, picturesOf = () => '' }: ReportStyle,
): string => {
  const { name, title, sections, verdicts, notes } = scenario;
  return [
    `### ${name}: ${title}`,
    picturesOf(scenario),
    ...sections.map((section) =>
      'measures' in section ? formatGrid(section, hasRatios) : formatSection(section),
    ),
    verdicts.map(formatVerdict).join('\n'),
    notes.map((note) => `- ${note}`).join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
};

/** All verdicts again, in one place. */
function formatBars(scenarios: readonly ScenarioReport[]): string {
  const lines = scenarios.flatMap(({ name, verdicts }) =>
    verdicts.map((verdict) => formatVerdict({ ...verdict, bar: `${name} ${verdict.bar}` })),
  );
  return lines.length === 0 ? '' : `### The bars\n\n${lines.join('\n')}`;
}

/** The report as Markdown. */
export function formatReport(report: Report, style: ReportStyle = {}): string {
  const { title, startedAt, tookSeconds, machine, seed, rounds, scenarios } = report;
  return [
    `## ${title}`,
    formatMachine(machine),
    `${startedAt}, ${Math.round(tookSeconds)} s, ${rounds} rounds, seed ${seed}.`,
    ...scenarios.map((scenario) => formatScenario(scenario, style)),
    formatBars(scenarios),
  ]
    .filter(Boolean)
    .join('\n\n');
}
