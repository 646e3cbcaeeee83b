import { summarize, type Summary } from './statistics.ts';
import { formatNumber, formatTable, type Column } from './table.ts';

export interface Measure {
  readonly name: string;
  /** Such as 'ms' or 'kB'; none for what is counted. */
  readonly unit?: string;
}

/** A row's figures, in the order of measures; null for what wasn't measured of it. */
export interface GridRow {
  readonly name: string;
  readonly figures: readonly (Summary | null)[];
}

/** Several measures of the same runs, a row for each contender. */
export interface Grid {
  readonly title: string;
  readonly measures: readonly Measure[];
  readonly rows: readonly GridRow[];
  /** The rows whose medians are set against everybody else's in a table of ratios. */
  readonly subjects: readonly string[];
}

/** A row's samples by the name of their measure. */
export type RowSamples = ReadonlyMap<string, readonly number[]>;

export interface GridParts extends Omit<Grid, 'rows'> {
  readonly samples: ReadonlyMap<string, RowSamples>;
}

export function toGrid({ samples, ...grid }: GridParts): Grid {
  const rows = [...samples].map(([name, row]): GridRow => {
    const figures = grid.measures.map((measure) => {
      const all = row.get(measure.name);
      return all ? summarize(all) : null;
    });
    return { name, figures };
  });
  return { ...grid, rows };
}

/** The figures of one measure of one row; undefined if it wasn't measured. */
export function figureOf(grid: Grid, row: string, measure: string): Summary | undefined {
  const column = grid.measures.findIndex(({ name }) => name === measure);
  return grid.rows.find(({ name }) => name === row)?.figures[column] ?? undefined;
}

const toTitle = ({ name, unit }: Measure): string =>
  unit === undefined ? name : `${name}, ${unit}`;

const formatFigure = (figure: Summary | null | undefined): string => {
  if (!figure) return '';
  const { median, min, max } = figure;
  const [low, middle, high] = [min, median, max].map(formatNumber);
  return low === high ? `${middle}` : `${middle} (${low}–${high})`;
};

/** How the subjects' medians relate to everybody's: below 1 where the subject needs less. */
function formatRatios({ measures, rows, subjects }: Grid): string {
  const present = rows.filter(({ name }) => subjects.includes(name));
  const tables = present.map((subject) => {
    const columns = measures.map((measure, column): Column<GridRow> => ({
      title: measure.name,
      cell: ({ figures }) => {
        const [own, other] = [subject.figures[column]?.median, figures[column]?.median];
        return own === undefined || !other ? '' : (own / other).toFixed(2);
      },
    }));
    return formatTable<GridRow>(
      [{ title: `${subject.name}: ratio to`, align: 'left', cell: ({ name }) => name }, ...columns],
      rows.filter(({ name }) => name !== subject.name),
    );
  });
  return tables.join('\n\n');
}

/** The grid as Markdown: median (min–max) of each, then the ratios, unless they are not wanted. */
export function formatGrid(grid: Grid, hasRatios = true): string {
  const { title, measures, rows } = grid;
  const count = ({ figures }: GridRow): number => Math.max(0, ...figures.map((one) => one?.n ?? 0));
  const table = formatTable<GridRow>(
    [
      { title: 'median (min–max)', align: 'left', cell: ({ name }) => name },
      { title: 'N', cell: (row) => String(count(row)) },
      ...measures.map((measure, column): Column<GridRow> => ({
        title: toTitle(measure),
        cell: ({ figures }) => formatFigure(figures[column]),
      })),
    ],
    rows,
  );
  return [`#### ${title}`, table, hasRatios && formatRatios(grid)].filter(Boolean).join('\n\n');
}
