import type { ReadSet } from './workload.ts';

/** Reads entries out of a store. */
export interface Reader {
  /** Resolves to the entries' data, in the order of ids. */
  readonly read: (set: ReadSet) => Promise<readonly unknown[]>;
  /** Lets go of the store. @throws Error if it has not been read from as it should */
  readonly close?: () => Promise<void>;
}

/** A way to keep entries, and to get a hundred of them back. */
export interface Contender {
  readonly name: string;
  /** Stores all entries, as the application would; absent where another contender's fill will do. */
  readonly fill?: (sets: readonly ReadSet[]) => Promise<void>;
  /** A fresh handle on what is stored, not opened yet, and with nothing in memory. */
  readonly create: () => Reader;
}
