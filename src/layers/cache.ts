import { concat } from '../core/bytes.ts';
import type { BatchError } from '../core/errors.ts';
import type { CacheEvent } from '../core/events.ts';
import { toFilter, type Filter, type Invalidation } from '../core/filter.ts';
import type { FindRule, ResolvedRule } from '../core/rules.ts';
import { withDeadline } from '../core/signals.ts';
import type { Bytes, Call, Clock, HeaderList, Layer, Reply } from '../core/types.ts';
import { parseHttpDate } from '../http/dates.ts';
import { askedOf, type Directives } from '../http/directives.ts';
import { endToEnd, fieldOf, membersOf } from '../http/fields.ts';
import { isSafe } from '../http/methods.ts';
import { toTerms, type Terms, type Times } from '../http/keeping.ts';
import { ageAt, mayStandIn, usesOf } from '../http/reusing.ts';
import { conditionsFor, freshen, isOf } from '../http/validating.ts';
import { variantKey, type Entry } from '../store/entry.ts';
import type { SharedStore, Visit } from '../store/shared-store.ts';
import type { Found, Ticket } from '../store/tiered.ts';

export interface CacheParts {
  readonly options: {
    readonly swrMs: number;
    readonly sieMs: number;
    readonly maxBytes: number;
    readonly ttlMs: number | false;
    readonly timeoutMs: number | false;
  };
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

/**
 * What is told of an unsafe call that has ended.
 *
 * @param urls the one that was asked, and the one that a redirect has led to, if any.
 * @param status of its answer; left out where there is none, and nobody knows whether it has been carried out.
 */
export type Wrote = (
  urls: readonly string[],
  method: string,
  status?: number,
  headers?: HeaderList,
) => Promise<void> | undefined;

export interface Cache {
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
  /** What an unsafe call makes invalid, whichever road it took; wait for what it returns. */
  readonly wrote: Wrote;
  /** Says so of the unsafe calls that pass through it. */
  readonly noteWrites: Layer;
  /** @throws TypeError with a value that says nothing. */
  readonly invalidate: (what: Invalidation) => Promise<void>;
}

// What a kept response may stand in for (RFC 5861, 4).
const outages: ReadonlySet<number> = /* @__PURE__ */ new Set([500, 502, 503, 504]);
// A body that its caller streams is kept up to this share of the whole.
const liveShare = 8;
// Beside its freshness and its windows, a response that can be validated is worth keeping.
const validatableMs = 86_400_000;
// Fields that scripts don't set, and in which a page's requests don't differ.
const constant = /^(?:accept-encoding|host|origin|user-agent)$/;

/** Whether the caller wants to hear from the server, and nothing else. */
const isForced = ({ cache }: Call, asked: Directives): boolean =>
  cache!.mode === 'no-cache' || cache!.mode === 'reload' || asked.has('no-cache');

/** What has no date is given that of its arrival (RFC 9110, 6.6.1). */
const withDate = (headers: HeaderList, { responseTime }: Times): HeaderList =>
  fieldOf(headers, 'date') === undefined
    ? [...headers, ['date', new Date(responseTime).toUTCString()]]
    : headers;

/**
 * Lends an ear to a live body as its caller reads it, and tells the whole when that is over; undefined for one
 * that is larger than `limit`. Nothing is told of a body that isn't read to its end.
 */
function listen(limit: number, then: (body: Bytes | undefined) => void): Reply['onChunk'] {
  let chunks: Bytes[] = [];
  let length = 0;
  return (chunk) => {
    if (chunk) {
      length += chunk.length;
      // A copy: a byte stream takes its chunks' buffers away.
      if (length <= limit) chunks.push(chunk.slice());
      else chunks = [];
      return;
    }
    then(length <= limit ? concat(chunks) : undefined);
  };
}

/** Reads a live body that nobody else does. */
async function readOut({ live, onChunk }: Reply): Promise<void> {
  const reader = live?.body?.getReader();
  for (let isDone = !reader; !isDone;) {
    const { done, value } = await reader!.read();
    onChunk?.(value ?? null);
    isDone = done;
  }
}

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

