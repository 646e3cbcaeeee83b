import { setTimeout as sleep } from 'node:timers/promises';

/** Nobody waits longer than this, whatever the query asks for: a demo must not be a way to pile up work. */
export const maxDelayMs = 10_000;

/**
 * Reads a `?delay=`-like parameter: whole milliseconds, 0 when it is absent.
 *
 * @throws RangeError naming the parameter, the value received and the bounds
 */
export function readDelay(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (text === null) return 0;
  // Number('') is 0 and Number('1e3') is 1000: a query deserves a stricter reading.
  const delayMs = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (!(delayMs <= maxDelayMs)) {
    throw new RangeError(
      `${name} must be whole milliseconds from 0 to ${maxDelayMs}, got '${text}'`,
    );
  }
  return delayMs;
}

/** Waits, or rejects as soon as the caller is gone: an abandoned request must not hold a timer. */
export async function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (delayMs > 0) await sleep(delayMs, undefined, { signal });
}
