import { createApi, type KyInstance } from './api.ts';
import { createCollector } from './collector/collector.ts';
import { createPace } from './collector/pace.ts';
import { createClock } from './core/clock.ts';
import type { BatchEvent, CarpoolEvents, Emit } from './core/events.ts';
import { resolveOptions, type CarpoolOptions } from './core/options.ts';
import type { Handler, Layer } from './core/types.ts';
import { createFetch, type CarpoolFetch } from './edge/fetch.ts';
import { createInstaller } from './edge/install.ts';
import { redirect } from './edge/redirect.ts';
import { createDedupe } from './layers/dedupe.ts';
import { createEvents } from './observe/events.ts';
import { protocolOf } from './observe/protocol.ts';
import { createStatistics, type CarpoolStats } from './observe/statistics.ts';
import { createSendBatch } from './transport/send-batch.ts';
import { createSendNative } from './transport/send-native.ts';
import { sizeOf } from './wire/encode.ts';

/** A client: a `fetch` whose calls share requests, and what belongs to it. */
export interface Carpool {
  /**
   * A drop-in for `window.fetch`, with hints in `init.carpool`. Rejects with the signal's reason when
   * the caller aborts, otherwise as `fetch` does or with a `BatchError`, which is a `TypeError` too.
   */
  readonly fetch: CarpoolFetch;
  /** A ky instance over the same `fetch`, its own retry and timeout off. */
  readonly api: KyInstance;
  /** Puts `fetch` in place of `globalThis.fetch`; the result takes it away, in any order. */
  readonly install: () => () => void;
  /** Sends what is waiting now; resolves when all that was under way is settled. Never rejects. */
  readonly flush: () => Promise<void>;
  readonly stats: () => CarpoolStats;
  /** Calls `listener` at each such event; the result stops that. */
  readonly on: <Name extends keyof CarpoolEvents>(
    name: Name,
    listener: (event: CarpoolEvents[Name]) => void,
  ) => () => void;
  /** Uninstalls, sends what is waiting, and resolves when it is settled; later calls are rejected. */
  readonly dispose: () => Promise<void>;
  /** `dispose`, for `await using`, on platforms that have it. */
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** The first layer is the outermost. */
const stack = (layers: readonly Layer[], handler: Handler): Handler =>
  layers.reduceRight((next, layer) => layer(next), handler);

/**
 * Creates a client. Clients share nothing; creating one where there is no page touches nothing.
 *
 * @throws TypeError or RangeError naming the option and the value received.
 */
export function createCarpool(given?: CarpoolOptions): Carpool {
  const options = resolveOptions(given);
  const clock = createClock();
  const pace = createPace();
  const events = createEvents();
  const statistics = createStatistics();
  const installer = createInstaller();
  const emit: Emit = (name, event) => {
    statistics.count(name, event);
    events.emit(name, event);
    // Known only once a batch has ended.
    if (options.window === 'auto' && name === 'batch') {
      pace.reachedBy(protocolOf((event as BatchEvent).endpoint));
    }
  };

  // The road a call travels, read from the bottom up: edge, layers, neck, below.
  const sendNative = createSendNative(installer.native);
  const sendBatch = createSendBatch({ now: clock.now, fetch: installer.native, emit });
  const collector = createCollector(options, {
    clock,
    pace,
    sendBatch,
    sendNative: (call) => {
      statistics.alone();
      return sendNative(call);
    },
    sizeOf,
  });
  const dedupe = createDedupe(statistics.joined);
  const pipeline = stack(
    [
      redirect(sendNative),
      dedupe.layer,
      // The cache, retry and the breaker stand here, in this order, when they are built.
    ],
    collector.handle,
  );
  let isClosed = false;
  let isLeaving = false;
  const makeCall = createFetch(options, {
    clock,
    emit,
    native: installer.native,
    pipeline,
    beginWrite: dedupe.beginWrite,
    hold: collector.hold,
    isClosed: () => isClosed,
    isLeaving: () => isLeaving,
  });

  const underWay = new Set<Promise<Response>>();
  const fetch: CarpoolFetch = (...args) => {
    const response = makeCall(...args);
    underWay.add(response);
    const forget = (): void => {
      underWay.delete(response);
    };
    response.then(forget, forget);
    return response;
  };

  // `pagehide`, not `unload`: that would keep the page out of the back/forward cache.
  const leave = (): void => {
    isLeaving = true;
    collector.flush(true);
  };
  const comeBack = (): void => {
    isLeaving = false;
  };
  const page = globalThis as Partial<Pick<Window, 'addEventListener' | 'removeEventListener'>>;
  page.addEventListener?.('pagehide', leave);
  page.addEventListener?.('pageshow', comeBack);

  const uninstalls = new Set<() => void>();
  const install = (): (() => void) => {
    const uninstall = installer.install(fetch);
    uninstalls.add(uninstall);
    return uninstall;
  };
  const flush = async (): Promise<void> => {
    collector.flush();
    await Promise.allSettled(underWay);
  };
  const dispose = async (): Promise<void> => {
    isClosed = true;
    for (const uninstall of uninstalls) uninstall();
    page.removeEventListener?.('pagehide', leave);
    page.removeEventListener?.('pageshow', comeBack);
    await flush();
  };
  let api: KyInstance | undefined;

  return {
    fetch,
    get api() {
      return (api ??= createApi(fetch));
    },
    install,
    flush,
    stats: () => ({
      ...statistics.read(),
      waiting: collector.waiting(),
      inFlight: collector.inFlight(),
    }),
    on: events.on,
    dispose,
    // Where WebKit has no such symbol yet, this is a member named 'undefined' that nobody asks for.
    [Symbol.asyncDispose]: dispose,
  };
}
