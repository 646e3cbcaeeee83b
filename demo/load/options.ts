import { parseValues, readToken, UsageError } from '../compare/command-line.ts';

export interface LoadOptions {
  /** Connections that ask at once, each for one thing after the other. */
  readonly connections: number;
  /** Sub-requests in a batch. */
  readonly items: number;
  /** How long each measurement takes, in seconds. */
  readonly seconds: number;
  /** How often each way is measured, in turns. */
  readonly rounds: number;
  /** Sent as `Authorization: Bearer …`; without one, that of the demo's user. */
  readonly token: string | undefined;
  /** A server that is already running; without one, the script starts its own. */
  readonly url: URL | undefined;
  /** The file that the results go to. */
  readonly json: string;
  readonly help: boolean;
}

export const usage = `Usage: npm run load -- [options]

  --connections N   connections that ask at once, 1 to 100 (default 10)
  --items N         sub-requests in a batch, 1 to 100 (default 50)
  --seconds N       how long each measurement takes, 1 to 60 (default 3)
  --rounds N        how often each way is measured, 1 to 10 (default 3)
  --token T         sent as "Authorization: Bearer T" (default: that of the demo's user)
  --url U           load this server, on this machine, instead of one of its own
  --json FILE       where the results are kept (default load-results/latest.json)
  --help            print this
`;

function readWhole(name: string, text: string, high: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= high) return value;
  throw new UsageError(`--${name} must be a whole number from 1 to ${high}, got '${text}'`);
}

/** Only this machine: nobody else's is loaded by a slip of the keyboard. */
const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

function readUrl(text: string): URL {
  const url = URL.parse(text);
  const isServer = url?.protocol === 'http:' && url.pathname === '/' && url.search === '';
  if (isServer && loopback.has(url.hostname)) return url;
  throw new UsageError(
    `--url must be the address of a server on this machine, such as http://localhost:8787, got '${text}'`,
  );
}

const definitions = {
  connections: { type: 'string', default: '10' },
  items: { type: 'string', default: '50' },
  seconds: { type: 'string', default: '3' },
  rounds: { type: 'string', default: '3' },
  token: { type: 'string' },
  url: { type: 'string' },
  json: { type: 'string', default: 'load-results/latest.json' },
  help: { type: 'boolean', default: false },
} as const;

/**
 * Reads the command line.
 *
 * @throws UsageError naming the option, the value received and what would do
 */
export function readOptions(args: readonly string[]): LoadOptions {
  const values = parseValues(args, definitions);
  if (values.json === '') throw new UsageError("--json must be the name of a file, got ''");
  return {
    connections: readWhole('connections', values.connections, 100),
    items: readWhole('items', values.items, 100),
    seconds: readWhole('seconds', values.seconds, 60),
    rounds: readWhole('rounds', values.rounds, 10),
    token: values.token === undefined ? undefined : readToken(values.token),
    url: values.url === undefined ? undefined : readUrl(values.url),
    json: values.json,
    help: values.help,
  };
}
