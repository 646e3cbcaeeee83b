import type { ResolvedCacheOptions } from '../core/cache-options.ts';
import type { Filter } from '../core/filter.ts';
import type { Whose } from '../core/identity.ts';
import type { Call, Clock } from '../core/types.ts';
import { createDisk } from './disk.ts';
import { placeOf, primaryKey, urlOf, type Entry, type Place } from './entry.ts';
import type { Database } from './indexeddb.ts';
import { joinTabs, type News } from './tabs.ts';
import { createTieredStore, type Forgotten, type Found, type Ticket } from './tiered.ts';

export interface SharedStoreParts {
  readonly options: Pick<ResolvedCacheOptions, 'maxEntries' | 'maxBytes'>;
  /** What tabs share: the name of their channel. */
  readonly name: string;
  /** Null where nothing is persisted. */
  readonly database: Database | null;
  readonly whose: Whose;
  readonly clock: Pick<Clock, 'setTimer' | 'whenIdle' | 'afterTask'>;
  readonly now: () => number;
  readonly isOnline: () => boolean;
  /** Keeps the window open while the storage is asked; the result lets go. */
  readonly hold: () => () => void;
  readonly onEvict: (url: string) => void;
  /** Something has been invalidated, here or in another tab. */
  readonly onForgotten: () => void;
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
  /** Looks in memory, then on disk; a promise only where the disk has to be read. */
  readonly find: (
    visit: Visit,
    call: Pick<Call, 'headers'>,
  ) => Found | undefined | Promise<Found | undefined>;
  /** An answer has been made of it: the next one comes from memory. */
  readonly used: (entry: Entry) => void;
  readonly ticket: () => Ticket;
  /** Whether an entry has been invalidated since. */
  readonly isForgotten: (ticket: Ticket, entry: Entry) => boolean;
  /** Keeps an entry, unless it has been invalidated, or its user has gone, since, or it is too large. */
  readonly put: (visit: Visit, entry: Entry, ticket: Ticket) => boolean;
  /**
   * Forgets in memory at once and tells other tabs; `done` when the disk has forgotten too. `isKnown`: this tab
   * knows, or may, of something there that is meant.
   */
  readonly forget: (filter: Filter) => Forgotten;
  /** Runs `work` unless another tab is doing the same. */
  readonly alone: (what: string, work: () => Promise<void>) => Promise<void>;
  readonly flush: () => Promise<void>;
  /** The page may be put to sleep: a channel that hears something then would have it thrown away. */
  readonly sleep: () => void;
  /** The page has been asleep, and has missed what other tabs told. */
  readonly wake: () => void;
  readonly size: () => { readonly entries: number; readonly bytes: number };
  readonly close: () => void;
}

/** The store that a page's clients and its tabs share, and whose it is. */
export function createSharedStore({
  options: { maxEntries, maxBytes },
  name,
  database,
  whose,
  clock,
  now,
  isOnline,
  hold,
  onEvict,
  onForgotten,
  onFailure,
}: SharedStoreParts): SharedStore {
  let pages = 0;
  // Ids in order of time, and of one moment in order of writing.
  const newId = (): string =>
    [now(), pages++ % 36 ** 4].map((n) => n.toString(36).padStart(9, '0')).join('') +
    Math.random().toString(36).slice(2, 8);
  const disk =
    database &&
    createDisk({
      transact: database.transact,
      maxEntries,
      maxBytes,
      clock,
      now,
      newId,
      isOnline,
      hold,
      onFailure,
      onEvict: ({ key }) => {
        onEvict(urlOf(key));
      },
      onForgotten: (covers) => {
        onForgotten();
        store.drop(covers);
      },
      claimant: () => (isRevoked ? undefined : current),
      onOwner: (owner, hasLapsed) => {
        if (current === null) return;
        if (owner !== current) {
          revoke();
          return;
        }
        if (hasLapsed) endLife();
        isRevoked = false;
      },
      onRead: (entry) => {
        store.take(entry);
      },
      onCleared: () => {
        // What no message can have told may have been lost with it.
        if (!tabs.hearsOthers) store.drop(() => true);
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
  let own: Place | null = null;
  // Another tab has logged out or in as somebody else; this one still says what it said before.
  let isRevoked = false;
  let life = new AbortController();
  const endLife = (): void => {
    life.abort(new DOMException('the identity has changed', 'AbortError'));
    life = new AbortController();
    store.vacate('session');
    if (own !== null) store.vacate(own);
  };
  const revoke = (): void => {
    if (isRevoked) return;
    isRevoked = true;
    onFailure('revoked');
    endLife();
  };
  const tabs = joinTabs(name, (news: News) => {
    if (news.kind === 'forget') {
      onForgotten();
      store.hear(news.filter);
      return;
    }
    if (news.kind === 'written') {
      store.learn(news.rows);
      return;
    }
    if (news.owner !== null) disk?.resign();
    if (news.owner !== null && news.owner === current) {
      // Now, so that the disk's account of the same costs little of what is kept from here on; and not by looking
      // only: the other tab may not have got him the disk, and be gone.
      if (isRevoked) void disk?.adopt(current, null);
      isRevoked = false;
    } else if (current !== null && (news.owner !== null || news.previous === current)) revoke();
  });

  // Read ahead of the first calls.
  void disk?.open();

  /** Asks who it is; undefined where that can't be told. */
  const identify = (): string | null | undefined => {
    const who = whose();
    if (who === undefined) {
      // Whoever it was may have gone: what is under way isn't kept.
      endLife();
      return who;
    }
    if (who === current) return who;
    const previous = current;
    endLife();
    current = who;
    own = who === null ? null : placeOf(who);
    isRevoked = false;
    void disk?.adopt(who, previous);
    tabs.tell({ kind: 'owner', owner: who, previous });
    return who;
  };

  const placeFor = ({ headers, cache, who }: Omit<Call, 'signal'>): Place | null => {
    // A later leg of a call of somebody who has gone in the meantime has no part in this.
    if (identify() !== who || who === undefined) return null;
    if (who !== null && isRevoked) {
      disk?.look();
      return null;
    }
    if (own !== null) return own;
    const isBare = !cache!.credentialed && !headers.some(([field]) => field === 'authorization');
    return isBare ? 'public' : 'session';
  };

  return {
    enter: (call) => {
      const place = placeFor(call);
      return place && { primary: primaryKey(place, call), signal: life.signal };
    },
    find: ({ primary, signal }, { headers }) => store.find(primary, headers, signal),
    used: store.used,
    ticket: store.ticket,
    isForgotten: store.isForgotten,
    put: ({ signal }, entry, ticket) => {
      return identify() !== undefined && !signal.aborted && store.put(entry, ticket);
    },
    forget: (given) => {
      const filter: Filter = { ...given, id: newId() };
      onForgotten();
      tabs.tell({ kind: 'forget', filter });
      return store.forget(filter);
    },
    alone: tabs.alone,
    flush: async () => {
      await disk?.flush();
    },
    sleep: tabs.close,
    wake: () => {
      // First, so that nothing is missed that is told while the disk is being read.
      tabs.open();
      onForgotten();
      store.drop(() => true);
      void disk?.reopen();
    },
    size: store.size,
    close: () => {
      life.abort(new DOMException('the client has been disposed of', 'AbortError'));
      tabs.close();
      disk?.end();
      database?.close();
    },
  };
}
