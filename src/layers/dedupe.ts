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

function createFlight(
  { priority }: Call,
  epoch: number,
  start: (signal: Signal) => Promise<Reply>,
  over: () => void,
): Flight {
  const own = new Aborter();
  const callers = new Set<{
    readonly land: (reply: Reply) => void;
    readonly fail: (reason: unknown) => void;
  }>();
  const join = (signal: Signal): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        callers.delete(caller);
        signal.removeEventListener('abort', abort);
      };
      const caller = {
        land: (reply: Reply) => {
          leave();
          resolve(reply);
        },
        fail: (reason: unknown) => {
          leave();
          reject(reason);
        },
      };
      const abort = (): void => {
        caller.fail(signal.reason);
        if (callers.size > 0) return;
        over();
        own.abort(signal.reason);
      };
      callers.add(caller);
      signal.addEventListener('abort', abort);
    });
  start(own).then(
    (reply) => {
      over();
      for (const caller of [...callers]) {
        // A live body can be read once, so each but the last gets a clone, made before any reads; and is
        // listened to once.
        const { live } = reply;
        const isShared = live && callers.size > 1;
        caller.land(isShared ? { ...reply, live: live.clone(), onChunk: undefined } : reply);
      }
    },
    (reason: unknown) => {
      over();
      for (const caller of [...callers]) caller.fail(reason);
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
    ? `${method} ${url} ${String(who)} ${String(mode)}`
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
