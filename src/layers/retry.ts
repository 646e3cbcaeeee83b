import { createBudget } from '../core/budget.ts';
import type { BatchErrorCode } from '../core/errors.ts';
import type { RetryEvent } from '../core/events.ts';
import type { ResolvedRetryOptions } from '../core/retry-options.ts';
import { withDeadline } from '../core/signals.ts';
import type { Call, Clock, Layer, Reply, Signal } from '../core/types.ts';
import { fieldOf } from '../http/fields.ts';
import { isSafe } from '../http/methods.ts';
import { retryAfterMs } from '../http/retry-after.ts';

export interface RetryParts {
  readonly options: ResolvedRetryOptions;
  /** How long a call may take over all its attempts. */
  readonly timeoutMs: number | false;
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  /** The wall clock, in ms: what a `Retry-After` date is counted from. */
  readonly wallNow: () => number;
  readonly random: () => number;
  readonly newKey: () => string;
  readonly isOnline: () => boolean;
  readonly tell: (event: RetryEvent) => void;
}

/** A retry to come. */
interface Wave {
  /** Which retry it is; 0 for one whose time a server has told. */
  readonly attempt: number;
  readonly at: number;
  readonly waiting: Set<() => void>;
  readonly cancel: () => void;
}

export interface Retry {
  readonly layer: Layer;
  /** Makes no further attempts; who waits for one gets what the last came to. */
  readonly end: () => void;
}

// Those who are told the same a moment later go along.
const slackMs = 20;

/** What one attempt came to. */
interface Outcome {
  /** Undefined where it failed. */
  readonly reply?: Reply | undefined;
  readonly error?: unknown;
}

const key = 'idempotency-key';

// Not `closed`, and not `status`: the endpoint has answered, and would answer the same again.
const passing: ReadonlySet<BatchErrorCode> = /* @__PURE__ */ new Set([
  'network',
  'protocol',
  'missing-part',
  'timeout',
]);

/** Whether a failure may pass: what a connection did, not what the caller wanted. A native `fetch` fails with a bare `TypeError`. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof TypeError)) return false;
  const { code } = error as { code?: BatchErrorCode };
  return code === undefined || passing.has(code);
}

/**
 * Makes failed calls again, and only those: with exponential backoff and full jitter, or when a
 * `Retry-After` says, within the retry budget. Calls that fail while others wait for the same retry wait with
 * them, and so travel in one batch again. An unsafe call is made again only if an `Idempotency-Key` tells its
 * server that it is the same one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
 */
export function createRetry({
  options,
  timeoutMs,
  clock,
  wallNow,
  random,
  newKey,
  isOnline,
  tell,
}: RetryParts): Retry {
  const { limit, methods, statuses, delayMs, maxDelayMs, attemptTimeoutMs } = options;
  const budget = options.budget && createBudget(options.budget, clock.now);
  const waves = new Set<Wave>();
  let isEnded = false;

  /** The retry to come that suits, or a new one. */
  const waveFor = (attempt: number, toldMs: number | undefined): Wave => {
    const isTold = toldMs !== undefined;
    const turn = isTold ? 0 : attempt;
    const due = clock.now() + (toldMs ?? 0);
    for (const wave of waves) {
      const isInTime = wave.at >= due && wave.at <= due + 2 * slackMs;
      if (wave.attempt === turn && (isInTime || !isTold)) return wave;
    }
    const waitMs = isTold
      ? toldMs + slackMs
      : random() * Math.min(maxDelayMs, delayMs * 2 ** (attempt - 1));
    const wave: Wave = {
      attempt: turn,
      at: clock.now() + waitMs,
      waiting: new Set(),
      cancel: clock.setTimer(() => {
        leave(wave);
      }, waitMs),
    };
    waves.add(wave);
    return wave;
  };

  const leave = (wave: Wave): void => {
    waves.delete(wave);
    wave.cancel();
    for (const go of wave.waiting) go();
  };

  /** Waits for the wave; rejects with the signal's reason when that aborts. */
  const board = (wave: Wave, signal: Signal): Promise<void> =>
    new Promise((resolve, reject) => {
      const done = (): void => {
        signal.removeEventListener('abort', abort);
        wave.waiting.delete(go);
        // Nobody waits any more.
        if (wave.waiting.size === 0) leave(wave);
      };
      const go = (): void => {
        done();
        resolve();
      };
      const abort = (): void => {
        done();
        reject(signal.reason);
      };
      wave.waiting.add(go);
      signal.addEventListener('abort', abort);
    });

  const isWorthwhile = (
    { method, url }: Call,
    { reply, error }: Outcome,
    attempt: number,
  ): boolean => {
    const status = reply?.status;
    if (status === 401 || status === 403 || (status !== undefined && status < 400)) return false;
    const own = options.shouldRetry({ method, url, attempt, status, error });
    if (own !== undefined) return own;
    if (!methods.includes(method)) return false;
    if (!reply) return isPassing(error);
    const isTold = fieldOf(reply.headers, 'retry-after') !== undefined;
    return statuses.includes(reply.status) && (status !== 413 || isTold);
  };

  const layer: Layer = (next) => async (given) => {
    const isKeyed =
      options.idempotencyKey && !isSafe(given.method) && fieldOf(given.headers, key) === undefined;
    const call = isKeyed
      ? { ...given, headers: [...given.headers, [key, `"${newKey()}"`] as const] }
      : given;
    const { signal, method, url } = call;
    const startedAt = clock.now();
    if (budget) budget.call(startedAt);
    const make = (): Promise<Reply> =>
      attemptTimeoutMs === false
        ? next(call)
        : withDeadline(
            () => `one attempt at ${method} ${url}`,
            signal,
            attemptTimeoutMs,
            clock,
            (own) => next({ ...call, signal: own }),
            'retry.attemptTimeout',
          );

    for (let attempt = 1; ; attempt++) {
      let outcome: Outcome;
      try {
        outcome = { reply: await make() };
      } catch (error) {
        outcome = { error };
      }
      const { reply, error } = outcome;
      const giveUp = (): Reply => {
        if (reply) return reply;
        throw error as Error;
      };
      const isOver =
        isEnded || signal.aborted || attempt > limit || !isWorthwhile(call, outcome, attempt);
      if (isOver) return giveUp();

      const told = retryAfterMs(fieldOf(reply?.headers ?? [], 'retry-after'), wallNow());
      const event = { url, method, attempt, status: reply?.status, error };
      const refuse = (refused: RetryEvent['refused']): Reply => {
        tell({ ...event, refused });
        return giveUp();
      };
      if (!isSafe(method) && fieldOf(call.headers, key) === undefined) return refuse('unsafe');
      if (!isOnline()) return refuse('offline');
      const timeLeft = timeoutMs === false ? Infinity : startedAt + timeoutMs - clock.now();
      const wave = waveFor(attempt, told);
      const delayMs = Math.max(0, Math.round(wave.at - clock.now()));
      const refused =
        delayMs >= timeLeft ? 'deadline' : budget && !budget.spend() ? 'budget' : null;
      if (refused) {
        if (wave.waiting.size === 0) leave(wave);
        return refuse(refused);
      }
      tell({ ...event, delayMs });
      await board(wave, signal);
      if (isEnded) return giveUp();
      reply?.live?.body?.cancel().catch(() => {});
    }
  };

  return {
    layer,
    end: () => {
      isEnded = true;
      for (const wave of waves) leave(wave);
    },
  };
}
