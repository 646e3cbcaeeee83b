import { expect } from 'vitest';
import { createCarpool, type CarpoolOptions } from '../../../src/index.ts';
import type { Fetch, ParityCase } from './parity-case.ts';
import { everything, seeOutcome } from './see.ts';
import { createBatchEndpoint, nativeFetch, onStage } from './stage.ts';

/** How the calls of a run of the table travel, unless they go past. */
export interface Way {
  readonly name: string;
  readonly options: CarpoolOptions;
  /** A server that can't stream answers. */
  readonly isBuffered?: boolean;
  /** Other calls are made in the same task, before and after. */
  readonly hasCompany?: boolean;
}

export const ways: readonly Way[] = [
  { name: 'alone in a batch', options: { batchSingle: true } },
  { name: 'among others', options: {}, hasCompany: true },
  { name: 'in a buffered batch', options: { batchSingle: true }, isBuffered: true },
  { name: 'alone, with the defaults', options: {} },
];

const seeCase = (parityCase: ParityCase, fetch: Fetch): Promise<unknown> =>
  onStage((stage) =>
    seeOutcome(async () => {
      if ('play' in parityCase) return parityCase.play(fetch, stage);
      const { args, see = everything } = parityCase;
      return see(await fetch(...args(stage)));
    }),
  );

const company = '/t/echo/company/';

/** Makes the first call travel between two others. */
function amongOthers(fetch: Fetch): { fetch: Fetch; others: Promise<Response>[] } {
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

const goesAlone = ({ options, hasCompany }: Way): boolean => !options.batchSingle && !hasCompany;

function expectedRoad({ road = 'rides', legs = 1 }: ParityCase, way: Way): unknown {
  const none = { items: 0, batched: 0, single: 0, bypassed: 0 };
  if (road === 'nowhere') return none;
  if (road === 'past') return { ...none, bypassed: legs };
  if (goesAlone(way)) return { ...none, single: legs };
  // Later calls have no company any more.
  const together = way.hasCompany ? 1 : legs;
  return { ...none, items: together, batched: together, single: legs - together };
}

/** Runs a case natively and this way, proves which road it took, and compares what was seen. */
export async function runCase(parityCase: ParityCase, way: Way): Promise<void> {
  const { differs } = parityCase;
  const { endpoint, seen } = createBatchEndpoint(way.isBuffered ? 'buffered' : 'streamed');
  const carpool = createCarpool({ ...way.options, endpoint });
  const traveller = way.hasCompany
    ? amongOthers(carpool.fetch)
    : { fetch: carpool.fetch, others: [] };

  const native = await seeCase(parityCase, nativeFetch);
  const ours = await seeCase(parityCase, traveller.fetch);

  for (const other of await Promise.all(traveller.others)) expect(other.status).toBe(200);
  await carpool.dispose();
  const { batched, bypassed, single } = carpool.stats();
  const { items } = await seen();
  const others = traveller.others.length;
  const took = { items: items - others, batched: batched - others, single, bypassed };
  expect(took, `the road of '${parityCase.name}'`).toEqual(expectedRoad(parityCase, way));

  const hasDifference = differs !== undefined && !goesAlone(way);
  if (hasDifference) expect(ours, 'a difference that is none any more').not.toEqual(native);
  expect(ours).toEqual(hasDifference ? differs.as(native) : native);
}
