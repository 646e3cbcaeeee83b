import { toCovers, type Covers, type Filter } from '../core/filter.ts';
import type { HeaderList } from '../core/types.ts';
import { placeIn, urlOf, variantKey, type Entry, type Place } from './entry.ts';
import type { Disk } from './disk.ts';
import { createLru } from './lru.ts';
import type { Row } from './pages.ts';

/** A moment in the order of invalidations, so that what was under way at one isn't kept. */
export type Ticket = number;

export interface TieredParts {
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** The wall clock, in ms. */
  readonly now: () => number;
  /** Null where nothing is persisted. */
  readonly disk: Disk | null;
  readonly onEvict: (url: string) => void;
}

/** An entry, and where it was found. */
export interface Found {
  readonly entry: Entry;
  readonly from: 'memory' | 'store';
}

/** What became of an invalidation. */
export interface Forgotten {
  /** This tab knows, or may, of something on disk that is meant. */
  readonly isKnown: boolean;
  /** Resolves when it is off the disk, whoever wrote it. */
  readonly done: Promise<void>;
}

export interface TieredStore {
  /** Looks in memory, then on disk; a promise only where the disk has to be read. */
  readonly find: (
    primary: string,
    headers: HeaderList,
    signal: AbortSignal,
  ) => Found | undefined | Promise<Found | undefined>;
  /** An answer has been made of it: the next one comes from memory. */
  readonly used: (entry: Entry) => void;
  /** Takes in what has been read from the disk. */
  readonly take: (entry: Entry) => void;
  readonly ticket: () => Ticket;
  /** Whether an entry has been invalidated since. */
  readonly isForgotten: (ticket: Ticket, entry: Entry) => boolean;
  /** Keeps an entry, unless it has been invalidated since, or is too large for the whole. */
  readonly put: (entry: Entry, ticket: Ticket) => boolean;
  /** Forgets at once, in memory; `done` when the disk has. */
  readonly forget: (filter: Filter) => Forgotten;
  /** Forgets what another tab has invalidated, and erases from the disk. */
  readonly hear: (filter: Filter) => void;
  /** Forgets in memory what is covered; nothing of it that is on its way is kept. */
  readonly drop: (covers: Covers) => void;
  /** Takes note of what another tab has written. */
  readonly learn: (rows: readonly Row[]) => void;
  /** Takes note of what is on disk. */
  readonly note: (rows: Iterable<Row>) => void;
  /** Drops what is kept in a place, in memory. */
  readonly vacate: (place: Place) => void;
  readonly size: () => { readonly entries: number; readonly bytes: number };
}

/** What a URL's responses vary on, by the one that says so. */
type Varying = Pick<Entry, 'vary' | 'date' | 'storedAt'>;

const sweepMs = 60_000;
const maxHistory = 256;
const none: readonly string[] = [];

/** Memory in front of the disk. */
export function createTieredStore({
  maxEntries,
  maxBytes,
  now,
  disk,
  onEvict,
}: TieredParts): TieredStore {
  const memory = createLru<Entry>(maxEntries, maxBytes, ({ key }) => {
    if (!disk || placeIn(key) === 'session') onEvict(urlOf(key));
  });
  const read = new WeakSet<Entry>();
  // Of several responses that fit, the most recent by its Date counts (RFC 9111, 4), of one second the last
  // that came: so does what it varies on.
  const varies = new Map<string, Varying>();
  /** The last invalidations, newest last, and how many there have been. */
  const history: Covers[] = [];
  let count = 0;
  let sweepAt = 0;

  /** `lead`: how many ms later than what is known it must be. */
  const remember = (
    { key, vary, date, storedAt }: Varying & Pick<Entry, 'key'>,
    lead = 0,
  ): void => {
    const primary = key.split('\n', 1)[0]!;
    const known = varies.get(primary);
    if (known && (date - known.date || storedAt - known.storedAt) < lead) return;
    varies.delete(primary);
    varies.set(primary, { vary, date, storedAt });
    // Of what is no longer kept this may still tell; without it there are misses, and no more.
    if (varies.size > 4 * maxEntries) varies.delete(varies.keys().next().value!);
  };
  const isForgotten: TieredStore['isForgotten'] = (ticket, { key, tags }) => {
    const missed = count - ticket;
    // So many that some are no longer known.
    if (missed > history.length) return true;
    return history.slice(history.length - missed).some((covers) => covers(urlOf(key), tags));
  };

  const drop = (covers: Covers): void => {
    count++;
    history.push(covers);
    if (history.length > maxHistory) history.shift();
    memory.deleteWhere(({ key, tags }) => covers(urlOf(key), tags));
  };

  const keyFor = (primary: string, headers: HeaderList): string =>
    variantKey(primary, headers, varies.get(primary)?.vary ?? none);

  return {
    find: (primary, headers, signal) => {
      // Which variant it is may have changed when the disk has been read.
      const key = (): string => keyFor(primary, headers);
      const peek = (): Found | undefined => {
        const entry = memory.get(key());
        return entry && { entry, from: read.has(entry) ? 'store' : 'memory' };
      };
      const found = peek();
      if (found || !disk || placeIn(primary) === 'session') return found;
      const ready = disk.warm(key);
      return ready ? ready.then(() => (signal.aborted ? undefined : peek())) : peek();
    },
    used: (entry) => {
      read.delete(entry);
      disk?.touch(entry.key);
    },
    take: (entry) => {
      if (memory.get(entry.key)) return;
      memory.set(entry);
      read.add(entry);
    },
    ticket: () => count,
    isForgotten,
    put: (entry, ticket) => {
      if (isForgotten(ticket, entry)) return false;
      remember(entry);
      // What has expired goes now and then.
      if (now() >= sweepAt) {
        sweepAt = now() + sweepMs;
        memory.deleteWhere(({ dropAt }) => dropAt <= now());
      }
      memory.set(entry);
      if (placeIn(entry.key) !== 'session') disk?.put(entry);
      return entry.bytes <= maxBytes;
    },
    forget: (filter) => {
      const covers = toCovers(filter);
      drop(covers);
      const isKnown = disk?.forget(covers);
      // Another tab may have written it just now.
      const done = disk?.erase(filter);
      return { isKnown: isKnown ?? false, done: done ?? Promise.resolve() };
    },
    hear: (filter) => {
      drop(toCovers(filter));
      disk?.hear(filter);
    },
    drop,
    learn: (rows) => {
      const news = rows.filter(({ key, storedAt }) => {
        const own = memory.get(key);
        return !own || own.storedAt <= storedAt;
      });
      for (const row of news) {
        // One of the same moment has just been moved to another page.
        if (memory.get(row.key)?.storedAt !== row.storedAt) memory.delete(row.key);
        // Of the same moment, this tab's own is what it finds.
        remember(row, 1);
      }
      disk?.learn(news);
    },
    note: (rows) => {
      for (const row of rows) remember(row);
    },
    vacate: (place) => {
      memory.deleteWhere(({ key }) => placeIn(key) === place);
      disk?.vacate(place);
    },
    size: () => {
      const all = new Map<string, number>();
      for (const { key, bytes } of [...(disk?.rows() ?? []), ...memory.values()])
        all.set(key, bytes);
      return { entries: all.size, bytes: [...all.values()].reduce((sum, bytes) => sum + bytes, 0) };
    },
  };
}
