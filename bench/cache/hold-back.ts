import { createCarpool } from 'carpool';
import { createClient } from './carpool.ts';
import { quietly } from './quietly.ts';
import { pathOf } from './workload.ts';

export interface HoldBack {
  /** From the first call until the first batch has left. */
  readonly firstMs: number;
  /** Until the last of the calls has left. */
  readonly lastMs: number;
}

/**
 * How long it takes until calls for what no store has leave the page, by a client made for it.
 *
 * @param store the name of a cache; null for a client without one
 * @param headStartMs how long the client is there before the first call
 */
export async function holdBack(
  store: string | null,
  ids: readonly number[],
  headStartMs: number,
): Promise<HoldBack> {
  const left = new Promise<{ first: number; last: number }>((resolve) => {
    let first: number | undefined;
    let items = 0;
    // No answer ever comes: it would be stored, and the next round would not miss.
    globalThis.fetch = async (input, init) => {
      const at = performance.now();
      first ??= at;
      const { requests } = (await new Request(input, init).json()) as { requests: unknown[] };
      items += requests.length;
      if (items === ids.length) resolve({ first, last: at });
      return new Promise(() => {});
    };
  });
  await quietly();

  const client = store === null ? createCarpool() : createClient(store);
  if (headStartMs > 0) await new Promise((resolve) => setTimeout(resolve, headStartMs));
  const startedAt = performance.now();
  for (const id of ids) void client.fetch(pathOf(id));
  const { first, last } = await left;
  return { firstMs: first - startedAt, lastMs: last - startedAt };
}
