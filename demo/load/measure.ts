import autocannon from 'autocannon';
import type { Options } from 'autocannon';
import { readServerCpu } from './server-cpu.ts';
import type { Way } from './ways.ts';

/** What was seen of one way, or of one phase; latencies are those of whole answers, in ms. */
export interface Figures {
  readonly answers: number;
  /** Sub-requests that were answered, a second. */
  readonly itemsPerSecond: number;
  /**
   * What the server needs of a processor for a sub-request, in µs. Unlike the rate, it doesn't depend on what
   * else the machine does; null where the server doesn't tell.
   */
  readonly cpuPerItem: number | null;
  readonly p50: number;
  readonly p99: number;
  /** Answers that didn't come, came with an error, or weren't whole. */
  readonly lost: number;
}

interface Load {
  readonly url: URL;
  readonly connections: number;
}

/** Measures, and adds what that has cost the server. */
async function measure(
  { url }: Load,
  { perAnswer }: Way,
  options: Options,
  expected?: number,
): Promise<Figures> {
  const before = await readServerCpu(url);
  const result = await autocannon(options);
  const usedSeconds = (await readServerCpu(url)) - before;

  const { errors, non2xx, mismatches, latency, duration } = result;
  // Whatever came but wasn't whole, problems included.
  const answers = result['2xx'] + non2xx - mismatches;
  const cpuPerItem = (usedSeconds * 1e6) / (answers * perAnswer);
  return {
    answers,
    itemsPerSecond: (answers * perAnswer) / duration,
    cpuPerItem: Number.isFinite(cpuPerItem) ? cpuPerItem : null,
    p50: latency.p50,
    p99: latency.p99,
    lost: expected === undefined ? errors + mismatches : expected - answers,
  };
}

const optionsOf = ({ url, connections }: Load, { requests, isWhole }: Way): Options => ({
  url: url.origin,
  connections,
  requests: [...requests],
  verifyBody: (body) => isWhole(String(body)),
  timeout: 30,
});

/** As much as goes, for so many seconds. */
export const saturate = (load: Load, way: Way, seconds: number): Promise<Figures> =>
  measure(load, way, { ...optionsOf(load, way), duration: seconds });

/** So many answers a second, for so many seconds; each must come. */
export function sustain(
  load: Load,
  way: Way,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<Figures> {
  const amount = perSecond * seconds;
  // A connection that has nothing to ask for is an error to autocannon.
  const connections = Math.min(load.connections, perSecond);
  const options: Options = {
    ...optionsOf({ ...load, connections }, way),
    amount,
    overallRate: perSecond,
    // It would add answers that there weren't.
    ignoreCoordinatedOmission: true,
  };
  return measure(load, way, options, amount);
}
