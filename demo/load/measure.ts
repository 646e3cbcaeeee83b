import autocannon from 'autocannon';
import type { Options, Result } from 'autocannon';
import type { Way } from './ways.ts';

/** What was seen of one way, or of one phase; latencies are those of whole answers, in ms. */
export interface Figures {
  readonly answers: number;
  /** Sub-requests that were answered, a second. */
  readonly itemsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers that didn't come, came with an error, or weren't whole. */
  readonly lost: number;
}

const toFigures = ({ perAnswer }: Way, result: Result, expected?: number): Figures => {
  const { errors, non2xx, mismatches, latency, duration } = result;
  // Whatever came but wasn't whole, problems included.
  const answers = result['2xx'] + non2xx - mismatches;
  return {
    answers,
    itemsPerSecond: (answers * perAnswer) / duration,
    p50: latency.p50,
    p99: latency.p99,
    lost: expected === undefined ? errors + mismatches : expected - answers,
  };
};

interface Load {
  readonly url: URL;
  readonly connections: number;
}

const optionsOf = ({ url, connections }: Load, { requests, isWhole }: Way): Options => ({
  url: url.origin,
  connections,
  requests: [...requests],
  verifyBody: (body) => isWhole(String(body)),
  timeout: 30,
});

/** As much as goes, for so many seconds. */
export async function saturate(load: Load, way: Way, seconds: number): Promise<Figures> {
  return toFigures(way, await autocannon({ ...optionsOf(load, way), duration: seconds }));
}

/** So many answers a second, for so many seconds; each must come. */
export async function sustain(
  load: Load,
  way: Way,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<Figures> {
  const amount = perSecond * seconds;
  // A connection that has nothing to ask for is an error to autocannon.
  const connections = Math.min(load.connections, perSecond);
  const result = await autocannon({
    ...optionsOf({ ...load, connections }, way),
    amount,
    overallRate: perSecond,
    // It would add answers that there weren't.
    ignoreCoordinatedOmission: true,
  });
  return toFigures(way, result, amount);
}
