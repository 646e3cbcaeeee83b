import { onTestFinished } from 'vitest';
import type { CacheEvent } from '../../src/core/events.ts';
import type { CacheTerms, Call, Reply } from '../../src/core/types.ts';
import { createCache, type Cache } from '../../src/layers/cache.ts';
import { createDatabase } from '../../src/store/indexeddb.ts';
import { createSharedStore, type SharedStore } from '../../src/store/shared-store.ts';
import { aCall, bytesOf, textOf } from './calls.ts';
import { fakeBrowser, type FakeBrowser, type FakeTab } from './fake-browser.ts';
import type { SeenTransaction } from './fake-storage.ts';

export const databaseName = 'carpool https://app.test/batch';
const origin = 'https://app.test';
const seconds = 1000;
const terms: CacheTerms = { mode: 'default', ttlMs: undefined, tags: [], credentialed: false };

/** What the server answers; the body is the path's unless given. */
export interface Answer {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Until it comes, nothing does. */
  readonly after?: Promise<unknown>;
}

export interface StoredCacheParts {
  readonly who?: string | null;
  readonly maxEntries?: number;
  readonly maxBytes?: number;
  readonly answer?: (path: string) => Answer;
}

/** One tab's cache on the disk that all tabs of a browser share. */
export interface StoredCache extends Pick<Cache, 'invalidate' | 'wrote'> {
  readonly tab: FakeTab;
  readonly store: SharedStore;
  /** Whom the tab speaks for. */
  who: string | null;
  isOnline: boolean;
  /** Paths that have been asked of the server. */
  readonly asked: string[];
  /** What has been told of the storage. */
  readonly failures: string[];
  /** Paths that have been given up for want of room. */
  readonly evicted: string[];
  /** How many windows are held open. */
  readonly held: () => number;
  readonly ask: (path: string, given?: Partial<Call>) => Promise<Reply>;
  /**
   * Asks for all in one task, and says what each call has come to when nothing moves any more: where its
   * answer is from (`memory`, `store`, `server`, or `stale` and one of these), or `waiting`.
   */
  readonly from: (...paths: readonly string[]) => Promise<string[]>;
  /** Asks for all, and has the answers written together. */
  readonly keep: (...paths: readonly string[]) => Promise<void>;
  /** Asks the server for all, whatever is kept of them. */
  readonly reload: (...paths: readonly string[]) => Promise<void>;
  readonly flush: () => Promise<void>;
  /** Transactions since the last time. */
  readonly transactions: () => SeenTransaction[];
}

/** A browser that is gone after the test. */
export function aBrowser(parts?: Parameters<typeof fakeBrowser>[0]): FakeBrowser {
  const browser = fakeBrowser(parts);
  onTestFinished(browser.restore);
  return browser;
}

/** A tab of it whose cache keeps for a minute what its server says nothing of; calls carry no credentials. */
export function aStoredCache(browser: FakeBrowser, parts: StoredCacheParts = {}): StoredCache {
  const { who = null, maxEntries = 100, maxBytes = 1_000_000, answer = (): Answer => ({}) } = parts;
  const { now, settle } = browser;
  const tab = browser.openTab();
  const { clock } = tab;
  const pathOf = (url: string): string => url.replace(origin, '');
  const asked: string[] = [];
  const failures: string[] = [];
  const evicted: string[] = [];
  let held = 0;
  let seen = 0;
  /** Of calls under way, by URL: what the last one has come to. */
  const sources = new Map<string, string>();
  const isOnline = (): boolean => self.isOnline;

  const store = tab.run(() =>
    createSharedStore({
      options: { maxEntries, maxBytes },
      name: databaseName,
      database: createDatabase(tab.nameOf(databaseName)),
      whose: () => self.who,
      clock,
      now,
      isOnline,
      hold: () => {
        held++;
        return () => {
          held--;
        };
      },
      onEvict: (url) => evicted.push(pathOf(url)),
      onForgotten: () => {},
      onFailure: (reason) => failures.push(reason),
    }),
  );
  const { layer, invalidate, wrote } = createCache({
    options: { ttlMs: 60 * seconds, swrMs: 0, sieMs: 0, maxBytes, timeoutMs: 30 * seconds },
    store,
    clock,
    now,
    isOnline,
    findRule: () => undefined,
    baseUrl: () => origin,
    tell: ({ url, outcome, from }: CacheEvent) => {
      if (outcome === 'hit') sources.set(url, String(from));
      if (outcome === 'stale') sources.set(url, `stale ${String(from)}`);
    },
  });
  const handle = layer(async ({ url, priority }) => {
    const path = pathOf(url);
    asked.push(path);
    // No call waits for a refresh.
    if (priority !== 'low') sources.set(url, 'server');
    const { headers = {}, body = path, after } = answer(path);
    await after;
    return {
      status: 200,
      statusText: 'OK',
      headers: Object.entries(headers),
      body: bytesOf(body),
      url,
      redirected: false,
    };
  });

  const ask: StoredCache['ask'] = (path, given = {}) => {
    const call = aCall({
      url: origin + path,
      who: self.who,
      credentials: 'omit',
      cache: terms,
      ...given,
    });
    return tab.run(() => handle(call));
  };

  const flush = async (): Promise<void> => {
    void tab.run(() => store.flush());
    await settle();
  };

  const self: StoredCache = {
    tab,
    store,
    who,
    isOnline: true,
    asked,
    failures,
    evicted,
    invalidate: (what) => tab.run(() => invalidate(what)),
    wrote,
    held: () => held,
    ask,
    from: async (...paths) => {
      const states = paths.map(() => 'waiting');
      for (const [i, path] of paths.entries()) {
        void ask(path).then(
          () => {
            states[i] = sources.get(origin + path)!;
          },
          () => {
            states[i] = 'failed';
          },
        );
      }
      await settle();
      return states;
    },
    keep: async (...paths) => {
      for (const path of paths) void ask(path);
      await settle();
      await flush();
    },
    reload: async (...paths) => {
      const cache: Call['cache'] = { ...terms, mode: 'reload' };
      for (const path of paths) void ask(path, { cache });
      await settle();
    },
    flush,
    transactions: () => tab.transactions.slice(seen, (seen = tab.transactions.length)),
  };
  return self;
}

/** A reply's body. */
export const bodyOf = ({ body }: Reply): string | null => textOf(body);

/** The keys of what the disk holds, after `change`: tables of contents, what the tabs agree on, pages. */
export async function recordsOn(
  { storage, settle }: FakeBrowser,
  change: (store: IDBObjectStore) => void = () => {},
): Promise<string[]> {
  let keys: string[] = [];
  const opened = storage.factory.open(databaseName);
  opened.onupgradeneeded = () => opened.result.createObjectStore('pages');
  opened.onsuccess = () => {
    const transaction = opened.result.transaction('pages', 'readwrite');
    const store = transaction.objectStore('pages');
    change(store);
    const all = store.getAllKeys();
    transaction.oncomplete = () => {
      keys = all.result as string[];
      opened.result.close();
    };
  };
  await settle();
  return keys;
}
