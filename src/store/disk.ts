import { toCovers, type Covers, type Filter } from '../core/filter.ts';
import type { Clock } from '../core/types.ts';
import { placeIn, placeOf, urlOf, type Entry } from './entry.ts';
import type { Meta, Records, Transact } from './indexeddb.ts';
import { createLru } from './lru.ts';
import { fromIndex, fromPage, toIndex, toPages, type Row } from './pages.ts';

export interface DiskParts {
  readonly transact: Transact;
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly clock: Pick<Clock, 'setTimer' | 'whenIdle'>;
  /** The wall clock, in ms. */
  readonly now: () => number;
  readonly newId: () => string;
  /** Something went wrong with the storage; calls go on without it. */
  readonly onFailure: (reason: string, error?: unknown) => void;
  readonly onEvict: (row: Row) => void;
  /** Another tab has invalidated what these cover, and its message has not come yet. */
  readonly onForgotten: (covers: Covers) => void;
  /** Another tab has given the private pages to somebody else. */
  readonly onOwner: (owner: string | null) => void;
  /** The directory has been read. */
  readonly onLoad: (rows: Iterable<Row>) => void;
  /** Pages have been written: other tabs should know of these rows. */
  readonly onWritten: (rows: readonly Row[]) => void;
}

export interface Disk {
  /**
   * Looks one up; undefined at once where it is known to be absent. The key is asked for when the
   * directory has been read.
   */
  readonly find: (key: () => string) => Entry | undefined | Promise<Entry | undefined>;
  /** Has it written, behind the answer. */
  readonly put: (entry: Entry) => void;
  /** Forgets at once what is covered; whether there was any that is, or may be, on disk. */
  readonly forget: (covers: Covers) => boolean;
  /** Removes from the disk what `filter` covers, whoever wrote it. Never rejects. */
  readonly erase: (filter: Filter) => Promise<void>;
  /** Gives the private pages to `owner`, and deletes those of somebody else. Never rejects. */
  readonly adopt: (owner: string | null) => Promise<void>;
  /** Another tab has written these. */
  readonly learn: (rows: readonly Row[]) => void;
  readonly rows: () => Iterable<Row>;
  /** Writes what waits. Never rejects. */
  readonly flush: () => Promise<void>;
  /** Starts reading the tables of contents. */
  readonly open: () => Promise<void>;
}

// How long a look-up waits for a storage that doesn't answer, and how long one that failed is left alone.
const [patienceMs, pauseMs] = [1000, 30_000];
const writeBoundMs = 1000;
// How many invalidations a tab may miss and still know which they were.
const maxLog = 64;
// So many pages with so few rows are worth being put together.
const [maxSmall, smallRows] = [32, 8];

/**
 * The responses on disk. A directory of them is kept in memory, so that what is absent is known without
 * looking, and what is present is read with its neighbours. Tabs share the disk, so each transaction
 * first looks at what all agree on: whose data it is, and what has been invalidated.
 */
