import { createApi, type KyInstance } from './api.ts';
import { createCollector } from './collector/collector.ts';
import { createPace } from './collector/pace.ts';
import { list } from './core/checks.ts';
import { createClock } from './core/clock.ts';
import type { BatchEvent, CarpoolEvents, Emit } from './core/events.ts';
import type { Invalidation } from './core/filter.ts';
import { createWhose } from './core/identity.ts';
import { resolveOptions, type CarpoolOptions } from './core/options.ts';
import type { Handler, Layer } from './core/types.ts';
import { createUnderWay } from './core/under-way.ts';
import { baseUrl } from './edge/endpoints.ts';
import { createFetch, type CarpoolFetch } from './edge/fetch.ts';
import { createInstaller } from './edge/install.ts';
import { createListening } from './edge/listen.ts';
import { watchPage } from './edge/page-life.ts';
import { redirect } from './edge/redirect.ts';
import { createBreaker } from './layers/breaker.ts';
import { createDedupe } from './layers/dedupe.ts';
import { createRetry } from './layers/retry.ts';
import { createEvents } from './observe/events.ts';
import { protocolOf } from './observe/protocol.ts';
import { createStatistics, type CacheStats, type CarpoolStats } from './observe/statistics.ts';
import { openCache } from './open-cache.ts';
import { createSendBatch } from './transport/send-batch.ts';
import { createSendNative } from './transport/send-native.ts';
import { sizeOf } from './wire/encode.ts';

/** `dispose`, for `await using`, where the compiler's `lib` has its symbol. */
type MaybeDisposable = SymbolConstructor extends {
  readonly asyncDispose: infer Name extends symbol;
}
  ? { readonly [Key in Name]: () => Promise<void> }
  : object;

/** A client: a `fetch` whose calls share requests, and what belongs to it. */
export interface Carpool extends MaybeDisposable {
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
  /** Fills the cache, at low priority; resolves when all have been settled, whatever they came to. */
  readonly prefetch: (urls: readonly (string | URL)[]) => Promise<void>;
  /**
   * Makes kept responses unusable, in all tabs: at once in this one's memory; resolves when they are off
   * the disk. What is on its way isn't kept.
   */
  readonly invalidate: (what: Invalidation) => Promise<void>;
  /**
   * Invalidates what a server announces, over server-sent events or, for `ws:` and `wss:`, a WebSocket; each
   * message is an invalidation as JSON, such as `{"tags":["quotes"]}`. The result stops that. A connection that
   * is lost is made again, and everything invalidated that may have been announced meanwhile.
   *
   * @throws TypeError without a cache, or for what is no such URL.
   */
  readonly listen: (url: string | URL) => () => void;
  readonly cache: {
    readonly stats: () => CacheStats;
    /** Forgets all of it. */
    readonly clear: () => Promise<void>;
  };
  readonly stats: () => CarpoolStats;
  /** Calls `listener` at each such event; the result stops that. */
  readonly on: <Name extends keyof CarpoolEvents>(
    name: Name,
    listener: (event: CarpoolEvents[Name]) => void,
  ) => () => void;
  /** Uninstalls, sends what is waiting, and resolves when it is settled; later calls are rejected. */
  readonly dispose: () => Promise<void>;
}

