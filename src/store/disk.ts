import { toCovers, type Covers, type Filter } from '../core/filter.ts';
import type { Clock } from '../core/types.ts';
import { placeIn, placeOf, urlOf, type Entry, type Place } from './entry.ts';
import type { Meta, Transact } from './indexeddb.ts';
import { createLru } from './lru.ts';
import type { Row } from './pages.ts';
import { createReader } from './reader.ts';
import { dropOldestHalf, erase, giveTo, readDirectory, write } from './transactions.ts';

export interface DiskParts {
  readonly transact: Transact;
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly clock: Pick<Clock, 'setTimer' | 'whenIdle' | 'afterTask'>;
  /** The wall clock, in ms. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly isOnline: () => boolean;
  /** Something went wrong with the storage; calls go on without it. */
  readonly onFailure: (reason: string, error?: unknown) => void;
  readonly onEvict: (row: Row) => void;
  /** Another tab has invalidated what these cover, and its message has not come yet. */
  readonly onForgotten: (covers: Covers) => void;
  /** Whom the private pages should belong to; undefined where this tab has no say. */
  readonly claimant: () => string | null | undefined;
  /** Other tabs have given the private pages to `owner`; `hasLapsed`: and to somebody else before. */
  readonly onOwner: (owner: string | null, hasLapsed: boolean) => void;
  /** An entry has been brought into memory. */
  readonly onRead: (entry: Entry) => void;
  /** Keeps the window open while the storage is asked; the result lets go. */
  readonly hold: () => () => void;
  /** Somebody has cleared the disk, and what other tabs had noted there. */
  readonly onCleared: () => void;
  /** The directory has been read. */
  readonly onLoad: (rows: Iterable<Row>) => void;
  /** Pages have been written: other tabs should know of these rows. */
  readonly onWritten: (rows: readonly Row[]) => void;
}

export interface Disk {
  /**
   * Brings one into memory (`onRead`); undefined where there is nothing to wait for. The key is asked for when
   * the directory has been read.
   */
  readonly warm: (key: () => string) => Promise<void> | undefined;
  /** It has been used, if only from memory: others go first. */
  readonly touch: (key: string) => void;
  /** Has it written, behind the answer; what is too large for the whole is not taken. */
  readonly put: (entry: Entry) => void;
  /** Forgets at once what is covered; whether there was any that is, or may be, on disk. */
  readonly forget: (covers: Covers) => boolean;
  /** Removes from the disk what `filter` covers, whoever wrote it. Never rejects. */
  readonly erase: (filter: Filter) => Promise<void>;
  /**
   * Gives the private pages to `owner`, and deletes those of somebody else; where that is nobody, only
   * those of `previous`. What the storage refuses is done when it is read again. Never rejects.
   */
  readonly adopt: (owner: string | null, previous: string | null) => Promise<void>;
  /** Another tab has taken the private pages over: what this one still had to do about them is void. */
  readonly resign: () => void;
  /** Knows nothing any more of what is kept in a place, which is about to be deleted. */
  readonly vacate: (place: Place) => void;
  /** Another tab has invalidated what `filter` covers, and erases it. */
  readonly hear: (filter: Filter) => void;
  /** Looks whose the private pages are, where no message may have told. */
  readonly look: () => void;
  /** Reads the tables of contents again: other tabs may have been at work unheard. Never rejects. */
  readonly reopen: () => Promise<void>;
  /** Another tab has written these. */
  readonly learn: (rows: readonly Row[]) => void;
  readonly rows: () => Iterable<Row>;
  /** Writes what waits. Never rejects. */
  readonly flush: () => Promise<void>;
  /** Starts reading the tables of contents. */
  readonly open: () => Promise<void>;
  /** Writes nothing more by itself: what is left to be cleared away is for the next to open it. */
  readonly end: () => void;
}

// How long a storage that failed is left alone.
const pauseMs = 30_000;
// How often, and how long each time, calls wait for one that doesn't answer: a page that has been busy hears
// late of what was done long ago, but then between two of its timers.
const patience = 2;
const patienceMs = 1000;
const writeBoundMs = 1000;
// How many invalidations are kept apart, and how many remembered by name.
const maxOwed = 64;
const maxHeard = 512;
// So many pages with so few rows are worth being put together.
const maxSmall = 32;
const smallRows = 8;

