import { formatReport, type Report } from './report.ts';
import { readOptions, usage, UsageError, type BenchOptions } from './options.ts';

/**
 * Runs a benchmark from the command line and prints its report: `bench/<name>.bench.ts` in a line.
 * A bar that is missed is reported, and no failure; a wrong answer is.
 */
export async function run(
  name: string,
  bench: (options: BenchOptions, progress: (what: string) => void) => Promise<Report>,
): Promise<void> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options.help) {
      console.log(usage(name));
      return;
    }
    const report = await bench(options, (what) => process.stderr.write(`${what}\n`));
    console.log(options.json ? JSON.stringify(report, null, 2) : formatReport(report));
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${usage(name)}`);
      process.exitCode = 2;
    } else {
      console.error(error);
      process.exitCode = 1;
    }
  }
}
