import { BatchError } from '../core/errors.ts';
import type { Call, Clock, Handler, Job, Reply, SendBatch } from '../core/types.ts';
import { fieldOf } from '../http/fields.ts';
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
  readonly key: string;
  readonly queue: Queue<Passenger>;
  /** Its window has closed: its calls go as soon as there is a slot, low ones if there is a seat. */
  ready: boolean;
  /** Its low calls go too, by themselves. */
  released: boolean;
}

/** A batch under way. */
interface Ride {
  /** How many wait for an answer. */
  left: number;
  /** Those who have gone before theirs came. */
  readonly deserters: Set<Passenger>;
  readonly controller: AbortController;
}

/** Aborts a batch when nobody wants what is still to come. */
function abortIfDeserted({ left, deserters, controller }: Ride, reason?: unknown): void {
  if (left === 0 && deserters.size > 0) controller.abort(reason);
}

interface Passenger extends Waiting {
  readonly lane: Lane;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: unknown) => void;
  readonly leave: () => void;
  ride: Ride | null;
  isSettled: boolean;
}

/** Whether it is for the one who asks to settle the call: it hasn't been. */
function claim(passenger: Passenger): boolean {
  if (passenger.isSettled) return false;
  passenger.isSettled = true;
  passenger.call.signal.removeEventListener('abort', passenger.leave);
  return true;
}

// `{"requests":[` and `]}`, and some room.
const envelopeBytes = 32;
// An answer that is complete may still have its statistics to come, and no more.
const lingerMs = 1000;
// The Fetch standard allows 64 KiB of keepalive bodies; some may be taken.
const keepaliveBytes = 60_000;

