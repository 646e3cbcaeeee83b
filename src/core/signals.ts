import { BatchError } from './errors.ts';
import type { Clock } from './types.ts';

/**
 * Runs `run` until it settles, `caller` aborts or `limitMs` have passed, whichever is first: an abort
 * rejects with the caller's reason, the limit with a `BatchError`, and either aborts the signal that
 * `run` was given. Nothing stays behind on `caller`.
 *
 * @param what names the call in the error.
 * @param option the option that sets the limit; the error says it.
 */
export function withDeadline<T>(
  what: () => string,
  caller: AbortSignal | undefined,
  limitMs: number | false,
  { setTimer }: Pick<Clock, 'setTimer'>,
  run: (signal: AbortSignal) => Promise<T>,
  option = 'timeout',
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (caller?.aborted) {
      reject(caller.reason as Error);
      return;
    }
    const controller = new AbortController();
    const stop = (reason: unknown): void => {
      leave();
      reject(reason);
      controller.abort(reason);
    };
    const abort = (): void => {
      stop(caller?.reason);
    };
    const cancelTimer =
      limitMs !== false &&
      setTimer(() => {
        const message = `${what()} took longer than ${String(limitMs)} ms; raise \`${option}\`, or set it to false`;
        stop(
          new BatchError('timeout', message, { cause: new DOMException(message, 'TimeoutError') }),
        );
      }, limitMs);
    const leave = (): void => {
      if (cancelTimer) cancelTimer();
      caller?.removeEventListener('abort', abort);
    };
    caller?.addEventListener('abort', abort);
    run(controller.signal).then(
      (value) => {
        leave();
        resolve(value);
      },
      (reason: unknown) => {
        leave();
        reject(reason);
      },
    );
  });
}
