import { z } from '@hono/zod-openapi';
import { JobError, type JobHandler } from '../platform/jobs/job.ts';
import { wait } from '../widgets/delay.ts';
import type { Series } from './charge.ts';
import {
  capabilityOf,
  controlChart,
  summarize,
  trendOf,
  type Capability,
  type ControlChart,
  type Summary,
  type Trend,
} from './statistics.ts';
import type { ChargeStore } from './store.ts';

/** The name of these jobs. */
export const analysisName = 'analysis';

/** What is submitted; without characteristics, all are analysed. */
export const analysisInput = z.strictObject({
  chargeId: z.string(),
  characteristics: z.array(z.string()).optional(),
});

export type Recommendation = 'release' | 'hold' | 'reject';

/** One characteristic, analysed. */
export interface CharacteristicReport extends Omit<Series, 'readings'> {
  readonly summary: Summary;
  readonly capability: Capability;
  readonly control: ControlChart;
  readonly trend: Trend;
}

export interface ChargeReport {
  readonly chargeId: string;
  readonly recommendation: Recommendation;
  /** Why it is no release, a sentence each. */
  readonly reasons: readonly string[];
  readonly characteristics: readonly CharacteristicReport[];
}

const stepsEach = 4;
/** Fewer say nothing of how they vary. */
const leastReadings = 2;
/** Of all readings outside of the limits, beyond which a lot is not worth keeping. */
const rejectShare = 0.1;
/** Customary for a process under control. */
const leastCpk = 1;
/** One reading in 370 is beyond its control limits by chance. */
const suspicious = 2;
const strongTrend = 0.5;

/** How many steps there are, of which progress tells. */
export const stepCount = (characteristics: number): number => stepsEach * characteristics + 1;

/** Weighs the characteristics up. */
export function recommend(
  characteristics: readonly CharacteristicReport[],
): Pick<ChargeReport, 'recommendation' | 'reasons'> {
  const reasons: string[] = [];
  let isReject = false;
  for (const { name, summary, capability, control, trend } of characteristics) {
    const { cpk, outside } = capability;
    if (outside > 0)
      reasons.push(`${name}: ${outside} of ${summary.count} readings out of limits.`);
    if (outside / summary.count >= rejectShare) isReject = true;
    if (cpk !== null && cpk < leastCpk) reasons.push(`${name}: Cpk is ${cpk}, below ${leastCpk}.`);
    if (control.beyond.length >= suspicious) {
      reasons.push(`${name}: ${control.beyond.length} readings beyond the control limits.`);
    }
    if (trend.r2 >= strongTrend) reasons.push(`${name}: it drifts by ${trend.slope} a reading.`);
  }
  if (reasons.length === 0) return { recommendation: 'release', reasons };
  return { recommendation: isReject ? 'reject' : 'hold', reasons };
}

/**
 * The handler that analyses a charge's measurements, step by step.
 *
 * @param stepMs how long each step takes at least: as a laboratory's would
 */
export function createAnalysis(
  store: Pick<ChargeStore, 'find' | 'seriesOf'>,
  stepMs: number,
): JobHandler {
  return async ({ input, report, signal }) => {
    const { chargeId, characteristics: wanted } = analysisInput.parse(input);
    if (!store.find(chargeId)) {
      const detail = `There is no charge '${chargeId}' any more.`;
      throw new JobError({ status: 404, title: 'No such charge', detail });
    }
    const series = store
      .seriesOf(chargeId)
      .filter(({ name }) => wanted === undefined || wanted.includes(name));
    if (series.length === 0 || series.some(({ readings }) => readings.length < leastReadings)) {
      const detail = `An analysis needs ${leastReadings} readings of each characteristic of '${chargeId}'.`;
      throw new JobError({ status: 409, title: 'Too few readings', detail });
    }
    const total = stepCount(series.length);
    let done = 0;
    const step = async <T>(work: () => T): Promise<T> => {
      await wait(stepMs, signal);
      const result = work();
      report(++done, total);
      return result;
    };

    report(0, total);
    const characteristics: CharacteristicReport[] = [];
    for (const { name, unit, lower, upper, readings } of series) {
      characteristics.push({
        name,
        unit,
        lower,
        upper,
        summary: await step(() => summarize(readings)),
        capability: await step(() => capabilityOf(readings, lower, upper)),
        control: await step(() => controlChart(readings)),
        trend: await step(() => trendOf(readings)),
      });
    }
    const verdict = await step(() => recommend(characteristics));
    return JSON.stringify({ chargeId, ...verdict, characteristics } satisfies ChargeReport);
  };
}