const laneKey = ({ endpoint, credentials, headers }: Call): string => {
  const authorization = fieldOf(headers, 'authorization') ?? '';
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
  let keepaliveLeft = 0;

  const gathering = createWindow(
    () => {
      if (window !== 'auto') return window === 'microtask' ? null : window;
      pace.called(arrivals, clock.now());
      return open + alone > 0 ? pace.gatherMs() : null;
    },
    clock,
    () => {
      for (const lane of lanes.values()) lane.ready = lane.queue.pressing() > 0;
      pump();
    },
  );
  const idle = createIdleGate(
    clock,
    () => open > 0,
    () => {
      for (const lane of lanes.values())
        lane.released ||= lane.queue.size() > lane.queue.pressing();
      pump();
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

  const mayGo = (lane: Lane): boolean =>
    lane.released || (lane.queue.pressing() > 0 && (lane.ready || isFull(lane)));

  // By turns, so that neither the most urgent nor those who have waited too long shut the other out.
  let wasOverdue = false;
  const nextHead = (): Passenger | undefined => {
    const now = clock.now();
    let urgent: Passenger | undefined;
    let overdue: Passenger | undefined;
    for (const lane of lanes.values()) {
      if (!mayGo(lane)) continue;
      const first = lane.queue.urgent();
      const oldest = lane.queue.overdue(now);
      if (first && (!urgent || byUrgency(first, urgent) < 0)) urgent = first;
      if (oldest && (!overdue || oldest.order < overdue.order)) overdue = oldest;
    }
    wasOverdue = overdue !== undefined && !wasOverdue;
    return wasOverdue ? overdue : urgent;
  };

  /** Some of its calls have gone. */
  const tidy = (lane: Lane): void => {
    // Low ones that found no seat wait for the next batch, or an idle moment.
    if (lane.queue.pressing() === 0) lane.ready = false;
    if (lane.queue.size() > 0) return;
    if (lanes.get(lane.key) === lane) lanes.delete(lane.key);
    if (lanes.size > 0) return;
    gathering.cancel();
    idle.disarm();
  };

  /** While all slots are taken, perhaps by slow answers: who can do without one. */
  const goWithoutSlot = (): void => {
    for (const lane of [...lanes.values()].filter(mayGo)) {
      for (let first = lane.queue.urgent(); first; first = lane.queue.urgent()) {
        const isLone = lane.queue.size() === 1 && !batchSingle;
        if (!isLone && first.call.priority !== 'critical') break;
        lane.queue.remove(first);
        tidy(lane);
        void rideAlone(first);
      }
    }
  };

  const pump = (leaving = false): void => {
    if (!leaving && open >= maxInFlight) goWithoutSlot();
    while (leaving || open < maxInFlight) {
      const head = nextHead();
      if (!head) return;
      const group = head.lane.queue.take(head, caps, clock.now());
      tidy(head.lane);
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
    const sentAt = clock.now();
    alone++;
    try {
      const reply = await sendNative(passenger.call);
      pace.nativeTook(clock.now() - sentAt);
      if (claim(passenger)) passenger.resolve(reply);
    } catch (error) {
      if (claim(passenger)) passenger.reject(error);
    } finally {
      alone--;
    }
  };

  const rideTogether = async (group: readonly Passenger[], leaving: boolean): Promise<void> => {
    const controller = new AbortController();
    const ride: Ride = { left: group.length, deserters: new Set(), controller };
    for (const passenger of group) passenger.ride = ride;
    const id = `b${String(++batches)}`;
    const bytes = group.reduce((sum, passenger) => sum + passenger.bytes, 0);
    const jobs = group.map(({ call }, index): Job => ({ id: index, call }));
    const keepalive = leaving && bytes <= keepaliveLeft;
    if (keepalive) keepaliveLeft -= bytes;
    const sentAt = clock.now();
    let isFirst = true;
    let failure: unknown;
    let cancelLinger: (() => void) | undefined;
    open++;
    try {
      await sendBatch({ id, jobs, keepalive }, controller.signal, (part) => {
        if (isFirst) pace.batchTook(clock.now() - sentAt);
        isFirst = false;
        const passenger = group[part.id];
        if (!passenger) return;
        if (claim(passenger)) {
          ride.left--;
          if (part.reply) passenger.resolve(part.reply);
          else passenger.reject(part.error);
        }
        ride.deserters.delete(passenger);
        abortIfDeserted(ride);
        // A stream that doesn't end must not keep its slot for good.
        if (ride.left === 0) {
          cancelLinger ??= clock.setTimer(() => {
            controller.abort();
          }, lingerMs);
        }
      });
    } catch (error) {
      failure = error;
    }
    cancelLinger?.();
    open--;
    for (const passenger of group) {
      if (!claim(passenger)) continue;
      const { method, url } = passenger.call;
      passenger.reject(
        failure ??
          new BatchError(
            'missing-part',
            `batch ${id} ended without an answer to ${method} ${url}; try again`,
            { batchId: id },
          ),
      );
    }
    idle.check();
    pump();
  };

  // Calls come, and may leave.

  const laneOf = (call: Call): Lane => {
    const key = laneKey(call);
    let lane = lanes.get(key);
    if (!lane) {
      lane = { key, queue: createQueue(), ready: false, released: false };
      lanes.set(key, lane);
    }
    return lane;
  };

  const handle: Handler = (call) =>
    new Promise((resolve, reject) => {
      const { signal } = call;
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const lane = laneOf(call);
      const leave = (): void => {
        if (claim(passenger)) reject(signal.reason);
        const { ride } = passenger;
        if (!ride) {
          lane.queue.remove(passenger);
          tidy(lane);
        } else {
          ride.left--;
          ride.deserters.add(passenger);
          abortIfDeserted(ride, signal.reason);
        }
      };
      const passenger: Passenger = {
        call,
        lane,
        bytes: sizeOf(call),
        since: clock.now(),
        order: arrivals++,
        resolve,
        reject,
        leave,
        ride: null,
        isSettled: false,
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

  const flush = (leaving = false): void => {
    keepaliveLeft = keepaliveBytes;
    for (const lane of lanes.values()) lane.released = true;
    pump(leaving);
  };

  return {
    handle,
    hold: gathering.hold,
    flush,
    waiting: () => [...lanes.values()].reduce((sum, { queue }) => sum + queue.size(), 0),
    inFlight: () => open,
  };
}
