import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Measured rounds. */
  readonly rounds: number;
  readonly json: boolean;
  readonly help: boolean;
}

/** A mistake on the command line; the message names the value and the remedy. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = (name: string): string => `Usage: node bench/${name}.bench.ts [options]

  --rounds N  measured rounds, 1 to 1000 (default 9; fewer are for a quick look)
  --json      print the report as JSON, and nothing else
  --help      print this

Needs dist/ (npm run build). Packages that aren't dependencies take part if NODE_PATH leads to them.
`;

const definitions = {
  rounds: { type: 'string', default: '9' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: definitions }).values;
  } catch (error) {
    // Node's own wording names the option and how to write it.
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** @throws UsageError naming the option, the value received and what would do */
export function readOptions(args: readonly string[]): BenchOptions {
  const { rounds, json, help } = parse(args);
  const count = /^\d+$/.test(rounds) ? Number(rounds) : NaN;
  if (!(count >= 1 && count <= 1000)) {
    throw new UsageError(`--rounds must be a whole number from 1 to 1000, got '${rounds}'`);
  }
  return { rounds: count, json, help };
}
