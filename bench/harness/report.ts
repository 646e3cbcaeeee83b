import { formatMachine, type Machine } from './machine.ts';
import type { Samples } from './rounds.ts';
import { summarize, summarizeRatio, type Summary } from './statistics.ts';
import { formatNumber, formatTable } from './table.ts';

export interface Row {
  readonly name: string;
  readonly time: Summary;
  /** How many times its baseline's time, round by round; absent from the baseline itself. */
  readonly ratio?: Summary;
}

export interface Section {
  readonly title: string;
  /** Of the times, such as 'ms' or 'µs per call'. */
  readonly unit: string;
  readonly rows: readonly Row[];
}

export interface Verdict {
  /** What must hold. */
  readonly bar: string;
  readonly holds: boolean;
  /** The ratio that decides. */
  readonly ratio: Summary;
}

export interface Report {
  readonly title: string;
  readonly machine: Machine;
  readonly seed: number;
  readonly sections: readonly Section[];
  readonly verdicts: readonly Verdict[];
  readonly notes: readonly string[];
}

export interface SectionParts {
  readonly title: string;
  readonly unit: string;
  readonly samples: Samples;
  /** The row that another is compared with. */
  readonly baselineOf: (name: string) => string;
  /** Units per sample, such as 0.001 for one of a thousand calls. @default 1 */
  readonly scale?: number;
}

/** @throws RangeError if a baseline has not been measured */
export function toSection({ title, unit, samples, baselineOf, scale = 1 }: SectionParts): Section {
  const rows = [...samples].map(([name, all]): Row => {
    const time = summarize(all.map((sample) => sample * scale));
    const baseline = baselineOf(name);
    if (baseline === name) return { name, time };
    return { name, time, ratio: summarizeRatio(all, samples.get(baseline) ?? []) };
  });
  return { title, unit, rows };
}

/** Judges one row against another: it must take less than `limit` times as long, or at most as long. */
export function judge(bar: string, { samples, row, baseline, limit }: Comparison): Verdict {
  const ratio = summarizeRatio(samples.get(row) ?? [], samples.get(baseline) ?? []);
  return { bar, holds: ratio.median <= limit, ratio };
}

export interface Comparison {
  readonly samples: Samples;
  readonly row: string;
  readonly baseline: string;
  /** The largest ratio of times that will do, in the median. */
  readonly limit: number;
}

const span = ({ min, max }: Summary): string => `${formatRatio(min)}–${formatRatio(max)}`;

/** Ratios far below 1 need more digits. */
const formatRatio = (ratio: number): string =>
  ratio < 0.1 ? ratio.toPrecision(2) : formatNumber(ratio);

const formatSection = ({ title, unit, rows }: Section): string => {
  const table = formatTable<Row>(
    [
      { title: '', align: 'left', cell: ({ name }) => name },
      { title: `median, ${unit}`, cell: ({ time }) => formatNumber(time.median) },
      { title: 'min', cell: ({ time }) => formatNumber(time.min) },
      { title: 'max', cell: ({ time }) => formatNumber(time.max) },
      { title: 'ratio', cell: ({ ratio }) => (ratio ? formatRatio(ratio.median) : '1') },
      { title: 'min–max', cell: ({ ratio }) => (ratio ? span(ratio) : '') },
    ],
    rows,
  );
  return `### ${title}\n\nN = ${rows[0]?.time.n ?? 0}\n\n${table}`;
};

const formatVerdict = ({ bar, holds, ratio }: Verdict): string =>
  `- ${holds ? '✓' : '✗'} ${bar}: ${formatRatio(ratio.median)} (${span(ratio)})`;

/** The report as Markdown. */
export function formatReport(report: Report): string {
  const { title, machine, seed, sections, verdicts, notes } = report;
  return [
    `## ${title}`,
    `${formatMachine(machine)}, seed ${seed}. Rounds are interleaved; ratios are taken round by round.`,
    ...sections.map(formatSection),
    `### Verdict\n\n${verdicts.map(formatVerdict).join('\n')}`,
    notes.map((note) => `- ${note}`).join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}
