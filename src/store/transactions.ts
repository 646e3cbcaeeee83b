import { toCovers, type Filter } from '../core/filter.ts';
import { placeIn, urlOf, type Entry } from './entry.ts';
import type { Meta, Records } from './indexeddb.ts';
import { fromIndex, fromPage, createLists, toIndex, toPages, type Row } from './pages.ts';

// What is done within one transaction; none of it knows what the tab knows.

// How many invalidations a tab may miss and still learn which they were.
const maxLog = 256;

/** What the tabs agree on, changed; of a database of its own, if it is the first that is. */
const change = (meta: Meta, what: Partial<Meta>): Meta => ({
  ...meta,
  born: meta.born || String(Math.random()),
  ...what,
});

/** All tables of contents: what counts, and what is left over or can't be read. */
export interface Directory {
  readonly meta: Meta;
  readonly rows: Iterable<Row>;
  /** Rows of which another page has a newer one. */
  readonly doubles: readonly Row[];
  /** Pages whose table is damaged, each with the reason. */
  readonly damaged: ReadonlyMap<string, unknown>;
}

const tables = async (records: Records): Promise<[Meta, string[], string[]]> =>
  Promise.all([records.meta(), records.pages(), records.indexes()]);

export async function readDirectory(records: Records): Promise<Directory> {
  const [meta, pages, indexes] = await tables(records);
  const rows = new Map<string, Row>();
  const doubles: Row[] = [];
  const damaged = new Map<string, unknown>();
  for (const [i, page] of pages.entries()) {
    try {
      for (const row of fromIndex(indexes[i]!, page).rows) {
        const known = rows.get(row.key);
        const isNewer = !known || known.storedAt <= row.storedAt;
        if (known) doubles.push(isNewer ? known : row);
        // In the order in which they came.
        if (isNewer) rows.delete(row.key);
        if (isNewer) rows.set(row.key, row);
      }
    } catch (error) {
      damaged.set(page, error);
    }
  }
  return { meta, rows: rows.values(), doubles, damaged };
}

/** Reads a page: what gives a row's response if its table of contents still lists it; undefined if it has gone. */
export async function readPage(
  records: Records,
  page: string,
): Promise<((row: Row) => Entry | undefined) | undefined> {
  const [index, record] = await Promise.all([records.index(page), records.page(page)]);
  if (index === undefined || !record) return undefined;
  const lists = createLists(index);
  return (row) => (lists(row.key) ? fromPage(record, row) : undefined);
}

/** Removes what the filters cover, and notes them for tabs that haven't heard; returns the new meta. */
export async function erase(records: Records, filters: readonly Filter[]): Promise<Meta> {
  const [meta, pages, indexes] = await tables(records);
  const tests = filters.map(toCovers);
  const log = [...meta.log, ...filters].slice(-maxLog);
  const next = change(meta, { log, count: meta.count + filters.length });
  records.putMeta(next);
  for (const [i, page] of pages.entries()) {
    try {
      const { written, rows } = fromIndex(indexes[i]!, page);
      const left = rows.filter(({ key, tags }) => !tests.some((test) => test(urlOf(key), tags)));
      if (left.length === 0) records.deletePage(page);
      else if (left.length < rows.length) records.putIndex(page, toIndex(left, written));
    } catch {
      records.deletePage(page);
    }
  }
  return next;
}

/**
 * Makes the private pages `owner`'s, and deletes them if they were somebody else's, or of one who has gone; where
 * that is nobody, only those of one who has gone. Returns what counts from now on.
 */
export async function giveTo(
  records: Records,
  owner: string | null,
  hasGone: (who: string) => boolean,
): Promise<Meta> {
  const meta = await records.meta();
  // A database that has just been cleared knows of nobody: that he has gone is noted, since he may come back.
  const isLeft = meta.owner === null ? meta.reign === 0 : hasGone(meta.owner);
  if (!isLeft && (owner === null || meta.owner === owner)) return meta;
  const [pages, indexes] = await Promise.all([records.pages(), records.indexes()]);
  const next = change(meta, { owner, reign: meta.reign + 1 });
  records.putMeta(next);
  for (const [i, page] of pages.entries()) {
    // Of a page's rows, all are private or none is.
    if (/^\[\d+,\["private:/.test(String(indexes[i]))) records.deletePage(page);
  }
  return next;
}

/** Deletes the oldest half of the pages, and returns which. */
export async function dropOldestHalf(records: Records): Promise<ReadonlySet<string>> {
  const pages = await records.pages();
  const old = pages.slice(0, Math.ceil(pages.length / 2));
  for (const page of old) records.deletePage(page);
  return new Set(old);
}

/**
 * Takes rows out of a page's table of contents. Where little is left, or the page is small, deletes it
 * and gives back the responses that are still good, to be written elsewhere.
 */
async function prune(
  records: Records,
  page: string,
  keys: ReadonlySet<string>,
  isSmall: boolean,
): Promise<Entry[]> {
  try {
    const text = await records.index(page);
    if (text === undefined) return [];
    const { written, rows } = fromIndex(text, page);
    const left = rows.filter(({ key }) => !keys.has(key));
    const bytes = left.reduce((sum, row) => sum + row.bytes, 0);
    if (left.length > 0 && bytes * 2 > written && !isSmall) {
      if (left.length < rows.length) records.putIndex(page, toIndex(left, written));
      return [];
    }
    const stored = left.length > 0 ? await records.page(page) : undefined;
    records.deletePage(page);
    return stored ? left.flatMap((row) => fromPage(stored, row) ?? []) : [];
  } catch {
    records.deletePage(page);
    return [];
  }
}

/** What to write, and what to take out on the way. */
export interface Change {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Keys that no longer count, by page. */
  readonly dead: ReadonlyMap<string, ReadonlySet<string>>;
  /** Pages that are worth being put together. */
  readonly small: ReadonlySet<string>;
  /** Whether what stands on a page is what counts. */
  readonly counts: (key: string, page: string) => boolean;
  /** Whether it may be on the disk as it is now. */
  readonly isOwned: (entry: Entry) => boolean;
  readonly newId: () => string;
}

/** Writes pages; returns their rows. */
export async function write(
  records: Records,
  { entries, dead, small, counts, isOwned, newId }: Change,
): Promise<Row[]> {
  const moved: Entry[] = [];
  for (const page of new Set([...dead.keys(), ...small])) {
    const left = await prune(records, page, dead.get(page) ?? new Set(), small.has(page));
    // Where a newer one is being written, that one counts.
    moved.push(...left.filter(({ key }) => counts(key, page) && !entries.has(key)));
  }
  const all = [...moved, ...entries.values()].filter(isOwned);
  // Apart, so that a page can go with its owner.
  const isPublic = ({ key }: Entry): boolean => placeIn(key) === 'public';
  const groups = [all.filter(isPublic), all.filter((entry) => !isPublic(entry))];
  return groups
    .flatMap((group) => toPages(group, newId))
    .flatMap(({ id, rows, texts, bytes }) => {
      records.putIndex(
        id,
        toIndex(
          rows,
          rows.reduce((sum, row) => sum + row.bytes, 0),
        ),
      );
      records.putPage(id, { texts, bytes });
      return rows;
    });
}
