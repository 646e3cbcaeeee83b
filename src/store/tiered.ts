import { toCovers, type Covers, type Filter } from '../core/filter.ts';
import type { HeaderList } from '../core/types.ts';
import { placeIn, urlOf, variantKey, type Entry, type Place } from './entry.ts';
import type { Disk } from './disk.ts';
import { createLru } from './lru.ts';
import type { Row } from './pages.ts';

/** Notes what is invalidated from its beginning on, so that what was under way then isn't kept. */
export type Ticket = Covers[];

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

export interface TieredStore {
  /** Looks in memory, then on disk; a promise only where the disk has to be read. */
  readonly find: (
    primary: string,
    headers: HeaderList,
  ) => Found | undefined | Promise<Found | undefined>;
  /** Looks in memory only. */
  readonly peek: (primary: string, headers: HeaderList) => Entry | undefined;
  readonly begin: () => Ticket;
  readonly end: (ticket: Ticket) => void;
  /** Whether an entry has been invalidated since `ticket` began. */
  readonly isForgotten: (ticket: Ticket, entry: Entry) => boolean;
  /** Keeps an entry, unless it has been invalidated since `ticket` began. */
  readonly put: (entry: Entry, ticket: Ticket) => boolean;
  /** Forgets at once, in memory; resolves when the disk has. The result is undefined where it has nothing to do. */
  readonly forget: (filter: Filter, isThorough: boolean) => Promise<void> | undefined;
  /** Forgets in memory what another tab has invalidated. */
  readonly hear: (covers: Covers) => void;
  /** Takes note of what another tab has written. */
  readonly learn: (rows: readonly Row[]) => void;
  /** Takes note of what is on disk. */
  readonly note: (rows: Iterable<Row>) => void;
  /** Drops what is kept in a place, in memory; without one, all of it. */
  readonly vacate: (place?: Place) => void;
  readonly size: () => { readonly entries: number; readonly bytes: number };
}

const sweepMs = 60_000;
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
  // Of several responses that fit, the most recent by its Date counts (RFC 9111, 4): so does what it varies on.
  const varies = new Map<string, { readonly vary: readonly string[]; readonly date: number }>();
  const tickets = new Set<Ticket>();
  let sweepAt = 0;

  const remember = ({ key, vary, date }: Pick<Entry, 'key' | 'vary' | 'date'>): void => {
    const primary = key.split('\n', 1)[0]!;
    const known = varies.get(primary);
    if ((!known && vary.length === 0) || (known && known.date > date)) return;
    varies.delete(primary);
    varies.set(primary, { vary, date });
    // Of what is no longer kept this may still tell; without it there are misses, and no more.
    if (varies.size > 4 * maxEntries) varies.delete(varies.keys().next().value!);
  };
  const begin = (): Ticket => {
    const ticket: Ticket = [];
    tickets.add(ticket);
    return ticket;
  };
  const end = (ticket: Ticket): void => {
    tickets.delete(ticket);
  };
  const isForgotten = (ticket: Ticket, { key, tags }: Entry): boolean =>
    ticket.some((covers) => covers(urlOf(key), tags));

  const hear = (covers: Covers): void => {
    for (const ticket of tickets) ticket.push(covers);
    memory.deleteWhere(({ key, tags }) => covers(urlOf(key), tags));
  };

  const readDisk = async (
    reading: Promise<Entry | undefined>,
    key: () => string,
  ): Promise<Found | undefined> => {
    const ticket = begin();
    const entry = await reading;
    end(ticket);
    // Somebody may have been faster.
    const known = memory.get(key());
    if (known) return { entry: known, from: 'memory' };
    if (!entry || isForgotten(ticket, entry)) return undefined;
    memory.set(entry);
    return { entry, from: 'store' };
  };

  const keyFor = (primary: string, headers: HeaderList): string =>
    variantKey(primary, headers, varies.get(primary)?.vary ?? none);
  const peek: TieredStore['peek'] = (primary, headers) => memory.get(keyFor(primary, headers));

  return {
    peek,
    find: (primary, headers) => {
      const entry = peek(primary, headers);
      if (entry) return { entry, from: 'memory' };
      const key = (): string => keyFor(primary, headers);
      const reading = placeIn(primary) === 'session' ? undefined : disk?.find(key);
      if (reading instanceof Promise) return readDisk(reading, key);
      return reading && { entry: reading, from: 'memory' };
    },
    begin,
    end,
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
      return true;
    },
    forget: (filter, isThorough) => {
      const covers = toCovers(filter);
      hear(covers);
      // What isn't on disk need not be removed there; but another tab may have written it just now.
      return disk && (disk.forget(covers) || isThorough) ? disk.erase(filter) : undefined;
    },
    hear: (covers) => {
      hear(covers);
      disk?.forget(covers);
    },
    learn: (rows) => {
      const news = rows.filter(({ key, storedAt }) => {
        const own = memory.get(key);
        return !own || own.storedAt < storedAt;
      });
      for (const row of news) {
        memory.delete(row.key);
        remember(row);
      }
      disk?.learn(news);
    },
    note: (rows) => {
      for (const row of rows) remember(row);
    },
    vacate: (place) => {
      memory.deleteWhere(({ key }) => place === undefined || placeIn(key) === place);
    },
    size: () => {
      const all = new Map<string, number>();
      for (const { key, bytes } of [...(disk?.rows() ?? []), ...memory.values()])
        all.set(key, bytes);
      return { entries: all.size, bytes: [...all.values()].reduce((sum, bytes) => sum + bytes, 0) };
    },
  };
}