export function createDisk(parts: DiskParts): Disk {
  const { transact, clock, now, newId, onFailure } = parts;
  /** Rows that no longer count but still stand in their page's table, by page. */
  const dead = new Map<string, Set<string>>();
  const bury = ({ page, key }: Row): void => {
    dead.set(page, (dead.get(page) ?? new Set()).add(key));
  };
  const rows = createLru<Row>(parts.maxEntries, parts.maxBytes, (row) => {
    bury(row);
    parts.onEvict(row);
  });
  /** Waiting to be written, and being written. */
  const pending = new Map<string, Entry>();
  let writing = new Map<string, Entry>();
  /** Whom the private pages belong to, and whom they should. */
  let owner: string | null = null;
  let claim: string | null | undefined;
  let seen: number | undefined;
  let loading: Promise<void> | undefined;
  let isLoaded = false;
  let brokenUntil = 0;
  let readOnlyUntil = 0;
  /** Invalidations that the disk has not taken yet, and those that a load under way may not know. */
  let owed: Filter[] = [];
  const sinceLoad: Covers[] = [];

  const isBroken = (): boolean => now() < brokenUntil;

  const fail = (reason: string, error?: unknown): void => {
    if (isBroken()) return;
    brokenUntil = now() + pauseMs;
    loading = undefined;
    isLoaded = false;
    rows.deleteWhere(() => true);
    pending.clear();
    onFailure(reason, error);
  };

  const forget = (covers: Covers): boolean => {
    const isCovered = (item: Entry | Row): boolean => covers(urlOf(item.key), item.tags);
    let any = !isLoaded;
    if (!isLoaded) sinceLoad.push(covers);
    for (const map of [pending, writing]) {
      for (const entry of map.values()) if (isCovered(entry)) any = map.delete(entry.key);
    }
    // Not buried: whoever makes us forget erases them too.
    return rows.deleteWhere(isCovered).length > 0 || any;
  };

  /** Whether it may stand on the disk as it is now. */
  const isOwned = ({ key }: { readonly key: string }): boolean => {
    const place = placeIn(key);
    return place === 'public' || (owner !== null && place === placeOf(owner));
  };

  const setOwner = (next: string | null): void => {
    owner = next;
    for (const map of [pending, writing]) {
      for (const entry of map.values()) if (!isOwned(entry)) map.delete(entry.key);
    }
    rows.deleteWhere((row) => !isOwned(row));
  };

  /** Takes note of what other tabs have done since the last time. */
  const catchUp = ({ owner: current, count, log }: Meta): void => {
    if (current !== owner) {
      setOwner(current);
      parts.onOwner(current);
    }
    const missed = count - (seen ?? count);
    seen = count;
    const filters: readonly Filter[] =
      missed > log.length ? [{ all: true }] : log.slice(log.length - missed);
    for (const covers of missed > 0 ? filters.map(toCovers) : []) {
      forget(covers);
      parts.onForgotten(covers);
    }
  };

  const load = async (): Promise<void> => {
    const damaged: string[] = [];
    await transact('readonly', async (records) => {
      const [meta, pages, indexes] = await Promise.all([
        records.meta(),
        records.pages(),
        records.indexes(),
      ]);
      owner = meta.owner;
      seen = meta.count;
      const found = new Map<string, Row>();
      for (const [i, page] of pages.entries()) {
        try {
          for (const row of fromIndex(indexes[i]!, page).rows) {
            const known = found.get(row.key);
            const isNewer = !known || known.storedAt <= row.storedAt;
            if (known) bury(isNewer ? known : row);
            if (isNewer) found.set(row.key, row);
          }
        } catch (error) {
          damaged.push(page);
          onFailure('corrupt', error);
        }
      }
      for (const row of found.values()) {
        if (row.dropAt > now()) rows.set(row);
        else bury(row);
      }
    });
    isLoaded = true;
    brokenUntil = 0;
    parts.onLoad(rows.values());
    for (const covers of [...sinceLoad.splice(0), ...owed.map(toCovers)]) forget(covers);
    for (const page of damaged) dead.set(page, new Set());
    if (dead.size > 0) flushSoon();
    if (owed.length > 0) void erase();
    if (claim !== undefined && claim !== owner) void adopt(claim);
  };

  const open = (): Promise<void> =>
    (loading ??= load().catch((error: unknown) => {
      fail('unavailable', error);
    }));

  /** Waits, but not for ever: calls must not hang on a storage that does. */
  const patiently = <T>(work: Promise<T>): Promise<T | undefined> =>
    new Promise((resolve) => {
      const cancel = clock.setTimer(() => {
        fail('timeout');
        resolve(undefined);
      }, patienceMs);
      void work.then(resolve).finally(cancel);
    });

  // Reading.

  /** A transaction under way, and the pages it reads. */
  interface Reading {
    readonly ask: (page: string) => Promise<Map<string, Entry> | undefined>;
  }
  let reading: Promise<Reading> | undefined;

  const startReading = (): Promise<Reading> =>
    new Promise((resolve, reject) => {
      void transact('readonly', async (records) => {
        const meta = records.meta().then(catchUp);
        const asked = new Map<string, Promise<Map<string, Entry> | undefined>>();
        const read = async (page: string): Promise<Map<string, Entry> | undefined> => {
          const [index, record] = await Promise.all([
            records.index(page),
            records.page(page),
            meta,
          ]);
          if (index === undefined || !record) return undefined;
          const entries = fromPage(record);
          // Its table of contents says what still counts.
          const keys = new Set(fromIndex(index, page).rows.map(({ key }) => key));
          for (const key of entries.keys()) if (!keys.has(key)) entries.delete(key);
          return entries;
        };
        const ask: Reading['ask'] = (page) => {
          let answer = asked.get(page);
          if (!answer) asked.set(page, (answer = read(page)));
          return answer;
        };
        resolve({ ask });
        await meta;
        await Promise.allSettled(asked.values());
      })
        .catch(reject)
        .finally(() => {
          reading = undefined;
        });
    });

  const readRow = async (row: Row): Promise<Entry | undefined> => {
    // One transaction for what is asked in the same breath; it starts when that is over.
    const mine = (reading ??= startReading());
    let entry: Entry | undefined;
    try {
      entry = (await (await mine).ask(row.page))?.get(row.key);
    } catch (error) {
      // The transaction was that of an earlier moment.
      if ((error as Error).name === 'TransactionInactiveError') {
        if (reading === mine) reading = undefined;
        return readRow(row);
      }
      const isDamage = error instanceof SyntaxError || error instanceof TypeError;
      if (isDamage) {
        for (const lost of rows.deleteWhere(({ page }) => page === row.page)) bury(lost);
        onFailure('corrupt', error);
        flushSoon();
      } else {
        fail('read', error);
      }
      return undefined;
    }
    // It may have been invalidated, replaced or moved in the meantime.
    if (rows.get(row.key) !== row) return pending.get(row.key) ?? writing.get(row.key);
    if (!entry) rows.delete(row.key);
    return entry;
  };

  const lookUp = (key: string): Entry | undefined | Promise<Entry | undefined> => {
    const waiting = pending.get(key) ?? writing.get(key);
    if (waiting) return waiting;
    const row = rows.get(key);
    if (!row) return undefined;
    if (row.dropAt > now()) return readRow(row);
    rows.delete(key);
    bury(row);
    flushSoon();
    return undefined;
  };

  const find: Disk['find'] = (key) => {
    if (isBroken()) return undefined;
    if (isLoaded) {
      const found = lookUp(key());
      return found instanceof Promise ? patiently(found) : found;
    }
    return patiently(open().then(() => (isLoaded ? lookUp(key()) : undefined)));
  };

  // Writing.

  /** Takes dead rows out of a page's table; gives back what else is on it where the page isn't worth keeping. */
  const prune = async (
    records: Records,
    page: string,
    keys: ReadonlySet<string>,
    isSmall: boolean,
  ): Promise<Entry[]> => {
    const text = await records.index(page);
    if (text === undefined) return [];
    try {
      const { written, rows: all } = fromIndex(text, page);
      const left = all.filter(({ key }) => !keys.has(key));
      const bytes = left.reduce((sum, row) => sum + row.bytes, 0);
      if (left.length > 0 && bytes * 2 > written && !isSmall) {
        if (left.length < all.length) records.putIndex(page, toIndex(left, written));
        return [];
      }
      const stored = left.length > 0 ? await records.page(page) : undefined;
      records.deletePage(page);
      const entries = stored ? fromPage(stored) : new Map<string, Entry>();
      return left.flatMap(({ key }) => (rows.get(key)?.page === page && entries.get(key)) || []);
    } catch {
      records.deletePage(page);
      return [];
    }
  };

  /** Pages with few rows, where there are many such. */
  const smallPages = (): string[] => {
    const counts = new Map<string, number>();
    for (const { page } of rows.values()) counts.set(page, (counts.get(page) ?? 0) + 1);
    const small = [...counts].flatMap(([page, count]) => (count < smallRows ? [page] : []));
    return small.length > maxSmall ? small : [];
  };

  interface Written {
    readonly rows: readonly Row[];
    /** Pages that have been looked through for it. */
    readonly pruned: ReadonlySet<string>;
  }

  const write = async (): Promise<Written> => {
    const buried = new Map(dead);
    dead.clear();
    const small = smallPages();
    const pruned = new Set([...buried.keys(), ...small]);
    const pages = await transact('readwrite', async (records) => {
      catchUp(await records.meta());
      const moved: Entry[] = [];
      for (const page of pruned) {
        const gone = buried.get(page) ?? new Set();
        moved.push(...(await prune(records, page, gone, small.includes(page))));
      }
      // Where a newer one is being written, that one counts.
      const all = [...moved.filter(({ key }) => !writing.has(key)), ...writing.values()].filter(
        isOwned,
      );
      // Apart, so that a page can go with its owner.
      const isPublic = ({ key }: Entry): boolean => placeIn(key) === 'public';
      const groups = [all.filter(isPublic), all.filter((entry) => !isPublic(entry))];
      const written = groups.flatMap((group) => toPages(group, newId));
      for (const { id, rows: own, text, bytes } of written) {
        records.putIndex(
          id,
          toIndex(
            own,
            own.reduce((sum, row) => sum + row.bytes, 0),
          ),
        );
        records.putPage(id, { text, bytes });
      }
      return written;
    });
    return { rows: pages.flatMap((page) => page.rows), pruned };
  };

  const dropOldestHalf = (): Promise<void> =>
    transact('readwrite', async (records) => {
      const pages = await records.pages();
      const old = new Set(pages.slice(0, Math.ceil(pages.length / 2)));
      for (const page of old) records.deletePage(page);
      for (const row of rows.deleteWhere(({ page }) => old.has(page))) parts.onEvict(row);
    });

  const writeOrMakeRoom = async (): Promise<Written> => {
    try {
      return await write();
    } catch (error) {
      if ((error as Error).name !== 'QuotaExceededError') throw error;
      onFailure('quota', error);
      await dropOldestHalf();
      return write();
    }
  };

  const flushNow = async (): Promise<void> => {
    if (isBroken() || (pending.size === 0 && dead.size === 0)) return;
    await open();
    if (!isLoaded || now() < readOnlyUntil) {
      pending.clear();
      return;
    }
    writing = new Map(pending);
    pending.clear();
    try {
      const written = await writeOrMakeRoom();
      const news: Row[] = [];
      for (const row of written.rows) {
        const old = rows.get(row.key);
        if (old && !written.pruned.has(old.page)) bury(old);
        // Invalidated while it was being written, if it is no longer here.
        if (old || writing.has(row.key)) {
          rows.set(row);
          news.push(row);
        } else {
          bury(row);
        }
      }
      if (news.length > 0) parts.onWritten(news);
    } catch (error) {
      if ((error as Error).name === 'QuotaExceededError') {
        readOnlyUntil = now() + pauseMs;
        onFailure('quota', error);
      } else {
        fail('write', error);
      }
    }
    writing = new Map();
    if (dead.size > 0 || pending.size > 0) flushSoon();
  };

  let flushing: Promise<void> = Promise.resolve();
  let cancelFlush: (() => void) | undefined;
  const flush = (): Promise<void> => {
    cancelFlush?.();
    cancelFlush = undefined;
    return (flushing = flushing.then(flushNow));
  };
  const flushSoon = (): void => {
    cancelFlush ??= clock.whenIdle(() => void flush(), writeBoundMs);
  };

  const erase = async (filter?: Filter): Promise<void> => {
    if (filter) owed.push(filter);
    if (isBroken()) return;
    const filters = owed;
    owed = [];
    const tests = filters.map(toCovers);
    try {
      await transact('readwrite', async (records) => {
        const [meta, pages, indexes] = await Promise.all([
          records.meta(),
          records.pages(),
          records.indexes(),
        ]);
        catchUp(meta);
        const count = meta.count + filters.length;
        records.putMeta({ ...meta, count, log: [...meta.log, ...filters].slice(-maxLog) });
        seen = count;
        for (const [i, page] of pages.entries()) {
          try {
            const { written, rows: all } = fromIndex(indexes[i]!, page);
            const left = all.filter(
              ({ key, tags }) => !tests.some((covers) => covers(urlOf(key), tags)),
            );
            if (left.length === 0) records.deletePage(page);
            else if (left.length < all.length) records.putIndex(page, toIndex(left, written));
          } catch {
            records.deletePage(page);
          }
        }
      });
    } catch (error) {
      owed = [...filters, ...owed];
      fail('write', error);
    }
  };

  const adopt: Disk['adopt'] = async (next) => {
    claim = next;
    await open();
    if (!isLoaded || claim !== next || owner === next) return;
    try {
      await transact('readwrite', async (records) => {
        const [meta, pages, indexes] = await Promise.all([
          records.meta(),
          records.pages(),
          records.indexes(),
        ]);
        setOwner(next);
        catchUp({ ...meta, owner: next });
        if (meta.owner === next) return;
        records.putMeta({ ...meta, owner: next });
        for (const [i, page] of pages.entries()) {
          // Of its rows, all are private or none is.
          if (indexes[i]!.includes('["private:')) records.deletePage(page);
        }
      });
    } catch (error) {
      fail('write', error);
    }
  };

  return {
    find,
    put: (entry) => {
      if (isBroken() || now() < readOnlyUntil) return;
      pending.set(entry.key, entry);
      flushSoon();
    },
    forget,
    erase,
    adopt,
    learn: (news) => {
      for (const row of news) {
        const own = pending.get(row.key) ?? writing.get(row.key);
        if (!isLoaded || !isOwned(row) || (own && own.storedAt > row.storedAt)) continue;
        pending.delete(row.key);
        rows.set(row);
      }
    },
    rows: () => rows.values(),
    flush,
    open,
  };
}