  // Of the URL that was asked, which may be one that a redirect has led to.
  const ruleOf = ({ url, method }: Pick<Call, 'url' | 'method'>): ResolvedRule | undefined => {
    try {
      return parts.findRule(url, method);
    } catch {
      // A rule's own function: it must not cost the caller an answer that has come.
      return undefined;
    }
  };

  const toEntry = (
    { primary }: Visit,
    call: Call,
    reply: Omit<Reply, 'live'>,
    terms: Terms,
    times: Times,
  ): Entry => {
    const { status, statusText, body } = reply;
    const headers = withDate(endToEnd(reply.headers), times);
    const vary = membersOf(headers, 'vary').filter((name) => !constant.test(name));
    const tagged = fieldOf(headers, 'cache-tag')?.split(',') ?? [];
    const own = ruleOf(call)?.tags ?? [];
    const tags = [...call.cache!.tags, ...own, ...tagged.map((tag) => tag.trim())];
    const key = variantKey(primary, call.headers, vary);
    const { swrMs, sieMs, mayBeStale, freshMs, ageMs } = terms;
    const windows = mayBeStale ? Math.max(swrMs, sieMs) : 0;
    const extra = conditionsFor(headers).length > 0 ? validatableMs : 0;
    return {
      ...terms,
      key,
      reply: { status, statusText, headers, body, url: reply.url, redirected: false },
      tags,
      vary,
      storedAt: times.responseTime,
      date: parseHttpDate(fieldOf(headers, 'date')!) || times.responseTime,
      dropAt: times.responseTime + Math.max(0, freshMs - ageMs) + Math.max(windows, extra),
      bytes: (body?.length ?? 0) + 2 * (key.length + String(headers).length) + 256,
    };
  };

  const termsOf = (call: Call, { status, headers }: Reply, times: Times): Terms | null => {
    const rule = ruleOf(call);
    const ttlMs = call.cache!.ttlMs ?? rule?.ttlMs ?? options.ttlMs;
    const isBarred = rule?.cache === false && !call.cache!.hinted;
    return isBarred ? null : toTerms(status, headers, times, { ...options, ttlMs });
  };

  const { forget } = store;

  /** Keeps a reply if it may be kept; a live one once its caller has read it. Returns what to hand on. */
  const keep = (
    visit: Visit,
    call: Call,
    reply: Reply,
    times: Times,
    ticket: Ticket,
    kept: Found | undefined,
  ): Reply => {
    // A redirect that the platform has followed: what it led to isn't what was asked for.
    const isWhole = call.method === 'GET' && !reply.redirected;
    const terms = isWhole ? termsOf(call, reply, times) : null;
    // What there was has been replaced by what can't be kept.
    const drop = (): void => {
      const isReplaced = kept ?? call.cache!.mode === 'reload';
      if (isReplaced && isWhole && reply.status < 500) forget({ url: call.url });
    };
    const put = (body: Bytes | null): void => {
      const entry = toEntry(visit, call, { ...reply, body }, terms!, times);
      if (entry.bytes > options.maxBytes) drop();
      else if (store.put(visit, entry, ticket)) tell({ url: call.url, outcome: 'stored' });
    };
    if (!terms || !reply.live?.body) {
      if (terms) put(reply.body);
      else drop();
      return reply;
    }
    const onChunk = listen(options.maxBytes / liveShare, (body) => {
      if (body) put(body);
      else drop();
    });
    return { ...reply, onChunk };
  };

  /** A kept response after its server has confirmed it (RFC 9111, 4.3.4). */
  const renew = (
    visit: Visit,
    call: Call,
    { entry }: Found,
    { headers }: Reply,
    times: Times,
    ticket: Ticket,
  ): Entry => {
    // A confirmation without a date is of the time it came, not of the time the response first did.
    const dated = withDate(headers, times);
    const reply = { ...entry.reply, headers: freshen(entry.reply.headers, dated) };
    const terms = termsOf(call, reply, times);
    if (!terms) return { ...entry, reply };
    const renewed = toEntry(visit, call, reply, terms, times);
    store.put(visit, renewed, ticket);
    return renewed;
  };

