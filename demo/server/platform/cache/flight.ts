import type { Source } from './statistics.ts';

/** What is stored: the value, and when it came. */
export interface Entry<T> {
  readonly value: T;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

/** What a look-up found. */
export interface Found<T> {
  readonly value: T;
  readonly source: Source;
  /** How long it stays fresh; negative for how long it no longer is. */
  readonly ttlSeconds: number;
  /** It is no longer fresh; there was no getting a newer one. */
  readonly isStale: boolean;
  /** Loaded for another look-up that was under way. */
  readonly isCollapsed: boolean;
  readonly tags: readonly string[];
}

/** A look-up under way, which others that ask for the same wait for. */
export interface Flight {
  readonly key: string;
  /** The level behind memory that had something, fresh or not. */
  level: 'redis' | 'sqlite' | undefined;
  /** What was loaded. */
  loaded: Entry<unknown> | undefined;
  /** Why loading failed. */
  error: unknown;
  hasFailed: boolean;
  /** It was invalidated since: what it brings is for those who wait already, and not kept. */
  isOutdated: boolean;
  /** What was loaded was not stored. */
  isPassedOn: boolean;
}

export const createFlight = (key: string): Flight => ({
  key,
  level: undefined,
  loaded: undefined,
  error: undefined,
  hasFailed: false,
  isOutdated: false,
  isPassedOn: false,
});
