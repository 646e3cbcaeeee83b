import { createStore, promisifyRequest, type UseStore } from 'idb-keyval';
import type { Filter } from '../core/filter.ts';
import type { Page } from './pages.ts';

/** What all tabs agree on; read and written with whatever it decides about. */
export interface Meta {
  /** The identity that the private pages belong to. */
  readonly owner: string | null;
  /** How often they have changed hands: who comes back finds nothing of what was his. */
  readonly reign: number;
  /** How often something has been invalidated, and the last times, newest last. */
  readonly count: number;
  readonly log: readonly Filter[];
  /** Tells this database from one that stood here before somebody cleared it; empty while there is none. */
  readonly born: string;
}

/** One page's texts and bytes, or whatever else stands there. */
type Stored = Pick<Page, 'texts' | 'bytes'> | undefined;

/** The records, within one transaction. */
export interface Records {
  readonly meta: () => Promise<Meta>;
  readonly putMeta: (meta: Meta) => void;
  /** Ids of pages, oldest first. */
  readonly pages: () => Promise<string[]>;
  /** A page's table of contents. */
  readonly index: (page: string) => Promise<string | undefined>;
  /** All of them, in the order of `pages`. */
  readonly indexes: () => Promise<string[]>;
  readonly page: (page: string) => Promise<Stored>;
  readonly putIndex: (page: string, index: string) => void;
  readonly putPage: (page: string, stored: NonNullable<Stored>) => void;
  readonly deletePage: (page: string) => void;
}

/** Runs `body` in one transaction, which takes effect as a whole or not at all. */
export type Transact = <T>(
  mode: IDBTransactionMode,
  body: (records: Records) => Promise<T>,
) => Promise<T>;

export interface Database {
  readonly transact: Transact;
  /** Closes the connection; a later transaction opens another, for itself. */
  readonly close: () => void;
}

const pages = 'pages';
const metaKey = 'meta';
const indexKey = 'i';
const pageKey = 'p';
const noMeta: Meta = { owner: null, reign: 0, count: 0, log: [], born: '' };

function recordsOf(store: IDBObjectStore): Records {
  const indexes = IDBKeyRange.bound(indexKey, `${indexKey}\uffff`);
  const get = <T>(key: string): Promise<T> => promisifyRequest<T>(store.get(key));
  return {
    meta: async () => {
      const meta = await get<Meta | undefined>(metaKey);
      return Array.isArray(meta?.log) ? { ...noMeta, ...meta } : noMeta;
    },
    putMeta: (meta) => store.put(meta, metaKey),
    pages: async () => {
      const keys = await promisifyRequest(store.getAllKeys(indexes));
      return keys.map((key) => String(key).slice(1));
    },
    index: (page) => get(indexKey + page),
    indexes: () => promisifyRequest(store.getAll(indexes)),
    page: (page) => {
      const request: IDBRequest<Stored> = store.get(pageKey + page);
      // A page that can't be read must not take along the transaction that others are read in.
      request.addEventListener('error', (event) => {
        event.preventDefault();
      });
      return promisifyRequest(request);
    },
    putIndex: (page, index) => store.put(index, indexKey + page),
    putPage: (page, stored) => store.put(stored, pageKey + page),
    deletePage: (page) => {
      store.delete(indexKey + page);
      store.delete(pageKey + page);
    },
  };
}

/**
 * Opens a database of pages, at the first transaction; one that the browser or another tab has closed
 * is opened again.
 *
 * @throws (from a transaction) what IndexedDB says.
 */
export function createDatabase(name: string): Database {
  const open = (): UseStore => createStore(name, pages);
  let use = open();
  /** The connection, once there is one. */
  let known: IDBDatabase | undefined;
  let isClosed = false;
  const close = (): void => {
    known?.close();
    known = undefined;
    use = open();
  };
  const attempt: Transact = (mode, body) => {
    const run = async (store: IDBObjectStore): Promise<Awaited<ReturnType<typeof body>>> => {
      const { transaction } = store;
      known = transaction.db;
      // Who wants to delete or upgrade the database need not wait for this page to go.
      known.onversionchange = close;
      const done = mode === 'readwrite' ? promisifyRequest(transaction) : undefined;
      done?.catch(() => {});
      try {
        const result = await body(recordsOf(store));
        // A page that goes away takes along what isn't committed.
        if (done) transaction.commit();
        await done;
        return result;
      } catch (error) {
        try {
          transaction.abort();
        } catch {
          // It has ended by itself.
        }
        // What a request failed with may be but the echo of why the transaction did.
        throw transaction.error ?? error;
      } finally {
        // What was being opened at that time.
        if (isClosed) close();
      }
    };
    // At once, where that can be: the storage is at work while the page goes on asking.
    return known ? run(known.transaction(pages, mode).objectStore(pages)) : use(mode, run);
  };
  const transact: Transact = async (mode, body) => {
    const used = use;
    try {
      return await attempt(mode, body);
    } catch (error) {
      // WebKit has another name for a connection that it has closed.
      if (!/^(?:InvalidState|Unknown)Error$/.test((error as Error).name)) throw error;
      // Another transaction may have found out before: then there is a new one, or it is being opened.
      if (use === used) close();
      return attempt(mode, body);
    }
  };
  return {
    transact,
    close: () => {
      isClosed = true;
      close();
    },
  };
}
