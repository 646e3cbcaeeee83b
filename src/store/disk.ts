import { toCovers, type Covers, type Filter } from '../core/filter.ts';
import type { Clock } from '../core/types.ts';
import { createAgreement, type AgreementParts } from './agreement.ts';
import { placeIn, urlOf, type Entry, type Place } from './entry.ts';
import { createLru } from './lru.ts';
import type { Row } from './pages.ts';
import { createPatience } from './patience.ts';
import { createReader } from './reader.ts';
import { dropOldestHalf, readDirectory, write } from './transactions.ts';

export interface DiskParts extends Pick<
  AgreementParts,
  'transact' | 'claimant' | 'onOwner' | 'onCleared' | 'onForgotten'
> {
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
  /** An entry has been brought into memory. */
  readonly onRead: (entry: Entry) => void;
  /** Keeps the window open while the storage is asked; the result lets go. */
  readonly hold: () => () => void;
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
const writeBoundMs = 1000;
// So many invalidations may as well have been of everything.
const maxSince = 64;
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
  const { transact, clock, now, newId, onFailure } = parts;
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

  const patience = createPatience(clock, () => {
    onFailure('timeout');
  });

  const open = (): Promise<void> =>
    (loading ??= load().catch((error: unknown) => {
      fail('unavailable', error);
    }));

  // What the tabs agree on.

  /** Invalidations that a load under way may not know. */
  let sinceLoad: Covers[] = [];

  const forget = (covers: Covers): boolean => {
    const isCovered = (item: Entry | Row): boolean => covers(urlOf(item.key), item.tags);
    let any = !isLoaded;
    if (sinceLoad.length > maxSince) sinceLoad = [() => true];
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

  const agreement = createAgreement({
    ...parts,
    open: async () => {
      await open();
      return isLoaded;
    },
    forget,
    dropRows: (which) => {
      rows.deleteWhere(({ key }) => which === 'all' || placeIn(key) !== 'public');
    },
    onFailure: fail,
  });

  const load = async (): Promise<void> => {
    const directory = await transact('readonly', readDirectory);
    agreement.catchUp(directory.meta);
    rows.deleteWhere(() => true);
    for (const row of directory.rows) {
      if (row.dropAt <= now()) bury(row);
      else if (agreement.isOwned(row)) rows.set(row);
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
    for (const covers of sinceLoad) forget(covers);
    sinceLoad = [];
    agreement.settle();
  };

  const vacate = (place: Place): void => {
    const isThere = ({ key }: { readonly key: string }): boolean => placeIn(key) === place;
    for (const map of [pending, writing]) {
      for (const entry of map.values()) if (isThere(entry)) map.delete(entry.key);
    }
    rows.deleteWhere(isThere);
  };

  // Reading.

  const readPage = createReader(transact, agreement.catchUp);
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
    const done = patience.wait(readRows(row.page, wanted), () => !parts.isOnline());
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
    if (isBroken() || patience.isOver()) return undefined;
    if (isLoaded) return fetchRow(key());
    if (!opening) {
      const release = parts.hold();
      opening = patience.wait(open(), () => !parts.isOnline());
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
      agreement.catchUp(await records.meta());
      const counts = (key: string, page: string): boolean => {
        const row = rows.get(key);
        return row?.page === page && row.dropAt > now();
      };
      return write(records, {
        entries: writing,
        dead: buried,
        small,
        counts,
        isOwned: agreement.isOwned,
        newId,
      });
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
    for (const entry of writing.values()) if (agreement.isOwned(entry)) writing.delete(entry.key);
    if (writing.size > 0) await agreement.adopted();
    const early = [...writing.values()].filter(agreement.isOwned);
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
    await patience.wait(flushing);
  };
  const flushSoon = (): void => {
    cancelFlush ??= clock.whenIdle(() => void flush(), writeBoundMs);
  };

  return {
    warm,
    touch: rows.get,
    put: (entry) => {
      if (isBroken() || patience.isOver()) return;
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
      const done = agreement.erase(filter);
      if (!patience.isOver()) await patience.wait(done);
    },
    hear: (filter) => {
      agreement.hear(filter);
      forget(toCovers(filter));
    },
    look: agreement.look,
    reopen: async () => {
      close();
      await open();
    },
    adopt: agreement.adopt,
    resign: agreement.resign,
    vacate,
    learn: (news) => {
      for (const row of news) {
        const own = pending.get(row.key) ?? writing.get(row.key);
        if (!isLoaded || !agreement.isOwned(row) || (own && own.storedAt > row.storedAt)) continue;
        // What is told late may have been invalidated here since, and stand there still.
        if (agreement.isOwed(row)) continue;
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
