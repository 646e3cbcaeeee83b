import type { ScenarioReport } from '../harness/report.ts';
import type { Summary } from '../harness/statistics.ts';

/** One measure of a report, as it is drawn or told. */
export interface Column {
  /** Of the section that has it. */
  readonly section: string;
  /** Of those that a grid has; a section of times has but one. */
  readonly measure?: string;
}

/** Its figures by the name of their row. @throws Error if the report has no such measure */
export function figuresOf(
  { name, sections }: ScenarioReport,
  { section: title, measure }: Column,
): ReadonlyMap<string, Summary> {
  const found = sections.find((section) => section.title === title);
  if (!found) throw new Error(`${name} has no section '${title}'`);
  if (!('measures' in found)) return new Map(found.rows.map((row) => [row.name, row.time]));
  const index = found.measures.findIndex((one) => one.name === measure);
  if (index === -1) throw new Error(`'${title}' of ${name} has no measure '${measure}'`);
  return new Map(
    found.rows.flatMap((row) => {
      const figure = row.figures[index];
      return figure ? [[row.name, figure]] : [];
    }),
  );
}
