import type { CacheEvent } from '../../../src/core/events.ts';
import type { Handler, Layer, Signal } from '../../../src/core/types.ts';
import { createCache, type Cache } from '../../../src/layers/cache.ts';
import { createDatabase } from '../../../src/store/indexeddb.ts';
import { createSharedStore, type SharedStore } from '../../../src/store/shared-store.ts';
import { fakeBrowser, type FakeBrowser, type FakeTab } from '../../support/fake-browser.ts';
import { createExpectations, type Expectations } from './expectations.ts';
import { createReference, type Reference } from './reference.ts';
import { createServer, type Server } from './server.ts';
import { findRule, type Story } from './steps.ts';

export const silence = { ttlMs: 20_000, swrMs: 5000, sieMs: 40_000 };
export const databaseName = 'carpool https://app.test/batch';
const maxBytes = 1_000_000;

/** A tab and its cache. */
export interface Slot {
  readonly id: number;
  readonly tab: FakeTab;
  readonly store: SharedStore;
  readonly cache: Cache;
  readonly handle: Handler;
  readonly openedAt: number;
  readonly failures: string[];
  /** What its cache has told in this step of answers from what it keeps. */
  readonly hits: { readonly url: string; readonly from: string | undefined }[];
  /** Whom it speaks for; undefined where that can't be told. */
  who: string | null | undefined;
  isAsleep: boolean;
}

/** Everything that a story plays in, the real and the reference. */
export interface World {
  readonly browser: FakeBrowser;
  readonly server: Server;
  readonly reference: Reference;
  readonly expectations: Expectations;
  /** What is wrong so far. */
  readonly wrong: string[];
  readonly slots: Slot[];
  readonly hasChannels: boolean;
  isOnline: boolean;
  /** Whether the storage fails at present, and whether it has ever. */
  isFailing: boolean;
  hasFailed: boolean;
  /** Messages between tabs may have been lost. */
  isLossy: boolean;
  /** Windows that the cache keeps open. */
  holds: number;
  /** The request that the next step makes lands at once. */
  isHasty: boolean;
  /** Calls that have gone to the server on their own behalf. */
  readonly flown: Set<Signal>;
}

export const createWorld = ({ hasChannels }: Pick<Story, 'hasChannels'>): World => {
  const reference = createReference(silence);
  return {
    browser: fakeBrowser({ hasChannels }),
    server: createServer(),
    reference,
    expectations: createExpectations(reference),
    wrong: [],
    slots: [],
    hasChannels,
    isOnline: true,
    isFailing: false,
    hasFailed: false,
    isLossy: !hasChannels,
    holds: 0,
    isHasty: false,
    flown: new Set(),
  };
};

/** Opens a tab on the world's database; `onTop` is what is above its network. */
export function openSlot(
  world: World,
  who: Slot['who'],
  maxEntries: number,
  network: (slot: Slot) => Handler,
): Slot {
  const { browser, reference } = world;
  const { now } = browser;
  const id = reference.tick();
  reference.openTab(id);
  const tab = browser.openTab(() => reference.transact(id));
  const { clock } = tab;
  const isOnline = (): boolean => world.isOnline;
  const hold = (): (() => void) => {
    world.holds++;
    return () => {
      world.holds--;
    };
  };
  const storeParts = {
    options: { maxEntries, maxBytes },
    name: databaseName,
    whose: () => {
      reference.identify(id, slot.who);
      if (slot.who === undefined) world.expectations.forgetTab(id);
      return slot.who;
    },
    clock,
    now,
    isOnline,
    hold,
    onEvict: () => {},
    onForgotten: () => {},
    onFailure: (reason: string, error?: unknown) => {
      if (tab.isOver() || reason === 'revoked') return;
      slot.failures.push(`${reason}: ${String(error)}`);
      reference.refuse(id);
    },
  };
  const store = tab.run(() =>
    createSharedStore({ ...storeParts, database: createDatabase(tab.nameOf(databaseName)) }),
  );
  const cacheParts = {
    options: { ...silence, maxBytes, timeoutMs: 30_000 },
    store,
    clock,
    now,
    isOnline,
    hold,
    findRule,
    baseUrl: () => 'https://app.test/',
    tell: ({ url, outcome, from }: CacheEvent) => {
      if (outcome === 'hit' || outcome === 'stale') slot.hits.push({ url, from });
    },
  };
  const cache = createCache(cacheParts);
  const layer: Layer = cache.layer;
  const slot: Slot = {
    id,
    tab,
    store,
    cache,
    handle: layer((call) => network(slot)(call)),
    openedAt: id,
    failures: [],
    hits: [],
    who,
    isAsleep: false,
  };
  return slot;
}
