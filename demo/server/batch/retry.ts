import { setTimeout as sleep } from 'node:timers/promises';

export type Dispatch = (request: Request) => Response | Promise<Response>;

export interface RetryOptions {
  /** How often an item is tried, the first time included. @default 3 */
  readonly attempts?: number;
  /** The longest pause before the second attempt, in ms; it doubles from there. @default 50 */
  readonly baseMs?: number;
  /** Who asks to wait longer than this, in ms, is not tried again. @default 1000 */
  readonly longestMs?: number;
  /** 0 to less than 1. */
  readonly random?: () => number;
  /** Rejects when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Statuses that say: not now. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const safe: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Whether it can be sent twice without happening twice. */
const isRepeatable = ({ method, headers }: Request): boolean =>
  safe.has(method) || headers.has('idempotency-key');

/** `Retry-After` in ms; undefined without one, and where it is no number of seconds. */
function retryAfterMs({ headers }: Response): number | undefined {
  const field = headers.get('retry-after') ?? '';
  return /^\d{1,9}$/.test(field) ? Number(field) * 1000 : undefined;
}

/**
 * Tries items again whose failure may be over in a moment: 502, 503, 504, and a 429 that says so, with a
 * backoff of full jitter or what `Retry-After` says. Only what is safe, or has an `Idempotency-Key`, is
 * sent twice; what `dispatch` throws is no passing failure.
 */
export function withRetry(
  dispatch: Dispatch,
  {
    attempts = 3,
    baseMs = 50,
    longestMs = 1000,
    random = Math.random,
    wait = (ms, signal) => sleep(ms, undefined, { signal }),
  }: RetryOptions = {},
): Dispatch {
  /** How long to wait for another attempt; null if there is no use in one. */
  const pauseAfter = (response: Response, attempt: number): number | null => {
    if (attempt >= attempts || !passing.has(response.status)) return null;
    const asked = retryAfterMs(response);
    if (asked === undefined && response.status === 429) return null;
    const pause = asked ?? random() * baseMs * 2 ** (attempt - 1);
    return pause <= longestMs ? pause : null;
  };

  return async (request) => {
    if (!isRepeatable(request)) return dispatch(request);
    for (let attempt = 1; ; attempt++) {
      // A body can be read once; without one, the request itself is good for all attempts.
      const response = await dispatch(
        request.body && attempt < attempts ? request.clone() : request,
      );
      const pause = pauseAfter(response, attempt);
      if (pause === null) return response;
      try {
        await wait(pause, request.signal);
      } catch (error) {
        if (!request.signal.aborted) throw error;
        return response;
      }
      await response.body?.cancel();
    }
  };
}
