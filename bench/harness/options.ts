import { parseArgs } from 'node:util';
import type { Catalogue } from './scenario.ts';

export interface BenchOptions {
  /** The scenarios to run, by name. */
  readonly scenarios: readonly string[];
  /** Measured rounds. */
  readonly rounds: number;
  readonly json: boolean;
  /** The folder to write report and charts to; undefined for none. */
  readonly out: string | undefined;
  readonly help: boolean;
}

/** A mistake on the command line; the message names the value and the remedy. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const defaultOut = 'bench-results';

export function usage(catalogue: Catalogue): string {
  const lines = Object.entries(catalogue).map(
    ([name, { title }]) => `  ${name.padEnd(10)}  ${title}`,
  );
  return `Usage: npm run bench -- [scenarios] [options]

${lines.join('\n')}

  --rounds N  measured rounds, 1 to 1000 (default 9; fewer are for a quick look)
  --json      print the report as JSON, and nothing else (with npm run --silent)
  --out DIR   write report.json, report.md and the charts there (default ${defaultOut}/, if all run)
  --help      print this
`;
}

const definitions = {
  rounds: { type: 'string', default: '9' },
  json: { type: 'boolean', default: false },
  out: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: definitions, allowPositionals: true });
  } catch (error) {
    // Node's own wording names the option and how to write it.
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** @throws UsageError naming the option or the scenario, the value received and what would do */
export function readOptions(args: readonly string[], catalogue: Catalogue): BenchOptions {
  const { values, positionals } = parse(args);
  const all = Object.keys(catalogue);
  const named = positionals.map((name) => name.toUpperCase());
  const unknown = positionals.find((name) => !all.includes(name.toUpperCase()));
  if (unknown !== undefined) {
    throw new UsageError(`there is no scenario '${unknown}', only ${all.join(', ')}`);
  }
  const rounds = /^\d+$/.test(values.rounds) ? Number(values.rounds) : NaN;
  if (!(rounds >= 1 && rounds <= 1000)) {
    throw new UsageError(`--rounds must be a whole number from 1 to 1000, got '${values.rounds}'`);
  }
  return {
    scenarios: named.length > 0 ? all.filter((name) => named.includes(name)) : all,
    rounds,
    json: values.json,
    // A quick look at one scenario should not take the place of a whole report.
    out: values.out ?? (named.length === 0 ? defaultOut : undefined),
    help: values.help,
  };
}