/** Whether a page is not what was written, or the browser has lost its file (Chrome had another name for that). */
const isDamage = (error: unknown): boolean =>
  /^(?:Syntax|Type|NotReadable|Data)Error$/.test((error as Error).name);
const isQuota = (error: unknown): boolean => (error as Error).name === 'QuotaExceededError';

/**
 * The responses on disk. A directory of them is kept in memory, so that what is absent is known without
 * looking, and what is present is read with its neighbours. Tabs share the disk, so each transaction
 * first looks at what all agree on: whose data it is, and what has been invalidated.
 */
export function createDisk(parts: DiskParts): Disk {
  const { transact, clock, now, newId, claimant, onFailure } = parts;
  /** Rows that no longer count but still stand in their page's table, by page. */
  let dead = new Map<string, Set<string>>();
  const noteDead = (page: string, key: string): void => {
    dead.set(page, (dead.get(page) ?? new Set()).add(key));
  };
  const bury = ({ page, key }: Pick<Row, 'page' | 'key'>): void => {
    noteDead(page, key);
    flushSoon();
  };
  const rows = createLru<Row>(parts.maxEntries, parts.maxBytes, (row) => {
    bury(row);
    parts.onEvict(row);
  });
  const discard = (key: string): void => {
    const row = rows.get(key);
    if (row) bury(row);
    rows.delete(key);
  };
  /** Waiting to be written, and being written. */
  const pending = new Map<string, Entry>();
  let writing = new Map<string, Entry>();

  // Whether the storage is there.

  let loading: Promise<void> | undefined;
  let isLoaded = false;
  let brokenUntil = 0;
  let readOnlyUntil = 0;
  const isBroken = (): boolean => now() < brokenUntil;

  const close = (): void => {
    loading = undefined;
    isLoaded = false;
    rows.deleteWhere(() => true);
  };

  const fail = (reason: string, error?: unknown): void => {
    const isNews = !isBroken();
    close();
    pending.clear();
    brokenUntil = now() + pauseMs;
    if (isNews) onFailure(reason, error);
  };

  /** How much is under way that nobody waits for any more; until it is done, nobody waits for anything. */
  let stuck = 0;

  /**
   * Waits, but not for ever: nothing must hang on a storage that does. `isLast`: unless there is nothing
   * else to ask.
   */
  const patiently = (work: Promise<void>, isLast = (): boolean => false): Promise<void> =>
    new Promise((resolve) => {
      let waited = 0;
      const wait = (): (() => void) =>
        clock.setTimer(() => {
          if (++waited < patience || isLast()) {
            cancel = wait();
            return;
          }
          if (stuck++ === 0) onFailure('timeout');
          void work.finally(() => stuck--);
          resolve();
        }, patienceMs);
      let cancel = wait();
      void work.then(resolve).finally(() => {
        cancel();
      });
    });

  const open = (): Promise<void> =>
    (loading ??= load().catch((error: unknown) => {
      fail('unavailable', error);
    }));

  // What the tabs agree on.

  /** Whom the private pages belong to, and how often they have changed hands. */
  let owner: string | null = null;
  let reign = 0;
  /** Until this tab has taken them over; and whose may stand there until then, though they are to go. */
  let adopting: Promise<void> | undefined;
  let gone: readonly ((who: string) => boolean)[] = [];
  const hasGone = (who: string, tests = gone): boolean => tests.some((test) => test(who));
  /** How many invalidations have been taken note of. */
  let seen: number | undefined;
  /** Which database it is. */
  let born = '';
  /** Those that the disk has not taken yet. */
  let owed: Filter[] = [];
  const isOwed = ({ key, tags }: Row): boolean =>
    owed.some((filter) => toCovers(filter)(urlOf(key), tags));
  let erasing: Promise<void> | undefined;
  let looking: Promise<void> | undefined;
  /** Those that have been heard of some other way, or are this tab's own. */
  const heard = new Set<string>();
  const noteHeard = ({ id }: Filter): void => {
    if (id === undefined) return;
    heard.add(id);
    if (heard.size > maxHeard) heard.delete(heard.values().next().value!);
  };
  /** Those that a load under way may not know. */
  let sinceLoad: Covers[] = [];

  const isOwned = ({ key }: { readonly key: string }): boolean => {
    const place = placeIn(key);
    const isHis = owner !== null && !hasGone(owner) && place === placeOf(owner);
    return isHis || place === 'public';
  };

  /** Takes note of whose the private pages are; whether they have changed hands since. */
  const setOwner = (next: Pick<Meta, 'owner' | 'reign'>): boolean => {
    if (next.reign === reign) return false;
    ({ owner, reign } = next);
    rows.deleteWhere(({ key }) => placeIn(key) !== 'public');
    return true;
  };

  const forget = (covers: Covers): boolean => {
    const isCovered = (item: Entry | Row): boolean => covers(urlOf(item.key), item.tags);
    let any = !isLoaded;
    // So many that it may as well have been everything.
    if (sinceLoad.length > maxOwed) sinceLoad = [() => true];
    else if (!isLoaded) sinceLoad.push(covers);
    for (const map of [pending, writing]) {
      for (const entry of map.values()) {
        if (!isCovered(entry)) continue;
        any = map.delete(entry.key);
        // What it was about to replace doesn't come back.
        discard(entry.key);
      }
    }
    // Not buried: who has invalidated them erases them, whoever knows of them.
    return rows.deleteWhere(isCovered).length > 0 || any;
  };

  /** Takes note of what other tabs have done since the last time. */
  const catchUp = (meta: Meta): void => {
    const { count, log } = meta;
    const claim = claimant();
    // What others did before this tab takes over is no matter any more; that its user has come to them may have
    // been since, where the disk refused.
    const isTakingOver = gone.length > 0 && claim !== undefined && claim !== meta.owner;
    // Not a log-out: somebody has cleared what there was.
    const isCleared = born !== '' && meta.born !== born;
    born = meta.born;
    if (isCleared) {
      parts.onCleared();
      rows.deleteWhere(() => true);
      ({ owner, reign, count: seen } = meta);
      // Since then, too, he may have gone and come back.
      const hasLapsed = reign > 1;
      const isNews = reign > 0 && (owner !== claim || hasLapsed) && !isTakingOver;
      if (isNews) parts.onOwner(owner, hasLapsed);
      else if (claim) void takeOver();
      return;
    }
    const hasLapsed = meta.owner === owner || meta.reign > reign + 1;
    const isNews = setOwner(meta) && seen !== undefined && !isTakingOver;
    if (isNews) parts.onOwner(owner, hasLapsed);
    const missed = count - (seen ?? count);
    seen = count;
    const filters: readonly Filter[] =
      missed > log.length ? [{ all: true }] : log.slice(log.length - missed);
    for (const filter of missed > 0 ? filters : []) {
      if (filter.id !== undefined && heard.has(filter.id)) continue;
      noteHeard(filter);
      const covers = toCovers(filter);
      forget(covers);
      parts.onForgotten(covers);
    }
  };

  const load = async (): Promise<void> => {
    const directory = await transact('readonly', readDirectory);
    catchUp(directory.meta);
    rows.deleteWhere(() => true);
    for (const row of directory.rows) {
      if (row.dropAt <= now()) bury(row);
      else if (isOwned(row)) rows.set(row);
    }
    for (const row of directory.doubles) bury(row);
    for (const [page, error] of directory.damaged) {
      bury({ page, key: '' });
      onFailure('corrupt', error);
    }
    isLoaded = true;
    brokenUntil = 0;
    loading = Promise.resolve();
    parts.onLoad(rows.values());
    for (const covers of [...sinceLoad, ...owed.map(toCovers)]) forget(covers);
    sinceLoad = [];
    if (owed.length > 0) void eraseOwed();
    // Who waits for this is about to; what he is refused is asked for again at the next reading, not at once.
    if (!adopting && (claimant() !== owner || gone.length > 0)) void takeOver();
  };

  /** Has the disk take what is owed to it: what comes together in one transaction, one at a time. */
  const eraseOwed = (): Promise<void> =>
    (erasing ??= (async () => {
      // Those of the same breath go along.
      await Promise.resolve();
      const filters = [...owed];
      try {
        const meta = await transact('readwrite', (records) => erase(records, filters));
        owed = owed.filter((filter) => !filters.includes(filter));
        catchUp(meta);
      } catch (error) {
        fail('write', error);
      }
      erasing = undefined;
    })());

  const eraseAll = async (): Promise<void> => {
    // What is under way may have begun without the last of them; what fails is left for the next load.
    await erasing;
    if (owed.length > 0) await eraseOwed();
  };

  const vacate = (place: Place): void => {
    const isThere = ({ key }: { readonly key: string }): boolean => placeIn(key) === place;
    for (const map of [pending, writing]) {
      for (const entry of map.values()) if (isThere(entry)) map.delete(entry.key);
    }
    rows.deleteWhere(isThere);
  };

  const giveToClaimant = async (): Promise<void> => {
    await open();
    const claim = claimant();
    const begun = gone;
    if (!isLoaded || claim === undefined || (claim === null && begun.length === 0)) return;
    try {
      const meta = await transact('readwrite', (records) =>
        giveTo(records, claim, (who) => hasGone(who, begun)),
      );
      gone = gone.filter((test) => !begun.includes(test));
      setOwner(meta);
      catchUp(meta);
    } catch (error) {
      fail('write', error);
    }
  };

  const takeOver = (): Promise<void> => {
    const mine = (adopting ?? Promise.resolve()).then(giveToClaimant).finally(() => {
      if (adopting === mine) adopting = undefined;
    });
    return (adopting = mine);
  };

  // Reading.

  const readPage = createReader(transact, catchUp);
  /** Pages being read, and what is wanted of them. */
  const reading = new Map<string, { readonly wanted: Set<Row>; readonly done: Promise<void> }>();

  const readRows = async (page: string, wanted: ReadonlySet<Row>): Promise<void> => {
    try {
      const entryOf = await readPage(page);
      for (const row of wanted) {
        // It may have been invalidated, replaced or moved in the meantime.
        const current = rows.get(row.key);
        if (current?.page !== page || current.at !== row.at) continue;
        const entry = entryOf?.(row);
        if (entry) parts.onRead(entry);
        else rows.delete(row.key);
      }
    } catch (error) {
      if (!isDamage(error)) {
        fail('read', error);
        return;
      }
      const lost = rows.deleteWhere((row) => row.page === page);
      for (const one of lost) bury(one);
      if (lost.length > 0) onFailure('corrupt', error);
    } finally {
      reading.delete(page);
    }
  };

  /** Reads a row with all others of its page that are wanted in the meantime. */
  const read = (row: Row): Promise<void> => {
    const known = reading.get(row.page);
    if (known) {
      known.wanted.add(row);
      return known.done;
    }
    const wanted = new Set([row]);
    const release = parts.hold();
    const done = patiently(readRows(row.page, wanted), () => !parts.isOnline());
    reading.set(row.page, { wanted, done });
    // When those who waited have gone on.
    void done.then(() => {
      clock.afterTask(release);
    });
    return done;
  };

  const fetchRow = (key: string): Promise<void> | undefined => {
    const waiting = pending.get(key) ?? writing.get(key);
    if (waiting) parts.onRead(waiting);
    const row = waiting ? undefined : rows.get(key);
    if (!row) return undefined;
    if (row.dropAt > now()) return read(row);
    discard(key);
    return undefined;
  };

  let opening: Promise<void> | undefined;
  const warm: Disk['warm'] = (key) => {
    if (isBroken() || stuck > 0) return undefined;
    if (isLoaded) return fetchRow(key());
    if (!opening) {
      const release = parts.hold();
      opening = patiently(open(), () => !parts.isOnline());
      void opening.then(() => {
        opening = undefined;
        clock.afterTask(release);
      });
    }
    return opening.then(() => (isLoaded ? fetchRow(key()) : undefined));
  };

  // Writing.

  /** Pages with few rows, where there are many such. */
  const smallPages = (): ReadonlySet<string> => {
    const counts = new Map<string, number>();
    for (const { page } of rows.values()) counts.set(page, (counts.get(page) ?? 0) + 1);
    const small = [...counts].flatMap(([page, count]) => (count < smallRows ? [page] : []));
    return new Set(small.length > maxSmall ? small : []);
  };

  /** Writes what is in `writing`; the rows it has now are the ones that count. */
  const writePages = async (): Promise<void> => {
    const buried = dead;
    const small = smallPages();
    dead = new Map();
    const written = await transact('readwrite', async (records) => {
      catchUp(await records.meta());
      const counts = (key: string, page: string): boolean => {
        const row = rows.get(key);
        return row?.page === page && row.dropAt > now();
      };
      return write(records, { entries: writing, dead: buried, small, counts, isOwned, newId });
    }).catch((error: unknown) => {
      // With what is written next: at once, it would fail again.
      for (const [page, keys] of buried) for (const key of keys) noteDead(page, key);
      throw error;
    });
    const news = written.filter((row) => {
      const old = rows.get(row.key);
      if (old && old.storedAt > row.storedAt) {
        // Another tab has written a newer one in the meantime.
        bury(row);
        return false;
      }
      if (old && !buried.has(old.page) && !small.has(old.page)) bury(old);
      // Invalidated while it was being written, if it is no longer here.
      const stillCounts = old !== undefined || writing.has(row.key);
      if (stillCounts) rows.set(row);
      else bury(row);
      return stillCounts;
    });
    if (news.length > 0) parts.onWritten(news);
  };

  const makeRoom = async (): Promise<void> => {
    const gone = await transact('readwrite', dropOldestHalf);
    for (const row of rows.deleteWhere(({ page }) => gone.has(page))) parts.onEvict(row);
  };

  const flushNow = async (): Promise<void> => {
    if (isBroken() || (pending.size === 0 && dead.size === 0)) return;
    await open();
    if (!isLoaded) {
      pending.clear();
      return;
    }
    writing = new Map(now() < readOnlyUntil ? [] : pending);
    pending.clear();
    try {
      await writePages().catch(async (error: unknown) => {
        if (!isQuota(error) || now() < readOnlyUntil) throw error;
        onFailure('quota', error);
        await makeRoom();
        await writePages();
      });
    } catch (error) {
      if (!isQuota(error)) {
        fail('write', error);
      } else if (now() >= readOnlyUntil) {
        readOnlyUntil = now() + pauseMs;
        onFailure('quota', error);
      }
    }
    // What is left is of who is about to get the disk (again), unless it is invalidated or he goes meanwhile.
    for (const entry of writing.values()) if (isOwned(entry)) writing.delete(entry.key);
    if (writing.size > 0) await adopting;
    const early = [...writing.values()].filter(isOwned);
    writing = new Map();
    for (const entry of early) if (!pending.has(entry.key)) pending.set(entry.key, entry);
    if (early.length > 0) await flushNow();
  };

  let flushing: Promise<void> = Promise.resolve();
  let cancelFlush: (() => void) | undefined;
  const flush = async (): Promise<void> => {
    cancelFlush?.();
    cancelFlush = undefined;
    flushing = flushing.then(flushNow);
    await patiently(flushing);
  };
  const flushSoon = (): void => {
    cancelFlush ??= clock.whenIdle(() => void flush(), writeBoundMs);
  };

  return {
    warm,
    touch: rows.get,
    put: (entry) => {
      if (isBroken() || stuck > 0) return;
      const { key } = entry;
      if (now() >= readOnlyUntil && entry.bytes <= parts.maxBytes) {
        pending.set(key, entry);
        flushSoon();
        return;
      }
      // What can't be replaced must not come back either.
      discard(key);
      for (const known of [pending, writing]) known.delete(key);
    },
    forget,
    erase: async (filter) => {
      noteHeard(filter);
      if (owed.length >= maxOwed) owed = [{ all: true }];
      else owed.push(filter);
      const done = eraseAll();
      if (stuck === 0) await patiently(done);
    },
    hear: (filter) => {
      noteHeard(filter);
      forget(toCovers(filter));
    },
    look: () => {
      looking ??= transact('readonly', (records) => records.meta())
        .then(catchUp, (error: unknown) => {
          fail('read', error);
        })
        .finally(() => {
          looking = undefined;
        });
    },
    reopen: async () => {
      close();
      await open();
    },
    adopt: (next, previous) => {
      gone = [...gone, (who) => who === previous || (next !== null && who !== next)];
      return takeOver();
    },
    resign: () => {
      gone = [];
    },
    vacate,
    learn: (news) => {
      for (const row of news) {
        const own = pending.get(row.key) ?? writing.get(row.key);
        if (!isLoaded || !isOwned(row) || (own && own.storedAt > row.storedAt)) continue;
        // What is told late may have been invalidated here since, and stand there still.
        if (isOwed(row)) continue;
        pending.delete(row.key);
        rows.set(row);
      }
    },
    rows: () => rows.values(),
    flush,
    open,
    end: () => {
      cancelFlush?.();
      // Nothing takes its place.
      cancelFlush = () => {};
    },
  };
}
