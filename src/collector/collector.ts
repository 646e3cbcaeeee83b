import { BatchError } from '../core/errors.ts';
import type { Call, Clock, Handler, Job, Reply, SendBatch } from '../core/types.ts';
import { createIdleGate } from './idle-gate.ts';
import type { Pace } from './pace.ts';
import { byUrgency, createQueue, type Queue, type Waiting } from './queue.ts';
import { createWindow } from './window.ts';

export interface CollectorOptions {
  readonly window: 'microtask' | 'auto' | number;
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly maxInFlight: number;
  readonly batchSingle: boolean;
}

/** What the collector works with; all of it passed in, so that it is a pure state machine. */
export interface CollectorParts {
  readonly clock: Clock;
  readonly pace: Pace;
  readonly sendBatch: SendBatch;
  /** Carries one call on its own. */
  readonly sendNative: Handler;
  /** An upper bound of the bytes a call takes in a batch's body. */
  readonly sizeOf: (call: Call) => number;
}

export interface Collector {
  readonly handle: Handler;
  /** Keeps the window open for a call that is on its way; the result lets go. */
  readonly hold: () => () => void;
  /** Sends what is waiting; `leaving` also sets the slots aside, and the requests outlive the page. */
  readonly flush: (leaving?: boolean) => void;
  /** Calls that wait for a batch. */
  readonly waiting: () => number;
  /** Batches that are open. */
  readonly inFlight: () => number;
}

/** Calls that may share a batch, since server and gateway see one identity for all of them. */
interface Lane {
  readonly queue: Queue<Passenger>;
  /** Its window has closed: what is in it goes as soon as there is a slot. */
  ready: boolean;
}

/** A batch under way. */
interface Ride {
  /** Callers without an answer. */
  left: number;
  readonly controller: AbortController;
}

interface Passenger extends Waiting {
  readonly settle: (how: () => void) => boolean;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: unknown) => void;
  ride: Ride | null;
}

// `{"requests":[` and `]}`, and some room.
const envelopeBytes = 32;
// The Fetch standard allows 64 KiB of keepalive bodies; some may be taken.
const keepaliveBytes = 60_000;

const laneKey = ({ endpoint, credentials, headers }: Call): string => {
  const authorization = headers.find(([name]) => name === 'authorization')?.[1] ?? '';
  return `${credentials} ${endpoint} ${authorization}`;
};

/**
 * Gathers calls into batches.
 *
 * - A window opens with the first call and closes as the options say; `critical` closes its lane's at
 *   once, `low` opens none: it goes along with the next batch, or in an idle moment.
 * - At most `maxInFlight` batches are open; what waits for a slot goes on gathering.
 * - Every caller is settled exactly once: by its part, by its signal, or by the batch's failure.
 */
