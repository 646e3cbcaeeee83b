import { expect } from 'vitest';
import { createCarpool, type CarpoolOptions } from '../../../src/index.ts';
import type { Fetch, ParityCase } from './parity-case.ts';
import { everything, seeOutcome } from './see.ts';
import { createBatchEndpoint } from '../support/batch-endpoint.ts';
import { nativeFetch } from '../support/native-fetch.ts';
import { onStage } from './stage.ts';

/** How the calls of a run of the table travel, unless they go past. */
export interface Way {
  readonly name: string;
  readonly options: CarpoolOptions;
  /** Runs the cases too that don't ride. */
  readonly takesAllRoads: boolean;
  /** A server that can't stream answers. */
  readonly isBuffered?: boolean;
  /** Other calls are made in the same task, before and after. */
  readonly hasCompany?: boolean;
}

const inBatches: CarpoolOptions = { batchSingle: true };

export const ways: readonly Way[] = [
  { name: 'alone in a batch', options: inBatches, takesAllRoads: true },
  { name: 'among others', options: inBatches, takesAllRoads: false, hasCompany: true },
  { name: 'in a buffered batch', options: inBatches, takesAllRoads: false, isBuffered: true },
  { name: 'alone, with the defaults', options: {}, takesAllRoads: true },
  {
    name: 'alone in a batch, with a cache',
    options: { ...inBatches, cache: { persist: false }, identity: () => 'somebody' },
    takesAllRoads: false,
  },
];

const seeCase = (parityCase: ParityCase, fetch: Fetch): Promise<unknown> =>
  onStage((stage) =>
    seeOutcome(async () => {
      if ('play' in parityCase) return parityCase.play(fetch, stage);
      const { args, see = everything } = parityCase;
      return see(await fetch(...args(stage)));
    }),
  );

/** Makes the first call travel between two others. */
function amongOthers(
  fetch: Fetch,
  origin = location.origin,
): { fetch: Fetch; others: Promise<Response>[] } {
  const company = `${origin}/t/echo/company/`;
  const others: Promise<Response>[] = [];
  return {
    others,
    fetch: (...args) => {
      const isFirst = others.length === 0;
      if (isFirst) others.push(fetch(`${company}1`));
      const response = fetch(...args);
      if (isFirst) others.push(fetch(`${company}2`));
      return response;
    },
  };
}

interface Counts {
  /** Items at the server, and plain calls and calls past batching at the client. */
  readonly items: number;
  readonly single: number;
  readonly bypassed: number;
}

/** What server and client must have counted of a case's calls. */
function expectedRoad({ road = 'rides', legs = 1 }: ParityCase, way: Way): unknown {
  const none = { items: 0, single: 0, bypassed: 0 };
  if (road === 'nowhere') return none;
  if (road === 'past') return { ...none, bypassed: legs };
  // What has been asked once may be answered from the cache.
  const isEnough = ({ items, single, bypassed }: Counts): boolean =>
    items <= legs && single + bypassed === 0;
  if (way.options.cache) return expect.toSatisfy(isEnough);
  if (way.options.batchSingle) return { ...none, items: legs };
  // Redirects are followed by native `fetch`, and several calls at once do ride.
  return expect.toSatisfy(
    ({ items, single, bypassed }: Counts) => items + single > 0 && bypassed === 0,
  );
}

/** Runs a case natively and this way, proves which road it took, and compares what was seen. */
export async function runCase(parityCase: ParityCase, way: Way): Promise<void> {
  const { differs, origin, options } = parityCase;
  const { endpoint, seen } = createBatchEndpoint({ origin, isBuffered: way.isBuffered });
  const origins = origin === undefined ? [] : [origin];
  const carpool = createCarpool({ origins, ...options, ...way.options, endpoint });
  const traveller = way.hasCompany
    ? amongOthers(carpool.fetch, origin)
    : { fetch: carpool.fetch, others: [] };

  const native = await seeCase(parityCase, nativeFetch);
  const ours = await seeCase(parityCase, traveller.fetch);

  for (const other of await Promise.all(traveller.others)) expect(other.status).toBe(200);
  await carpool.dispose();
  const { bypassed, single } = carpool.stats();
  const { items } = await seen();
  const took = { items: items - traveller.others.length, single, bypassed };
  expect(took, `the road of '${parityCase.name}'`).toEqual(expectedRoad(parityCase, way));

  if (differs && way.options.cache) {
    // A cache of our own may make good what a batch can't do.
    expect([native, differs.as(native)]).toContainEqual(ours);
  } else if (differs && way.options.batchSingle && !(differs.onlyStreamed && way.isBuffered)) {
    expect(ours, 'a difference that is none any more').not.toEqual(native);
    expect(ours).toEqual(differs.as(native));
  } else {
    expect(ours).toEqual(native);
  }
}
