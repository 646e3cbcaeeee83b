import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chartsOf } from '../publish/charts.ts';
import { chartToSvg } from './chart.ts';
import { createKeeper } from './keeper.ts';
import { describeMachine } from './machine.ts';
import { readOptions, usage, UsageError, type BenchOptions } from './options.ts';
import { formatReport, type Report, type ScenarioReport } from './report.ts';
import type { Catalogue } from './scenario.ts';

const seed = 20_260_101;

async function runAll({ scenarios, rounds }: BenchOptions, catalogue: Catalogue): Promise<Report> {
  const startedAt = new Date();
  const machine = describeMachine();
  const reports: ScenarioReport[] = [];
  const versions: Record<string, string> = {};
  const keeper = createKeeper();
  try {
    for (const name of scenarios) {
      const entry = catalogue[name];
      if (!entry) continue;
      const { title, load } = entry;
      const progress = (what: string): void => void process.stderr.write(`${name}: ${what}\n`);
      const scenario = await load();
      const began = performance.now();
      const { versions: used, ...found } = await scenario({ rounds, seed, progress, keeper });
      const tookSeconds = Math.round((performance.now() - began) / 1000);
      progress(`took ${tookSeconds} s`);
      Object.assign(versions, used);
      reports.push({ name, title, ...found, tookSeconds });
    }
  } finally {
    await keeper.close();
  }
  return {
    title: 'Carpool, side by side with its peers',
    startedAt: startedAt.toISOString(),
    tookSeconds: (Date.now() - startedAt.getTime()) / 1000,
    machine: { ...machine, versions: { ...machine.versions, ...versions } },
    seed,
    rounds,
    scenarios: reports,
  };
}

async function write(folder: string, report: Report): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, 'report.md'), `${formatReport(report)}\n`);
  for (const chart of chartsOf(report)) {
    await writeFile(join(folder, `${chart.name}.svg`), chartToSvg(chart));
  }
}

/**
 * Runs scenarios from the command line and prints their report.
 * A bar that is missed is reported, and no failure; a wrong answer is.
 */
export async function run(catalogue: Catalogue, args: readonly string[]): Promise<void> {
  try {
    const options = readOptions(args, catalogue);
    if (options.help) {
      console.log(usage(catalogue));
      return;
    }
    const report = await runAll(options, catalogue);
    if (options.out !== undefined) await write(options.out, report);
    console.log(options.json ? JSON.stringify(report, null, 2) : formatReport(report));
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${usage(catalogue)}`);
      process.exitCode = 2;
    } else {
      console.error(error);
      process.exitCode = 1;
    }
  }
}
