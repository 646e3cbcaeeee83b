import { maxDelayMs } from '../server/widgets/delay.ts';
import { parseValues, readToken, UsageError } from './command-line.ts';

export interface CompareOptions {
  /** How many calls each contender makes. */
  readonly requests: number;
  /** The share of them that ask for what an earlier one asked for, 0 to less than 1. */
  readonly duplicateRate: number;
  /** How long the server takes over each request, in ms. */
  readonly latencyMs: number;
  /** What a round trip costs on the wire, in ms. */
  readonly rttMs: number;
  /** Sent by every contender as `Authorization: Bearer …`; without one, that of the demo's user. */
  readonly token: string | undefined;
  /** A server that is already running; without one, the comparison starts its own. */
  readonly url: URL | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

export const usage = `Usage: npm run compare -- [options]

  --requests N         calls that each contender makes, 1 to 1000 (default 20)
  --duplicate-rate R   share of them that repeat an earlier one, 0 to 0.99 (default 0.3)
  --latency MS         the server's work per request, 0 to ${maxDelayMs} (default 150)
  --rtt MS             what a round trip costs on the wire, 0 to 2000 (default 0)
  --token T            sent as "Authorization: Bearer T" (default: that of the demo's user)
  --url U              compare against this server instead of a demo server of its own
  --json               print the rows as JSON, and nothing else
  --help               print this
`;

function readNumber(
  name: string,
  text: string,
  { low, high, whole }: { low: number; high: number; whole: boolean },
): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  throw new UsageError(`--${name} must be ${kind} from ${low} to ${high}, got '${text}'`);
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  // The figures are taken on the TCP stream; inside TLS there would be nothing to count.
  if (url?.protocol === 'http:' && url.pathname === '/' && url.search === '') return url;
  throw new UsageError(
    `--url must be the address of a server, such as http://localhost:8787, got '${text}'`,
  );
}

const definitions = {
  requests: { type: 'string', default: '20' },
  'duplicate-rate': { type: 'string', default: '0.3' },
  latency: { type: 'string', default: '150' },
  rtt: { type: 'string', default: '0' },
  token: { type: 'string' },
  url: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/**
 * Reads the command line.
 *
 * @throws UsageError naming the option, the value received and what would do
 */
export function readOptions(args: readonly string[]): CompareOptions {
  const values = parseValues(args, definitions);
  const wholeMs = (name: 'latency' | 'rtt', high: number) =>
    readNumber(name, values[name], { low: 0, high, whole: true });

  return {
    requests: readNumber('requests', values.requests, { low: 1, high: 1000, whole: true }),
    // Not 1: the first call can't repeat anything.
    duplicateRate: readNumber('duplicate-rate', values['duplicate-rate'], {
      low: 0,
      high: 0.99,
      whole: false,
    }),
    latencyMs: wholeMs('latency', maxDelayMs),
    rttMs: wholeMs('rtt', 2000),
    token: values.token === undefined ? undefined : readToken(values.token),
    url: values.url === undefined ? undefined : readUrl(values.url),
    json: values.json,
    help: values.help,
  };
}
