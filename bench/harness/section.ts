import type { Samples } from './rounds.ts';
import { formatRatio, formatSpan, summarize, summarizeRatio, type Summary } from './statistics.ts';
import { formatNumber, formatTable } from './table.ts';

export interface Row {
  readonly name: string;
  readonly time: Summary;
  /** How many times its baseline's time, round by round; absent from the baseline itself. */
  readonly ratio?: Summary;
}

/** One measure, a row for each who was measured, with its ratio to a baseline. */
export interface Section {
  readonly title: string;
  /** Of the times, such as 'ms' or 'µs per call'. */
  readonly unit: string;
  readonly rows: readonly Row[];
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

/** The section as Markdown. */
export function formatSection({ title, unit, rows }: Section): string {
  const table = formatTable<Row>(
    [
      { title: '', align: 'left', cell: ({ name }) => name },
      { title: `median, ${unit}`, cell: ({ time }) => formatNumber(time.median) },
      { title: 'min', cell: ({ time }) => formatNumber(time.min) },
      { title: 'max', cell: ({ time }) => formatNumber(time.max) },
      { title: 'ratio', cell: ({ ratio }) => (ratio ? formatRatio(ratio.median) : '1') },
      { title: 'min–max', cell: ({ ratio }) => (ratio ? formatSpan(ratio) : '') },
    ],
    rows,
  );
  return `#### ${title}\n\nN = ${rows[0]?.time.n ?? 0}; ratios are taken round by round.\n\n${table}`;
}
