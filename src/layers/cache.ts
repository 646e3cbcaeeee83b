import { createKeeper, type KeeperParts } from '../cache/keeper.ts';
import { readOut } from '../cache/live-body.ts';
import { createWrites, type Writes } from '../cache/writes.ts';
import type { CacheEvent } from '../core/events.ts';
import { toFilter, type Invalidation } from '../core/filter.ts';
import type { FindRule } from '../core/rules.ts';
import { withDeadline } from '../core/signals.ts';
import type { Call, Clock, Layer, Reply } from '../core/types.ts';
import { askedOf, type Directives } from '../http/directives.ts';
import { fieldOf } from '../http/fields.ts';
import { isSafe } from '../http/methods.ts';
import { ageAt, mayStandIn, usesOf } from '../http/reusing.ts';
import { conditionsFor, isOf } from '../http/validating.ts';
import type { SharedStore, Visit } from '../store/shared-store.ts';
import type { Found } from '../store/tiered.ts';

export interface CacheParts {
  readonly options: KeeperParts['options'] & { readonly timeoutMs: number | false };
  readonly store: SharedStore;
  readonly clock: Pick<Clock, 'setTimer'>;
  /** The wall clock, in ms. */
  readonly now: () => number;
  readonly isOnline: () => boolean;
  readonly findRule: FindRule;
  /** What a relative URL is relative to. */
  readonly baseUrl: () => string | undefined;
  readonly tell: (event: CacheEvent) => void;
}

export interface Cache extends Writes {
  readonly layer: Layer;
  /**
   * What the layer would answer without asking anybody, if that is so: the short way for a call that needs
   * no flight and no redirect. A promise only where the disk has to be read: then nothing is answered, or told,
   * that `isWanted` denies.
   */
  readonly recall: (
    call: Omit<Call, 'signal'>,
    isWanted: () => boolean,
  ) => Reply | undefined | Promise<Reply | undefined>;
  /** @throws TypeError with a value that says nothing. */
  readonly invalidate: (what: Invalidation) => Promise<void>;
}

// What a kept response may stand in for (RFC 5861, 4).
const outages: ReadonlySet<number> = /* @__PURE__ */ new Set([500, 502, 503, 504]);
/** Whether the caller wants to hear from the server, and nothing else. */
const isForced = ({ cache }: Call, asked: Directives): boolean =>
  cache!.mode === 'no-cache' || cache!.mode === 'reload' || asked.has('no-cache');

/**
 * A private cache over GET (HEAD is answered from it), by RFC 9111 and RFC 5861; where the server says nothing of
 * freshness, the call's `ttlMs` counts.
 *
 * A kept response is used as it is while fresh, and after that once its server has said so, or in the
 * windows in which stale ones may be used. Nothing is kept that was invalidated, or whose user went,
 * while it was on its way.
 */
