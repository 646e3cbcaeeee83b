import { BatchError } from './errors.ts';
import type { Clock, Signal } from './types.ts';

/**
 * A signal of our own, and what aborts it. Each call makes two, and the platform's `AbortController` takes one to two
 * microseconds each; so this is a class too, whose instances share their functions.
 */
export class Aborter implements Signal {
  aborted = false;
  reason: unknown;
  private listeners: (() => void)[] = [];

  addEventListener(_: 'abort', listener: () => void): void {
    this.listeners.push(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    const { listeners } = this;
    // Nearly always the only one.
    if (listeners.at(-1) === listener) listeners.pop();
    else this.listeners = listeners.filter((other) => other !== listener);
  }

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const told = this.listeners;
    this.listeners = [];
    for (const listener of told) listener();
  }
}

/** The same signal, for the platform to obey. */
export function toAbortSignal(signal: Signal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(signal.reason);
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort);
  return controller.signal;
}

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
  caller: Signal | undefined,
  limitMs: number | false,
  { setTimer }: Pick<Clock, 'setTimer'>,
  run: (signal: Signal) => Promise<T>,
  option = 'timeout',
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (caller?.aborted) {
      reject(caller.reason);
      return;
    }
    const own = new Aborter();
    const stop = (reason: unknown): void => {
      leave();
      reject(reason);
      own.abort(reason);
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
    run(own).then(
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
