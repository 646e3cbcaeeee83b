import { setTimeout as sleep } from 'node:timers/promises';
import { readWhole } from '../http/query.ts';

/** Nobody waits longer than this, whatever the query asks for: a demo must not be a way to pile up work. */
export const maxDelayMs = 10_000;

/**
 * Reads a `?delay=`-like parameter: whole milliseconds, 0 when it is absent.
 *
 * @throws RangeError naming the parameter, the value received and the bounds
 */
export function readDelay(query: URLSearchParams, name: string): number {
  return readWhole(query, name, { unit: 'milliseconds', max: maxDelayMs }) ?? 0;
}

/** Waits, or rejects as soon as the caller is gone: an abandoned request must not hold a timer. */
export async function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (delayMs > 0) await sleep(delayMs, undefined, { signal });
}
