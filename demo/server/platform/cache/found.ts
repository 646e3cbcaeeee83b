import { kinds, tagsOf, type Kind } from './kinds.ts';
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
  /** Found by another look-up that was under way. */
  readonly isCollapsed: boolean;
  readonly tags: readonly string[];
}

/** What was found under `key`: at `source`, after loading something newer has failed or not. */
export function toFound<T>(
  kind: Kind,
  key: string,
  { value, storedAt }: Entry<T>,
  source: Source,
  hasFailed: boolean,
): Found<T> {
  const ageMs = Date.now() - storedAt;
  const ttlSeconds = Math.ceil(kinds[kind].ttlSeconds - ageMs / 1000);
  const isStale = source !== 'upstream' && (hasFailed || ttlSeconds <= 0);
  return { value, source, ttlSeconds, isStale, isCollapsed: false, tags: tagsOf(key) };
}
