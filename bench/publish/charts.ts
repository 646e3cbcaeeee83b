import type { Bar, BarKind, Chart } from '../harness/chart.ts';
import type { Report, ScenarioReport } from '../harness/report.ts';
import { figuresOf, type Column } from './column.ts';

interface Part extends Column {
  /** @default none, for a part that is alone */
  readonly heading?: string;
}

interface Plan {
  /** Of the scenario. */
  readonly of: string;
  /** Of the chart, where a scenario has another. @default the scenario's */
  readonly name?: string;
  readonly title: string;
  readonly unit: string;
  readonly parts: readonly Part[];
}

const shorter = (unit: string): string => `${unit}, shorter is better`;

const s4 = '200 widgets of 10 ms: warm connections';
const s9 = "The main thread's time for each call, against a stub in the page";
const s10 = '20 widgets, again';
const windows = ['20 calls at once', '20 calls over 100 ms', 'single calls, 1 s apart'];
const reads = [
  ['100 entries that were written together', '100 warm reads of what was written together'],
  ['100 entries picked at random', '100 warm reads picked at random'],
] as const;

const plans: readonly Plan[] = [
  {
    of: 'S1',
    title: 'S1: 20 calls of 150 ms, 30 % duplicates: until the last answer',
    unit: shorter('ms'),
    parts: [{ section: '20 calls of 150 ms, 30 % duplicates', measure: 'last' }],
  },
  {
    of: 'S2',
    title: 'S2: 100 calls of 150 ms: until the last answer',
    unit: shorter('ms'),
    parts: [{ section: '100 calls of 150 ms', measure: 'last' }],
  },
  {
    of: 'S3',
    title: 'S3: 60 widgets, RTT 100 ms, one of them takes 1 s: until the median answer',
    unit: shorter('ms'),
    parts: [{ section: '60 widgets of 20 ms, one of 1 s: warm connections', measure: 'median' }],
  },
  {
    of: 'S4',
    title: 'S4: 200 widgets of 1 to 4 kB, RTT 50 ms, 10 Mbit/s',
    unit: shorter('ms'),
    parts: [
      { heading: 'until the first answer', section: s4, measure: 'first' },
      { heading: 'until the last answer', section: s4, measure: 'last' },
    ],
  },
  {
    of: 'S4',
    name: 's4-bytes',
    title: 'S4: bytes of 200 widgets on a connection that is open',
    unit: shorter('kB'),
    parts: [
      { heading: 'down', section: s4, measure: 'down' },
      { heading: 'up', section: s4, measure: 'up' },
    ],
  },
  {
    of: 'S5',
    title: "S5: Carpool's windows: from a call to its answer, RTT 50 ms",
    unit: shorter('ms'),
    parts: windows.map((section) => ({ heading: section, section, measure: 'a call, median' })),
  },
  {
    of: 'S6',
    title: 'S6: what a call costs the main thread, among 1,000 at once',
    unit: shorter('µs of CPU time'),
    parts: ['Against a stub in the page', 'Over connections to this machine'].map((section) => ({
      heading: section.toLowerCase(),
      section,
      measure: '1,000 calls: main thread',
    })),
  },
  {
    of: 'S7',
    title: 'S7: reading from a store of 2,000 entries of 1 kB',
    unit: shorter('ms'),
    parts: reads.map(([heading, section]) => ({ heading, section: `${section}, of 2,000 × 1 kB` })),
  },
  {
    of: 'S8',
    title: 'S8: servers: from one item answered to the next, 50 items a batch',
    unit: shorter('µs'),
    parts: [{ section: '10 connections, 50 items a batch', measure: 'between two items' }],
  },
  {
    of: 'S9',
    title: 'S9: what a call costs the main thread, among more and more at once',
    unit: shorter('µs of CPU time'),
    parts: ['10', '100', '1,000', '10,000'].map((calls) => ({
      heading: `${calls} at once`,
      section: s9,
      measure: `${calls} at once`,
    })),
  },
  {
    of: 'S10',
    title: 'S10: bytes of 20 widgets on a connection that is open',
    unit: shorter('kB'),
    parts: [
      { heading: 'down', section: s10, measure: 'down' },
      { heading: 'up', section: s10, measure: 'up' },
    ],
  },
];

function kindOf(row: string): BarKind {
  if (/^(?:Carpool|carpool\/server|window auto)/.test(row)) return 'ours';
  return row.startsWith('limit') ? 'limit' : 'peer';
}

/** A measure as bars, the least first. */
const barsOf = (scenario: ScenarioReport, column: Column): Bar[] =>
  [...figuresOf(scenario, column)]
    // What a name says after its colon is for the tables, which have the room.
    .map(([name, figure]) => ({ label: name.replace(/: .*/, ''), kind: kindOf(name), ...figure }))
    .toSorted((a, b) => a.median - b.median);

/** What there is to draw of a report. */
export const chartsOf = ({ scenarios }: Pick<Report, 'scenarios'>): Chart[] =>
  scenarios.flatMap((scenario) =>
    plans
      .filter(({ of }) => of === scenario.name)
      .map(({ of, name = of.toLowerCase(), title, unit, parts }) => ({
        name,
        title,
        unit,
        groups: parts.map(({ heading, ...column }) => ({
          ...(heading !== undefined && { title: heading }),
          bars: barsOf(scenario, column),
        })),
      })),
  );