/** A new `Idempotency-Key`: a UUID, or as many random bits where the page isn't secure and has none. */
const newKey = (): string =>
  (crypto as Partial<Crypto>).randomUUID?.() ??
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

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
    if (name === 'batch') breaker.learn(event as BatchEvent);
    if (options.window === 'auto' && name === 'batch') {
      pace.reachedBy(protocolOf((event as BatchEvent).endpoint));
    }
  };

  const isOnline = (): boolean =>
    (globalThis as { navigator?: { onLine?: boolean } }).navigator?.onLine !== false;
  const wallNow = (): number => Date.now();

  // The road a call travels, read from the bottom up: edge, layers, neck, below.
  const sendNative = createSendNative(installer.native);
  const breaker = createBreaker({
    clock,
    sendNative,
    isOnline,
    tell: (event) => {
      emit('fallback', event);
    },
  });
  const sendBatch = createSendBatch({
    clock,
    idleTimeoutMs: options.idleTimeoutMs,
    isBuffered: breaker.isBuffered,
    fetch: installer.native,
    emit,
  });
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
  const retry =
    options.retry &&
    createRetry({
      options: options.retry,
      timeoutMs: options.timeoutMs,
      clock,
      wallNow,
      random: () => Math.random(),
      newKey,
      isOnline,
      tell: (event) => {
        emit('retry', event);
      },
    });
  const whose = createWhose(options.identity, (error) => {
    emit('cache', { url: '', outcome: 'failure', reason: 'identity', error });
  });
  const dedupe = createDedupe(statistics.joined);
  const cache = openCache(options, {
    clock,
    wallNow,
    isOnline,
    whose,
    hold: collector.hold,
    baseUrl,
    // Who asks from now on must not be told what was under way.
    onForgotten: () => {
      dedupe.beginWrite()();
    },
    emit,
  });
  const pipeline = stack(
    [
      redirect(cache.noteWrites(sendNative)),
      dedupe.layer,
      ...cache.layers,
      ...(retry ? [retry.layer] : []),
      breaker.layer,
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
    whose,
    beginWrite: dedupe.beginWrite,
    recall: cache.recall,
    wrote: cache.wrote,
    hold: collector.hold,
    isClosed: () => isClosed,
    isLeaving: () => isLeaving,
  });

  const underWay = createUnderWay();
  const fetch: CarpoolFetch = (...args) => underWay.watch(makeCall(...args));

  const listening = createListening({
    clock,
    random: () => Math.random(),
    invalidate: cache.invalidate,
    onFailure: (error) => {
      emit('cache', { url: '', outcome: 'failure', reason: 'listen', error });
    },
  });
  const listen = (url: string | URL): (() => void) => {
    if (!options.cache) throw new TypeError('listen needs a cache: give the `cache` option');
    const absolute = URL.canParse(url, baseUrl()) ? new URL(url, baseUrl()) : undefined;
    if (!absolute || !/^(?:http|ws)s?:$/.test(absolute.protocol)) {
      throw new TypeError(`url must be one of http:, https:, ws: or wss:, got '${String(url)}'`);
    }
    return listening.listen(absolute);
  };

  const unwatch = watchPage({
    onLeave: (maySleep) => {
      isLeaving = true;
      collector.flush(true);
      void cache.flush();
      if (!maySleep) return;
      cache.sleep();
      listening.sleep();
    },
    onShow: (wasAsleep) => {
      isLeaving = false;
      if (!wasAsleep) return;
      cache.wake();
      listening.wake();
    },
    onHide: () => void cache.flush(),
  });

  const uninstalls = new Set<() => void>();
  const install = (): (() => void) => {
    const uninstall = installer.install(fetch);
    uninstalls.add(uninstall);
    return uninstall;
  };
  const flush = async (): Promise<void> => {
    collector.flush();
    await underWay.settled();
    await cache.flush();
  };
  const dispose = async (): Promise<void> => {
    isClosed = true;
    for (const uninstall of uninstalls) uninstall();
    unwatch();
    listening.sleep();
    if (retry) retry.end();
    await flush();
    cache.close();
  };
  const prefetch = async (urls: readonly (string | URL)[]): Promise<void> => {
    if (!options.cache) throw new TypeError('prefetch needs a cache: give the `cache` option');
    const warm = async (url: string | URL): Promise<void> => {
      await (await fetch(url, { priority: 'low' })).arrayBuffer();
    };
    await Promise.allSettled(list(urls, 'urls').map(warm));
  };
  const cacheStats = (): CacheStats => statistics.readCache(cache.size());
  let api: KyInstance | undefined;

  return {
    fetch,
    get api() {
      return (api ??= createApi(fetch));
    },
    install,
    flush,
    prefetch,
    invalidate: cache.invalidate,
    listen,
    cache: { stats: cacheStats, clear: () => cache.invalidate({ all: true }) },
    stats: () => ({
      ...statistics.read(),
      cache: cacheStats(),
      waiting: collector.waiting(),
      inFlight: collector.inFlight(),
    }),
    on: events.on,
    dispose,
    // Where WebKit has no such symbol yet, this is a member named 'undefined' that nobody asks for.
    [Symbol.asyncDispose]: dispose,
  };
}
