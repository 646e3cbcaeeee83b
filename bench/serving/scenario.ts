import autocannon from 'autocannon';
import { versionsOf } from '../harness/bundle.ts';
import { toGrid, type Grid } from '../harness/grid.ts';
import { measureRows, noteBusy } from '../harness/measure-rows.ts';
import type { Scenario } from '../harness/scenario.ts';
import { judgeMedians, type Verdict } from '../harness/verdict.ts';
import { createIdentity, startBackend, type Backend } from '../network/backend.ts';
import { capture, type Captured } from './capture.ts';
import { carpools, loads, peers, single, type Load } from './loads.ts';

const connections = 10;
const seconds = 0.3;

const rate = 'items a second';
const time = 'between two items';
const cpu = "the server's CPU time for an item";
const measures = [{ name: rate }, { name: time, unit: 'µs' }, { name: cpu, unit: 'µs' }];

/** The answers of a batch differ in length by the figures that they end with. */
const shortest = 0.98;

/** As much as goes over so many connections for a while. @throws Error if an answer was none, or not whole */
async function shoot(
  { name, items }: Load,
  { shot, length }: Captured,
  origin: string,
  backend: Backend,
): Promise<Record<string, number>> {
  const before = await backend.cpuMs();
  const result = await autocannon({
    url: origin,
    connections,
    duration: seconds,
    sampleInt: 100,
    requests: [shot],
    verifyBody: (body) => String(body).length >= length * shortest,
  });
  const usedMs = (await backend.cpuMs()) - before;
  const { errors, non2xx, mismatches, duration } = result;
  if (errors + non2xx + mismatches > 0) {
    throw new Error(`${name}: ${errors} errors, ${non2xx} refused, ${mismatches} not whole`);
  }
  const answered = result['2xx'] * items;
  return {
    [rate]: answered / duration,
    [time]: (duration * 1e6) / answered,
    [cpu]: (usedMs * 1000) / answered,
  };
}

function judgeAll(grid: Grid): Verdict[] {
  // Rates are judged by their inverse: less is more.
  const comparison = { grid, measure: time, row: carpools[0] };
  return [
    judgeMedians('carpool/server has at least 3 times the rate of single requests', {
      ...comparison,
      others: [single],
      limit: 1 / 3,
    }),
    judgeMedians("carpool/server is no slower than the fastest peer's server", {
      ...comparison,
      others: peers,
      limit: 1,
    }),
    judgeMedians("carpool/server needs no more of a processor than any peer's server", {
      ...comparison,
      measure: cpu,
      others: peers,
      limit: 1,
    }),
  ];
}

/** What the servers answer, of the same data over the same connections, from another process. */
export const serving: Scenario = async ({ rounds, seed, progress }) => {
  const backend = await startBackend('', await createIdentity());
  try {
    const origin = `http://127.0.0.1:${backend.ports.h1}`;
    const captured = new Map<Load, Captured>();
    for (const load of loads) captured.set(load, await capture(load, origin));

    const trials = [...captured].map(([load, request]) => ({
      row: load.name,
      run: () => shoot(load, request, origin, backend),
    }));
    const { samples, busyRounds } = await measureRows(trials, {
      count: rounds,
      warmUps: 1,
      seed,
      progress,
    });
    const grid = toGrid({
      title: `${connections} connections, 50 items a batch`,
      measures,
      samples,
      subjects: [carpools[0]],
    });
    return {
      sections: [grid],
      verdicts: judgeAll(grid),
      notes: [
        'Each request is one that the contender’s own client has made, and whose answer was asserted; the load is autocannon’s, from another process. Nothing is compressed.',
        'The peers’ servers stand on node:http by their own adapters; Carpool’s batches and the single requests go through the same Hono application on @hono/node-server.',
        ...noteBusy(busyRounds, rounds),
      ],
      versions: versionsOf([
        '@trpc/server',
        '@orpc/server',
        '@apollo/server',
        'hono',
        '@hono/node-server',
        'autocannon',
      ]),
    };
  } finally {
    await backend.close();
  }
};
