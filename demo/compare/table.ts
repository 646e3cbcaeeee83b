import type { Row } from './rows.ts';

const fixed = (value: number, decimals: number): string =>
  value.toLocaleString('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });

const percent = (share: number): string => `${fixed(share * 100, 0)} %`;

const columns: readonly (readonly [title: string, cell: (row: Row) => string])[] = [
  ['', (row) => row.contender],
  ['total', (row) => `${fixed(row.totalMs, 0)} ms`],
  ['per request', (row) => `${fixed(row.averageMs, 1)} ms`],
  ['requests/s', (row) => fixed(row.requestsPerSecond, 1)],
  ['deduplicated', (row) => percent(row.deduplicationRate)],
  ['cache hits', (row) => percent(row.cacheHitRate)],
  ['round trips', (row) => fixed(row.roundTrips, 0)],
  ['bytes up', (row) => fixed(row.bytesUp, 0)],
  ['bytes down', (row) => fixed(row.bytesDown, 0)],
  [
    'improvement',
    (row) => (row.contender === 'sequential' ? '–' : `${fixed(row.improvement, 1)} %`),
  ],
];

/** Lines of cells as text: the first column to the left, figures to the right, a rule below the first line. */
export function layOut(lines: readonly (readonly string[])[]): string {
  const [head = [], ...body] = lines;
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const format = (line: readonly string[]) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();

  const rule = widths.map((width) => '─'.repeat(width));
  return [format(head), format(rule), ...body.map(format)].join('\n');
}

/** The rows as text: names to the left, figures to the right. */
export const formatTable = (rows: readonly Row[]): string =>
  layOut([
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, cell]) => cell(row))),
  ]);