export function createCache(parts: CacheParts): Cache {
  const { options, store, now, tell } = parts;
  const findRule: FindRule = (url, method) => {
    try {
      // Of the URL that was asked, which may be one that a redirect has led to.
      return parts.findRule(url, method);
    } catch {
      // A rule's own function: it must not cost the caller an answer that has come.
      return undefined;
    }
  };
  const { keep, renew, learnFromHead } = createKeeper({ options, store, findRule, tell });
  const { wrote, noteWrites } = createWrites({ forget: store.forget, findRule, tell });
  const refreshing = new Set<string>();

  const serve = (
    { entry, from }: Found,
    { method, url }: Pick<Call, 'method' | 'url'>,
    outcome: CacheEvent['outcome'],
    reason?: string,
  ): Reply => {
    store.used(entry);
    tell({ url, outcome, from, reason });
    const reply = method === 'HEAD' ? { ...entry.reply, body: null } : entry.reply;
    if (outcome === 'revalidated') return reply;
    const seconds = Math.floor(Math.max(0, Math.min(ageAt(entry, now()), 1e12)) / 1000);
    return {
      ...reply,
      headers: [...reply.headers.filter(([name]) => name !== 'age'), ['age', String(seconds)]],
    };
  };

  const layer: Layer = (next) => {
    const onward = next;
    /** Asks the server: for a new answer, or whether the one that is kept still holds. */
    const ask = async (
      visit: Visit,
      call: Call,
      asked: Directives,
      kept?: Found,
      reason?: 'background',
    ): Promise<Reply> => {
      const { url, method, headers } = call;
      const conditions = kept ? conditionsFor(kept.entry.reply.headers) : [];
      const ticket = store.ticket();
      // Unless it has been invalidated, or its user has gone, in the meantime.
      const standIn = (): Found | undefined =>
        kept &&
        !reason &&
        !isForced(call, asked) &&
        !visit.signal.aborted &&
        !store.isForgotten(ticket, kept.entry) &&
        mayStandIn(kept.entry, asked, now())
          ? kept
          : undefined;
      const requestTime = now();
      try {
        const reply = await next(
          conditions.length > 0 ? { ...call, headers: [...headers, ...conditions] } : call,
        );
        const times = { requestTime, responseTime: now() };
        const arrival = { visit, call, reply, times, ticket };
        if (reply.status === 304 && kept && conditions.length > 0) {
          if (!isOf(kept.entry.reply.headers, reply.headers)) return await ask(visit, call, asked);
          const entry = renew(arrival, kept);
          return serve({ ...kept, entry }, call, 'revalidated', reason);
        }
        const other = outages.has(reply.status) ? standIn() : undefined;
        if (other) {
          reply.live?.body?.cancel().catch(() => {});
          return serve(other, call, 'stale');
        }
        if (!reason) tell({ url, outcome: 'miss' });
        if (method === 'HEAD' && reply.status === 200) {
          learnFromHead(arrival, kept ?? store.find(visit, call));
        }
        return keep(arrival, kept);
      } catch (error) {
        const other = call.signal.aborted ? undefined : standIn();
        if (!other) throw error;
        return serve(other, call, 'stale');
      }
    };

    /** Asks in the background, in one tab; whoever waits for the call doesn't wait for this. */
    const refresh = (visit: Visit, call: Call, asked: Directives, kept: Found): void => {
      const { key } = kept.entry;
      if (refreshing.has(key) || !parts.isOnline()) return;
      refreshing.add(key);
      const work = async (): Promise<void> => {
        const reply = await withDeadline(
          () => `refreshing ${call.url}`,
          visit.signal,
          options.timeoutMs,
          parts.clock,
          (signal) => {
            const own: Call = { ...call, method: 'GET', signal, priority: 'low' };
            return ask(visit, own, asked, kept, 'background');
          },
        );
        await readOut(reply);
      };
      void store
        .alone(key, work)
        // Nobody waits for it: what is kept stays as stale as it was.
        .catch(() => {})
        .finally(() => {
          refreshing.delete(key);
        });
    };

    const decide = (
      visit: Visit,
      call: Call,
      asked: Directives,
      found?: Found,
    ): Promise<Reply> | Reply => {
      const { mode } = call.cache!;
      const isOnly = mode === 'only-if-cached';
      if (found && (isOnly || mode === 'force-cache')) return serve(found, call, 'hit');
      if (isOnly) return absent(call);
      const use = found && !isForced(call, asked) ? usesOf(found.entry, asked, now()) : 'validate';
      if (found && use === 'fresh') return serve(found, call, 'hit');
      if (found && use === 'stale') {
        refresh(visit, call, asked, found);
        return serve(found, call, 'stale');
      }
      if (asked.has('only-if-cached')) return unsatisfiable(call);
      if (
        found &&
        !isForced(call, asked) &&
        !parts.isOnline() &&
        mayStandIn(found.entry, asked, now())
      ) {
        return serve(found, call, 'stale');
      }
      return ask(visit, call, asked, found);
    };

    const read = (call: Call): Promise<Reply> | Reply => {
      const asked = askedOf(call.headers);
      const isStored = call.cache!.mode !== 'no-store' && !asked.has('no-store');
      const visit = isStored ? store.enter(call) : null;
      if (!visit) return call.cache!.mode === 'only-if-cached' ? absent(call) : next(call);
      if (call.cache!.mode === 'reload') return decide(visit, call, asked);
      const found = store.find(visit, call);
      if (!(found instanceof Promise)) return decide(visit, call, asked, found);
      // The store keeps the window open until those who waited have gone on. Its user may have gone in the
      // meantime: nothing of his is used, and nothing is kept.
      return found.then((late) =>
        visit.signal.aborted ? onward(call) : decide(visit, call, asked, late),
      );
    };

    const noted = noteWrites(next);
    return async (call) => (call.cache && isSafe(call.method) ? read(call) : noted(call));
  };

  const recall: Cache['recall'] = (call, isWanted) => {
    const { cache, method, headers } = call;
    const asked = askedOf(headers);
    const isUsual = cache?.mode === 'default' && isSafe(method) && asked.size === 0;
    const visit = isUsual ? store.enter(call) : null;
    if (!visit) return undefined;
    const answer = (found: Found | undefined): Reply | undefined =>
      found &&
      !fieldOf(found.entry.reply.headers, 'location') &&
      usesOf(found.entry, asked, now()) === 'fresh'
        ? serve(found, call, 'hit')
        : undefined;
    const found = store.find(visit, call);
    return found instanceof Promise
      ? found.then((late) => (isWanted() ? answer(late) : undefined))
      : answer(found);
  };

  return {
    layer,
    recall,
    wrote,
    noteWrites,
    invalidate: async (what) => {
      const filter = toFilter(what, parts.baseUrl());
      await store.forget(filter).done;
      tell({ url: filter.url ?? '', outcome: 'invalidated' });
    },
  };
}

/** What the cache mode `only-if-cached` gets where nothing is kept: a network error. */
const absent = ({ url }: Call): never => {
  throw new TypeError(`${url} is not in the cache, and only-if-cached forbids asking its server`);
};

/** What a request's `only-if-cached` gets where nothing can be used (RFC 9111, 5.2.1.7). */
const unsatisfiable = ({ url }: Call): Reply => ({
  status: 504,
  statusText: 'Gateway Timeout',
  headers: [],
  body: new Uint8Array(),
  url,
  redirected: false,
});
