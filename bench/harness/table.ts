export interface Column<Row> {
  readonly title: string;
  /** Figures stand to the right. @default 'right' */
  readonly align?: 'left' | 'right';
  readonly cell: (row: Row) => string;
}

/** The number with so many digits that differences can be seen, and no more. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** The rows as a Markdown table that can be read as text, too. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ cell }) => cell(row).replaceAll('|', '\\|'))),
  ];
  const widths = columns.map((_, column) =>
    Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const isLeft = (column: number): boolean => columns[column]?.align === 'left';
  const format = (line: readonly string[]): string => {
    const cells = line.map((cell, column) => {
      const width = widths[column] ?? 0;
      return isLeft(column) ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${cells.join(' | ')} |`;
  };
  const rule = widths.map((width, column) =>
    isLeft(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );

  const [head = [], ...body] = lines;
  return [format(head), format(rule), ...body.map(format)].join('\n');
}
