import { format, resolveConfig } from 'prettier';
import { chartToSvg } from '../harness/chart.ts';
import { formatReport, type Report } from '../harness/report.ts';
import { putBetweenMarks } from './between-marks.ts';
import { chartsOf } from './charts.ts';
import { formatSummary } from './summary.ts';

const root = new URL('../../', import.meta.url);
const folder = 'docs/benchmarks/';

export const readmePath = 'README.md';
export const jsonPath = `${folder}results.json`;

/** As the project formats it. */
async function tidy(path: string, text: string): Promise<string> {
  const url = new URL(path, root);
  return format(text, { ...(await resolveConfig(url)), filepath: path });
}

/** What is published of a report, by path; of the README, all but the summary stays as it is. */
export async function filesOf(report: Report, readme: string): Promise<Map<string, string>> {
  const charts = chartsOf(report);
  const results = formatReport(report, {
    hasRatios: false,
    picturesOf: ({ name }) =>
      chartsOf({ scenarios: report.scenarios.filter((scenario) => scenario.name === name) })
        .map((chart) => `![${chart.title}](${chart.name}.svg)`)
        .join('\n\n'),
  });
  const summary = formatSummary(report);
  return new Map([
    [jsonPath, await tidy(jsonPath, JSON.stringify(report))],
    [`${folder}results.md`, await tidy('results.md', results.replaceAll(/^#(#+ )/gm, '$1'))],
    ...charts.map((chart) => [`${folder}${chart.name}.svg`, chartToSvg(chart)] as const),
    [readmePath, await tidy(readmePath, putBetweenMarks(readme, summary))],
  ]);
}
