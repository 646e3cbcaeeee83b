import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** A mistake on the command line; the message names the value and the remedy. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The options that were given. @throws UsageError naming one that there is not, or that lacks its value */
export function parseValues<const Definitions extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Definitions,
): ReturnType<typeof parseArgs<{ args: string[]; options: Definitions }>>['values'] {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    // Node's own wording names the option and how to write it.
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Reads `--token`. @throws UsageError if it is no bearer token */
export function readToken(text: string): string {
  // RFC 6750, section 2.1.
  if (/^[\w\-.~+/]+=*$/.test(text)) return text;
  throw new UsageError('--token must be letters, digits and -._~+/ only, as bearer tokens are');
}

/** Runs a program: exit code 2, with how to use it, for a mistake on the command line, and 1 for any other failure. */
export async function runCommand<Options extends { readonly help: boolean }>(
  readOptions: (args: readonly string[]) => Options,
  usage: string,
  run: (options: Options) => Promise<void>,
): Promise<void> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options.help) console.log(usage);
    else await run(options);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${usage}`);
      process.exitCode = 2;
    } else {
      console.error(error);
      process.exitCode = 1;
    }
  }
}
