import { startDelayProxy } from '../../scripts/proxy/delay-proxy.ts';
import { createWidget } from '../server/widgets/create-widget.ts';
import type { Contender } from './contenders.ts';
import type { Measurement } from './rows.ts';

export interface Trial {
  readonly target: { readonly host: string; readonly port: number };
  /** The widgets to ask for, in order. */
  readonly ids: readonly number[];
  readonly latencyMs: number;
  readonly rttMs: number;
  readonly token: string | undefined;
}

/** @throws Error naming the first call whose answer isn't the widget that it asked for */
function checkAnswers(contender: string, ids: readonly number[], bodies: readonly string[]): void {
  ids.forEach((id, index) => {
    if (bodies[index] === JSON.stringify(createWidget(id))) return;
    throw new Error(
      `${contender}: call ${index} asked for widget ${id} and got ` +
        `${bodies[index]?.slice(0, 60) ?? 'nothing'}; is the server another version of the demo?`,
    );
  });
}

/**
 * Runs one contender on connections of its own and asserts every answer; only then its figures count.
 *
 * @param onAnswer hears how many answers there are so far
 */
export async function measure(
  contender: Contender,
  { target, ids, latencyMs, rttMs, token }: Trial,
  onAnswer: (answered: number) => void,
): Promise<Measurement> {
  const proxy = await startDelayProxy(target, { rttMs });
  try {
    const base = `http://127.0.0.1:${proxy.port}`;
    const urls = ids.map((id) => `${base}/api/widgets/${id}?delay=${latencyMs}`);
    const headers: Record<string, string> =
      token === undefined ? {} : { authorization: `Bearer ${token}` };
    let answered = 0;

    const startedAt = performance.now();
    const haul = await contender.run(urls, headers, () => onAnswer(++answered));
    const totalMs = performance.now() - startedAt;

    checkAnswers(contender.name, ids, haul.bodies);
    const { roundTrips, bytesUp, bytesDown } = proxy.read();
    const { deduplicated, cacheHits } = haul;
    return {
      contender: contender.name,
      requests: ids.length,
      totalMs,
      deduplicated,
      cacheHits,
      roundTrips,
      bytesUp,
      bytesDown,
    };
  } finally {
    await proxy.close();
  }
}
