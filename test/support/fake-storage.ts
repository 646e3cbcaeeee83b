import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';

/**
 * What goes wrong: opening (which fails, or is refused), every transaction, those that write, those that
 * write pages, or the reading of a page.
 */
export type Fault = 'open' | 'refuse' | 'abort' | 'full' | 'quota' | 'unreadable';

/** One transaction, as the test sees it. */
export interface SeenTransaction {
  readonly mode: IDBTransactionMode;
  /** Keys of what it has read, '*' for all, and of what it has put or deleted. */
  readonly read: string[];
  readonly written: string[];
  readonly transaction: IDBTransaction;
}

/** One tab's view of the storage. */
export interface TabStorage {
  readonly open: (name: string, version?: number) => IDBOpenDBRequest;
  readonly transactions: SeenTransaction[];
  /** The browser closes the tab's connections. */
  readonly cut: () => void;
  /** The tab has gone: what isn't committed is undone, and nothing it asks is answered. */
  readonly end: (isCommitLost: boolean) => void;
}

export interface FakeStorage {
  /** What goes wrong, how many times more, beginning after how many more. */
  fail: (fault: Fault, times?: number) => void;
  readonly heal: () => void;
  /** The storage itself, which never fails. */
  readonly factory: IDBFactory;
  /** What stands in a database of one store, without a transaction. */
  readonly contents: (name: string) => Map<string, unknown>;
  readonly join: (onComplete?: () => () => void) => TabStorage;
}

/** What fake-indexeddb has, but doesn't show. */
interface Inside {
  readonly _state: 'active' | 'inactive' | 'committing' | 'finished';
  readonly _abort: (name: string | null) => void;
}
interface InsideFactory {
  readonly _databases: Map<
    string,
    {
      readonly rawObjectStores: Map<
        string,
        { readonly records: { readonly values: () => Iterable<{ key: string; value: unknown }> } }
      >;
    }
  >;
}
const inside = (transaction: IDBTransaction): Inside => transaction as unknown as Inside;

const keyText = (key: unknown): string =>
  typeof key === 'string' ? key : ((key as IDBKeyRange | null)?.lower as string) + '*';

/** IndexedDB in memory, which fails as the test says; each tab has its own way to it. */
export function fakeStorage(): FakeStorage {
  const factory = new IDBFactory();
  let fault: Fault | undefined;
  let timesLeft = 0;
  const isDue = (): boolean => {
    if (fault === undefined || timesLeft === 0) return false;
    timesLeft--;
    return true;
  };

  const spoil = ({ transaction, mode, written }: SeenTransaction): void => {
    if (fault === 'abort' && isDue()) {
      setImmediate(() => {
        if (inside(transaction)._state !== 'finished') inside(transaction)._abort('UnknownError');
      });
      return;
    }
    if (mode !== 'readwrite') return;
    const commit = transaction.commit.bind(transaction);
    transaction.commit = () => {
      const isTooMuch = fault === 'full' || written.some((key) => key.startsWith('p'));
      if ((fault === 'full' || fault === 'quota') && isTooMuch && isDue()) {
        inside(transaction)._abort('QuotaExceededError');
      } else {
        commit();
      }
    };
  };

  /** A request that fails in place of `real`, and its transaction with it unless somebody prevents that. */
  const failing = (real: IDBRequest, transaction: IDBTransaction): IDBRequest => {
    const name = 'NotReadableError';
    const request = Object.assign(new EventTarget(), {
      error: new DOMException('the file has gone', name),
      onerror: null as ((event: Event) => void) | null,
    });
    real.addEventListener('success', () => {
      const event = new Event('error', { cancelable: true });
      request.dispatchEvent(event);
      request.onerror?.(event);
      if (!event.defaultPrevented) inside(transaction)._abort(name);
    });
    return request as unknown as IDBRequest;
  };

  /** Notes what a transaction reads and writes. */
  const watch = (seen: SeenTransaction): void => {
    const { transaction, read, written } = seen;
    const objectStore = transaction.objectStore.bind(transaction);
    transaction.objectStore = (name) => {
      const store = objectStore(name);
      const { get, getAll, getAllKeys, put, delete: remove } = store;
      return Object.assign(store, {
        get: (key: IDBValidKey) => {
          read.push(keyText(key));
          const request = get.call(store, key);
          const isPage = keyText(key).startsWith('p');
          return fault === 'unreadable' && isPage && isDue()
            ? failing(request, transaction)
            : request;
        },
        getAll: (range?: IDBKeyRange) => {
          read.push(keyText(range));
          return getAll.call(store, range);
        },
        getAllKeys: (range?: IDBKeyRange) => {
          read.push(keyText(range));
          return getAllKeys.call(store, range);
        },
        put: (value: unknown, key: IDBValidKey) => {
          written.push(keyText(key));
          return put.call(store, value, key);
        },
        delete: (key: IDBValidKey) => {
          written.push(keyText(key));
          return remove.call(store, key);
        },
      });
    };
  };

  const join: FakeStorage['join'] = (onComplete = () => () => {}) => {
    const transactions: SeenTransaction[] = [];
    const connections = new Set<IDBDatabase>();
    let isOver = false;

    const abortAll = (isCommitLost: boolean): void => {
      for (const { transaction } of transactions) {
        const { _state: state } = inside(transaction);
        const isOpen = state === 'active' || state === 'inactive';
        if (isOpen || (state === 'committing' && isCommitLost)) inside(transaction)._abort(null);
      }
    };

    const adopt = (db: IDBDatabase): void => {
      connections.add(db);
      const open = db.transaction.bind(db);
      db.transaction = (names, mode = 'readonly', options) => {
        const transaction = open(names, mode, options);
        const seen: SeenTransaction = { mode, read: [], written: [], transaction };
        transactions.push(seen);
        const completed = onComplete();
        transaction.addEventListener('complete', () => {
          if (!isOver) completed();
        });
        watch(seen);
        spoil(seen);
        return transaction;
      };
    };

    const openDatabase = (name: string, version?: number): IDBOpenDBRequest => {
      // Nobody is there to hear the answer.
      if (isOver) return {} as IDBOpenDBRequest;
      if (fault === 'refuse' && isDue()) throw new DOMException('not here', 'SecurityError');
      if (fault === 'open' && isDue()) {
        const request = {
          error: new DOMException('no access', 'UnknownError'),
        } as unknown as IDBOpenDBRequest;
        setImmediate(() => request.onerror?.(new Event('error')));
        return request;
      }
      const request = factory.open(name, version);
      request.addEventListener('success', (event) => {
        const db = request.result;
        if (isOver) {
          event.stopImmediatePropagation();
          db.close();
        } else {
          adopt(db);
        }
      });
      return request;
    };

    return {
      open: openDatabase,
      transactions,
      cut: () => {
        abortAll(true);
        for (const db of connections) forceCloseDatabase(db as never);
        connections.clear();
      },
      end: (isCommitLost) => {
        isOver = true;
        abortAll(isCommitLost);
        for (const db of connections) db.close();
      },
    };
  };

  return {
    fail: (next, times = Infinity) => {
      [fault, timesLeft] = [next, times];
    },
    heal: () => {
      fault = undefined;
    },
    factory,
    contents: (name) => {
      const database = (factory as unknown as InsideFactory)._databases.get(name);
      const [store] = database?.rawObjectStores.values() ?? [];
      return new Map([...(store?.records.values() ?? [])].map(({ key, value }) => [key, value]));
    },
    join,
  };
}