export function createCollector(
  { window, maxItems, maxBytes, maxInFlight, batchSingle }: CollectorOptions,
  { clock, pace, sendBatch, sendNative, sizeOf }: CollectorParts,
): Collector {
  const lanes = new Map<string, Lane>();
  const caps = { maxItems, maxBytes: Math.max(1, maxBytes - envelopeBytes) };
  let open = 0;
  let alone = 0;
  let arrivals = 0;
  let batches = 0;

  const release = (which: (lane: Lane) => boolean): void => {
    for (const lane of lanes.values()) lane.ready ||= which(lane);
    pump();
  };
  const gathering = createWindow(
    () => {
      if (window !== 'auto') return window === 'microtask' ? null : window;
      return open + alone > 0 ? pace.gatherMs() : null;
    },
    clock,
    () => {
      release(({ queue }) => queue.pressing() > 0);
    },
  );
  const idle = createIdleGate(
    clock,
    () => open > 0,
    () => {
      release(() => true);
    },
  );
  let isPumping = false;
  const pumpSoon = (): void => {
    if (isPumping) return;
    isPumping = true;
    // Not at once: calls made in the same breath go along.
    queueMicrotask(() => {
      isPumping = false;
      pump();
    });
  };

  // From lanes to batches.

  const isFull = ({ queue }: Lane): boolean =>
    queue.size() >= maxItems || queue.bytes() >= caps.maxBytes;

  const nextLane = (): Lane | undefined => {
    const now = clock.now();
    let best: { lane: Lane; head: Passenger } | undefined;
    for (const lane of lanes.values()) {
      const head = lane.ready || isFull(lane) ? lane.queue.head(now) : undefined;
      if (head && (!best || byUrgency(head, best.head) < 0)) best = { lane, head };
    }
    return best?.lane;
  };

  const forgetIfEmpty = (lane: Lane): void => {
    if (lane.queue.size() > 0) return;
    for (const [key, known] of lanes) if (known === lane) lanes.delete(key);
    if (lanes.size > 0) return;
    gathering.cancel();
    idle.disarm();
  };

  const pump = (leaving = false): void => {
    while (leaving || open < maxInFlight) {
      const lane = nextLane();
      if (!lane) return;
      const group = lane.queue.take(caps, clock.now());
      forgetIfEmpty(lane);
      if (leaving || isBatch(group)) void rideTogether(group, leaving);
      else for (const passenger of group) void rideAlone(passenger);
    }
  };

  const isBatch = (group: readonly Passenger[]): boolean => {
    const [first] = group;
    if (group.length === 1) return batchSingle && first!.bytes <= caps.maxBytes;
    return window !== 'auto' || pace.pays(group.length);
  };

  const rideAlone = async (passenger: Passenger): Promise<void> => {
    const { call, settle, resolve, reject } = passenger;
    const sentAt = clock.now();
    alone++;
    try {
      const reply = await sendNative(call);
      pace.nativeTook(clock.now() - sentAt);
      settle(() => {
        resolve(reply);
      });
    } catch (error) {
      settle(() => {
        reject(error);
      });
    } finally {
      alone--;
    }
  };

  const rideTogether = async (group: readonly Passenger[], leaving: boolean): Promise<void> => {
    const ride: Ride = { left: group.length, controller: new AbortController() };
    for (const passenger of group) passenger.ride = ride;
    const id = `b${String(++batches)}`;
    const bytes = group.reduce((sum, passenger) => sum + passenger.bytes, 0);
    const jobs = group.map(({ call }, index): Job => ({ id: index, call }));
    const keepalive = leaving && bytes <= keepaliveBytes;
    const sentAt = clock.now();
    let isFirst = true;
    let failure: unknown;
    open++;
    try {
      for await (const part of sendBatch({ id, jobs, keepalive }, ride.controller.signal)) {
        if (isFirst) pace.batchTook(clock.now() - sentAt);
        isFirst = false;
        const passenger = group[part.id];
        if (
          passenger?.settle(() => {
            passenger.resolve(part.reply);
          })
        )
          ride.left--;
      }
    } catch (error) {
      failure = error;
    }
    open--;
    for (const { call, settle, reject } of group) {
      settle(() => {
        reject(
          failure ??
            new BatchError(
              'missing-part',
              `batch ${id} ended without an answer to ${call.method} ${call.url}; try again`,
              { batchId: id },
            ),
        );
      });
    }
    idle.check();
    pump();
  };

  // Calls come, and may leave.

  const laneOf = (call: Call): Lane => {
    const key = laneKey(call);
    let lane = lanes.get(key);
    if (!lane) lanes.set(key, (lane = { queue: createQueue(), ready: false }));
    return lane;
  };

  const handle: Handler = (call) =>
    new Promise((resolve, reject) => {
      const { signal } = call;
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const lane = laneOf(call);
      let isSettled = false;
      const settle = (how: () => void): boolean => {
        if (isSettled) return false;
        isSettled = true;
        signal.removeEventListener('abort', leave);
        how();
        return true;
      };
      const leave = (): void => {
        settle(() => {
          reject(signal.reason as Error);
        });
        const { ride } = passenger;
        if (!ride) {
          lane.queue.remove(passenger);
          forgetIfEmpty(lane);
        } else if (--ride.left === 0) {
          ride.controller.abort(signal.reason);
        }
      };
      const passenger: Passenger = {
        call,
        bytes: sizeOf(call),
        since: clock.now(),
        order: arrivals++,
        settle,
        resolve,
        reject,
        ride: null,
      };
      signal.addEventListener('abort', leave);
      lane.queue.add(passenger);

      if (call.priority === 'critical') {
        lane.ready = true;
        pumpSoon();
      } else if (call.priority === 'low') {
        idle.arm();
      } else {
        gathering.open();
      }
      // Within a task nothing is gained by sending early, and order by priority would be lost.
      if (window !== 'microtask' && isFull(lane)) pumpSoon();
    });

  return {
    handle,
    hold: gathering.hold,
    flush: (leaving = false) => {
      for (const lane of lanes.values()) lane.ready = true;
      pump(leaving);
    },
    waiting: () => [...lanes.values()].reduce((sum, { queue }) => sum + queue.size(), 0),
    inFlight: () => open,
  };
}
