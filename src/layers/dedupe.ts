import { Aborter } from '../core/signals.ts';
import type { Call, Layer, Priority, Reply, Signal } from '../core/types.ts';
import { isSafe } from '../http/methods.ts';

/** One request on its way, and whoever waits for its reply. */
interface Flight {
  readonly priority: Priority;
  /** The count of writes at its start. */
  readonly epoch: number;
  readonly join: (signal: Signal) => Promise<Reply>;
}

/** Who waits for a flight. */
interface Caller {
  readonly signal: Signal;
  readonly abort: () => void;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: unknown) => void;
}

function createFlight(
  { priority }: Call,
  epoch: number,
  start: (signal: Signal) => Promise<Reply>,
  over: () => void,
): Flight {
  const own = new Aborter();
  let callers: Caller[] = [];
  const join = (signal: Signal): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        callers = callers.filter((other) => other !== caller);
        signal.removeEventListener('abort', abort);
        reject(signal.reason);
        if (callers.length > 0) return;
        over();
        own.abort(signal.reason);
      };
      const caller: Caller = { signal, abort, resolve, reject };
      callers.push(caller);
      signal.addEventListener('abort', abort);
    });
  start(own).then(
    (reply) => {
      over();
      // A live body can be read once, so each but the last gets a clone, made before any reads; and is
      // listened to once.
      const { live } = reply;
      const last = callers.at(-1);
      for (const caller of callers) {
        const { signal, abort, resolve } = caller;
        signal.removeEventListener('abort', abort);
        resolve(
          live && caller !== last ? { ...reply, live: live.clone(), onChunk: undefined } : reply,
        );
      }
    },
    (reason: unknown) => {
      over();
      for (const { signal, abort, reject } of callers) {
        signal.removeEventListener('abort', abort);
        reject(reason);
      }
    },
  );
  return { priority, epoch, join };
}

// Calls are identical if nobody could tell their answers apart, and what is to be kept of them is the same.
function keyOf({ method, url, headers, credentials, cache, who }: Call): string {
  const { mode, ttlMs, tags = [] } = cache ?? {};
  const isPlain = headers.length === 0 && credentials === 'same-origin';
  const isUsual = mode === 'default' && ttlMs === undefined && tags.length === 0;
  return isPlain && (!cache || isUsual)
    ? `${method} ${url} ${JSON.stringify(who)} ${String(mode)}`
    : JSON.stringify([method, url, headers, credentials, who, mode, ttlMs, tags]);
}

// A caller in a hurry must not be held up by a flight that may wait.
const wouldHoldUp = (flight: Flight, { priority }: Call): boolean =>
  flight.priority !== priority && (flight.priority === 'low' || priority === 'critical');

export interface Dedupe {
  readonly layer: Layer;
  /** Says that an unsafe call begins, whichever road it takes; the result says that it ended. */
  readonly beginWrite: () => () => void;
}

/**
 * Lets identical GET and HEAD calls share one flight. Each caller gets the reply; the flight is
 * aborted only when all of them have left, so the one that started it may leave like any other.
 *
 * Read your own writes: a call made after an unsafe call began never joins a flight that started
 * before that one ended.
 *
 * @param onJoin is told of each call that joins another's flight.
 */
export function createDedupe(onJoin: (call: Call) => void): Dedupe {
  const flights = new Map<string, Flight>();
  let writing = 0;
  let epoch = 0;
  const beginWrite = (): (() => void) => {
    writing++;
    return () => {
      writing--;
      epoch++;
    };
  };
  const layer: Layer = (next) => (call) => {
    // Whose call it is nobody knows: it goes by itself.
    if (!call.dedupe || !isSafe(call.method) || call.who === undefined) return next(call);
    // Between two redirects, say; who listens from now on hears nothing of it.
    if (call.signal.aborted) return Promise.reject(call.signal.reason);
    const key = keyOf(call);
    const known = flights.get(key);
    if (known && writing === 0 && known.epoch === epoch && !wouldHoldUp(known, call)) {
      onJoin(call);
      return known.join(call.signal);
    }
    const flight = createFlight(
      call,
      epoch,
      (signal) => next({ ...call, signal }),
      () => {
        if (flights.get(key) === flight) flights.delete(key);
      },
    );
    flights.set(key, flight);
    return flight.join(call.signal);
  };
  return { layer, beginWrite };
}
