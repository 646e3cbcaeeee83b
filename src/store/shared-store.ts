import type { ResolvedCacheOptions } from '../core/cache-options.ts';
import { toCovers, type Filter } from '../core/filter.ts';
import type { Call, Clock } from '../core/types.ts';
import { createDisk } from './disk.ts';
import { placeOf, primaryKey, type Entry, type Place } from './entry.ts';
import type { Transact } from './indexeddb.ts';
import { joinTabs, type News } from './tabs.ts';
import { createTieredStore, type Found, type Ticket } from './tiered.ts';

export interface SharedStoreParts {
  readonly options: Pick<ResolvedCacheOptions, 'maxEntries' | 'maxBytes'>;
  /** What tabs share: the name of their channel. */
  readonly name: string;
  /** Null where nothing is persisted. */
  readonly transact: Transact | null;
  readonly identity: () => string | null | undefined;
  readonly clock: Pick<Clock, 'setTimer' | 'whenIdle'>;
  readonly now: () => number;
  readonly isOnline: () => boolean;
  readonly onEvict: (url: string) => void;
  readonly onFailure: (reason: string, error?: unknown) => void;
}

/** A call's dealings with the store; of no effect any more when `signal` has aborted. */
export interface Visit {
  readonly primary: string;
  /** Aborts when what the call belongs to is dropped: its user has gone. */
  readonly signal: AbortSignal;
}

export interface SharedStore {
  /** Null where a call may not use the store at all. */
  readonly enter: (call: Omit<Call, 'signal'>) => Visit | null;
  readonly find: (visit: Visit, call: Call) => Found | undefined | Promise<Found | undefined>;
  /** Looks in memory only. */
  readonly peek: (visit: Visit, call: Pick<Call, 'headers'>) => Entry | undefined;
  readonly begin: () => Ticket;
  readonly end: (ticket: Ticket) => void;
  /** Whether an entry has been invalidated since `ticket` began. */
  readonly isForgotten: (ticket: Ticket, entry: Entry) => boolean;
  /** Keeps an entry, unless it has been invalidated, or its user has gone, since `ticket` began. */
  readonly put: (visit: Visit, entry: Entry, ticket: Ticket) => boolean;
  /**
   * Forgets in memory at once and tells other tabs; resolves when the disk has forgotten too. Undefined where
   * there is nothing to wait for. `isThorough`: looks for what only other tabs know.
   */
  readonly forget: (filter: Filter, isThorough: boolean) => Promise<void> | undefined;
  /** Runs `work` unless another tab is doing the same. */
  readonly alone: (what: string, work: () => Promise<void>) => Promise<void>;
  readonly flush: () => Promise<void>;
  /** The page has been asleep, and may have missed what other tabs told. */
  readonly wake: () => void;
  readonly size: () => { readonly entries: number; readonly bytes: number };
  readonly close: () => void;
}

/** The store that a page's clients and its tabs share, and whose it is. */
export function createSharedStore({
  options: { maxEntries, maxBytes },
  name,
  transact,
  identity,
  clock,
  now,
  isOnline,
  onEvict,
  onFailure,
}: SharedStoreParts): SharedStore {
  let pages = 0;
  // Ids in order of time, and of one moment in order of writing.
  const newId = (): string =>
    [now(), pages++ % 36 ** 4].map((n) => n.toString(36).padStart(9, '0')).join('') +
    Math.random().toString(36).slice(2, 8);
  const disk =
    transact &&
    createDisk({
      transact,
      maxEntries,
      maxBytes,
      clock,
      now,
      newId,
      isOnline,
      onFailure,
      onEvict: ({ key }) => {
        onEvict(key);
      },
      onForgotten: (covers) => {
        store.hear(covers);
      },
      onOwner: (owner) => {
        if (current !== null && owner !== current) revoke();
      },
      onLoad: (rows) => {
        store.note(rows);
      },
      onWritten: (rows) => {
        tabs.tell({ kind: 'written', rows });
      },
    });
  const store = createTieredStore({ maxEntries, maxBytes, now, disk, onEvict });

  // Whose data it is.

  let current: string | null = null;
  // Another tab has logged out or in as somebody else; this one still says what it said before.
  let isRevoked = false;
  let life = new AbortController();
  const endLife = (): void => {
    life.abort(new DOMException('the identity has changed', 'AbortError'));
    life = new AbortController();
    store.vacate('session');
    if (current !== null) store.vacate(placeOf(current));
  };
  const revoke = (): void => {
    if (isRevoked) return;
    isRevoked = true;
    endLife();
  };
  const tabs = joinTabs(name, (news: News) => {
    if (news.kind === 'forget') store.hear(toCovers(news.filter));
    else if (news.kind === 'written') store.learn(news.rows);
    else if (news.owner !== null && news.owner === current) isRevoked = false;
    else if (current !== null && (news.owner !== null || news.previous === current)) revoke();
  });

  // Read ahead of the first calls.
  void disk?.open();

  /** Asks who it is; undefined where that can't be told. */
  const identify = (): string | null | undefined => {
    let who: string | null;
    try {
      const given: unknown = identity();
      who = given === undefined || given === null || given === '' ? null : String(given);
    } catch (error) {
      onFailure('identity', error);
      return undefined;
    }
    if (who === current) return who;
    const previous = current;
    endLife();
    current = who;
    isRevoked = false;
    void disk?.adopt(who);
    tabs.tell({ kind: 'owner', owner: who, previous });
    return who;
  };

  const placeFor = ({ headers, cache }: Pick<Call, 'headers' | 'cache'>): Place | null => {
    const who = identify();
    if (who === undefined) return null;
    if (who !== null) return isRevoked ? null : placeOf(who);
    const isBare = !cache!.credentialed && !headers.some(([field]) => field === 'authorization');
    return isBare ? 'public' : 'session';
  };

  return {
    enter: (call) => {
      const place = placeFor(call);
      return place && { primary: primaryKey(place, call), signal: life.signal };
    },
    find: ({ primary }, { headers }) => store.find(primary, headers),
    peek: ({ primary }, { headers }) => store.peek(primary, headers),
    begin: store.begin,
    end: store.end,
    isForgotten: store.isForgotten,
    put: ({ signal }, entry, ticket) => {
      identify();
      return !signal.aborted && store.put(entry, ticket);
    },
    forget: (filter, isThorough) => {
      tabs.tell({ kind: 'forget', filter });
      return store.forget(filter, isThorough);
    },
    alone: tabs.alone,
    flush: async () => {
      await disk?.flush();
    },
    wake: () => {
      store.vacate();
    },
    size: store.size,
    close: tabs.close,
  };
}