  /** What HEAD is answered holds for the kept GET too, or shows that it doesn't hold any more (4.3.5). */
  const learnFromHead = (
    visit: Visit,
    call: Call,
    kept: ReturnType<SharedStore['find']>,
    reply: Reply,
    times: Times,
    ticket: Ticket,
  ): void => {
    if (!kept) return;
    if (kept instanceof Promise) {
      // Rather than wait for it.
      forget({ url: call.url });
      return;
    }
    const { headers: old, body } = kept.entry.reply;
    // Without a validator it tells nothing of what is kept.
    if (!fieldOf(reply.headers, 'etag') && !fieldOf(reply.headers, 'last-modified')) return;
    const length = fieldOf(reply.headers, 'content-length');
    // On the road of a batch a GET's length isn't told, but it is at hand.
    const isCoded = fieldOf(reply.headers, 'content-encoding') !== undefined;
    const own = fieldOf(old, 'content-length') ?? (isCoded ? length : String(body?.length ?? 0));
    const isSame = isOf(old, reply.headers) && (length === undefined || length === own);
    if (isSame) renew(visit, call, kept, reply, times, ticket);
    else forget({ url: call.url });
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
        if (reply.status === 304 && kept && conditions.length > 0) {
          if (!isOf(kept.entry.reply.headers, reply.headers)) return await ask(visit, call, asked);
          const entry = renew(visit, call, kept, reply, times, ticket);
          return serve({ ...kept, entry }, call, 'revalidated', reason);
        }
        const other = outages.has(reply.status) ? standIn() : undefined;
        if (other) {
          reply.live?.body?.cancel().catch(() => {});
          return serve(other, call, 'stale');
        }
        if (!reason) tell({ url, outcome: 'miss' });
        if (method === 'HEAD' && reply.status === 200) {
          learnFromHead(visit, call, kept ?? store.find(visit, call), reply, times, ticket);
        }
        return keep(visit, call, reply, times, ticket, kept);
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

  const noteWrites: Layer = (next) => async (call) => {
    const { url, method } = call;
    if (isSafe(method)) return next(call);
    const reply = await next(call).catch((error: unknown) => {
      // Its batch has been refused unseen; in any other case it may have been carried out.
      if ((error as Partial<BatchError> | null)?.code !== 'status') void wrote([url], method);
      throw error;
    });
    const urls = reply.redirected ? [url, reply.url] : [url];
    // Before the caller hears of it: what he asks for next must not be what he has just changed.
    await wrote(urls, method, reply.status, reply.headers);
    return reply;
  };

  const wrote: Wrote = (urls, method, status = 0, headers = []) => {
    // An opaque answer, or none, tells nothing: better to ask again than to be wrong.
    if (status >= 400) return undefined;
    const changed = new Set<string>();
    const rules: Filter[] = [];
    for (const url of urls) {
      for (const value of [
        url,
        fieldOf(headers, 'location'),
        fieldOf(headers, 'content-location'),
      ]) {
        if (value === undefined || !URL.canParse(value, url)) continue;
        const other = new URL(value, url);
        other.hash = '';
        // Of another origin, a server can't speak (RFC 9111, 4.4).
        if (other.origin === new URL(url).origin) changed.add(other.href);
      }
      const { invalidates = [] } = ruleOf({ url, method }) ?? {};
      rules.push(...invalidates.map((what) => toFilter(what, url)));
    }
    const filters: Filter[] = [...[...changed].map((url) => ({ url })), ...rules];
    const gone = filters.map((filter) => forget(filter));
    const waits = gone.filter(({ isKnown }) => isKnown).map(({ done }) => done);
    for (const { url: own } of filters) if (own) tell({ url: own, outcome: 'invalidated' });
    return waits.length > 0 ? Promise.all(waits).then(() => {}) : undefined;
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
      await forget(filter).done;
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
