import type { Report } from '../harness/report.ts';

/** More digits than are ever told. */
const digits = 6;

/** The report with no more digits than it needs, as plain data; what is counted stays as it is. */
export const condense = (report: Report): Report =>
  JSON.parse(
    JSON.stringify(report, (_, value: unknown) =>
      typeof value === 'number' && !Number.isInteger(value)
        ? Number(value.toPrecision(digits))
        : value,
    ),
  ) as Report;
