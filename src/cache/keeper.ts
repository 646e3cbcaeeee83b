import type { CacheEvent } from '../core/events.ts';
import type { FindRule } from '../core/rules.ts';
import type { Bytes, Call, HeaderList, Reply } from '../core/types.ts';
import { parseHttpDate } from '../http/dates.ts';
import { endToEnd, fieldOf, membersOf } from '../http/fields.ts';
import { toTerms, type Terms, type Times } from '../http/keeping.ts';
import { conditionsFor, freshen, isOf } from '../http/validating.ts';
import { variantKey, type Entry } from '../store/entry.ts';
import type { SharedStore, Visit } from '../store/shared-store.ts';
import type { Found, Ticket } from '../store/tiered.ts';
import { listen } from './live-body.ts';

export interface KeeperParts {
  readonly options: {
    readonly swrMs: number;
    readonly sieMs: number;
    readonly maxBytes: number;
    readonly ttlMs: number | false;
  };
  readonly store: Pick<SharedStore, 'put' | 'find' | 'forget'>;
  /** Never throws. */
  readonly findRule: FindRule;
  readonly tell: (event: CacheEvent) => void;
}

/** An answer as it has come, and what was known when it was asked for. */
export interface Arrival {
  readonly visit: Visit;
  readonly call: Call;
  readonly reply: Reply;
  readonly times: Times;
  /** Of the time of asking: what has been invalidated since isn't kept. */
  readonly ticket: Ticket;
}

export interface Keeper {
  /**
   * Keeps a reply if it may be kept, in place of what was `kept`; a live one once its caller has read it. Returns
   * what to hand on.
   */
  readonly keep: (arrival: Arrival, kept: Found | undefined) => Reply;
  /** A kept response after its server has confirmed it (RFC 9111, 4.3.4). */
  readonly renew: (arrival: Arrival, kept: Found) => Entry;
  /** What HEAD is answered holds for the kept GET too, or shows that it doesn't hold any more (4.3.5). */
  readonly learnFromHead: (arrival: Arrival, kept: ReturnType<SharedStore['find']>) => void;
}

// A body that its caller streams is kept up to this share of the whole.
const liveShare = 8;
// Beside its freshness and its windows, a response that can be validated is worth keeping.
const validatableMs = 86_400_000;
// Fields that scripts don't set, and in which a page's requests don't differ.
const constant = /^(?:accept-encoding|host|origin|user-agent)$/;

/** What has no date is given that of its arrival (RFC 9110, 6.6.1). */
const withDate = (headers: HeaderList, { responseTime }: Times): HeaderList =>
  fieldOf(headers, 'date') === undefined
    ? [...headers, ['date', new Date(responseTime).toUTCString()]]
    : headers;

/** Creates what decides whether an answer is kept, and as what. */
export function createKeeper({ options, store, findRule, tell }: KeeperParts): Keeper {
  const { forget } = store;

  const toEntry = ({ visit, call, reply, times }: Arrival, terms: Terms): Entry => {
    const { status, statusText, body } = reply;
    const headers = withDate(endToEnd(reply.headers), times);
    const vary = membersOf(headers, 'vary').filter((name) => !constant.test(name));
    const tagged = fieldOf(headers, 'cache-tag')?.split(',') ?? [];
    const own = findRule(call.url, call.method)?.tags ?? [];
    const tags = [...call.cache!.tags, ...own, ...tagged.map((tag) => tag.trim())];
    const key = variantKey(visit.primary, call.headers, vary);
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

  const termsOf = ({ call, reply, times }: Arrival): Terms | null => {
    const rule = findRule(call.url, call.method);
    const ttlMs = call.cache!.ttlMs ?? rule?.ttlMs ?? options.ttlMs;
    const isBarred = rule?.cache === false && !call.cache!.hinted;
    return isBarred ? null : toTerms(reply.status, reply.headers, times, { ...options, ttlMs });
  };

  const keep: Keeper['keep'] = (arrival, kept) => {
    const { visit, call, reply, ticket } = arrival;
    // A redirect that the platform has followed: what it led to isn't what was asked for.
    const isWhole = call.method === 'GET' && !reply.redirected;
    const terms = isWhole ? termsOf(arrival) : null;
    // What there was has been replaced by what can't be kept.
    const drop = (): void => {
      const isReplaced = kept ?? call.cache!.mode === 'reload';
      if (isReplaced && isWhole && reply.status < 500) forget({ url: call.url });
    };
    const put = (body: Bytes | null): void => {
      const entry = toEntry({ ...arrival, reply: { ...reply, body } }, terms!);
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

  const renew: Keeper['renew'] = (arrival, { entry }) => {
    const { visit, times, ticket } = arrival;
    // A confirmation without a date is of the time it came, not of the time the response first did.
    const dated = withDate(arrival.reply.headers, times);
    const reply = { ...entry.reply, headers: freshen(entry.reply.headers, dated) };
    const terms = termsOf({ ...arrival, reply });
    if (!terms) return { ...entry, reply };
    const renewed = toEntry({ ...arrival, reply }, terms);
    store.put(visit, renewed, ticket);
    return renewed;
  };

  const learnFromHead: Keeper['learnFromHead'] = (arrival, kept) => {
    const { call, reply } = arrival;
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
    if (isSame) renew(arrival, kept);
    else forget({ url: call.url });
  };

  return { keep, renew, learnFromHead };
}
