import type { Call, HeaderList, Reply } from '../core/types.ts';
import { fieldOf } from '../http/fields.ts';
import type { Kept } from '../http/reusing.ts';

/** A kept response. */
export interface Entry extends Kept {
  /** @see keyOf */
  readonly key: string;
  readonly reply: Reply;
  readonly tags: readonly string[];
  /** The request's fields that chose it among its URL's variants: lower-case names (RFC 9111, 4.1). */
  readonly vary: readonly string[];
  /** Its `Date`, in ms: of several that fit, the latest counts (RFC 9111, 4). */
  readonly date: number;
  /** When nothing can be done with it any more, by the wall clock, in ms. */
  readonly dropAt: number;
  /** Roughly what it takes. */
  readonly bytes: number;
}

/**
 * Where a response is kept:
 *
 * - `public`: what was asked for without credentials.
 * - `private:` and an identity: what belongs to that.
 * - `session`: what carried credentials of nobody known; it never gets to the disk.
 */
export type Place = 'public' | 'session' | `private:${string}`;

/** The place of an identity's responses. Being part of the key, it keeps them apart by construction. */
export const placeOf = (identity: string): Place => `private:${encodeURIComponent(identity)}`;

/** The key that all variants of a call's URL share; a HEAD's is its GET's. */
export const primaryKey = (
  place: Place,
  { credentials, url }: Pick<Call, 'credentials' | 'url'>,
): string => `${place} ${credentials} ${url}`;

/** The key of one variant: what the request says in the fields that the response varies on. */
export function variantKey(primary: string, headers: HeaderList, vary: readonly string[]): string {
  // Whose data it is, is told by nothing else there.
  const names = primary.startsWith('session') ? ['authorization', ...vary] : vary;
  if (names.length === 0) return primary;
  const values = names.map((name) => [name, fieldOf(headers, name)?.trim()]);
  return `${primary}\n${JSON.stringify(values)}`;
}

/** The URL in a key. */
export const urlOf = (key: string): string => key.split('\n', 1)[0]!.split(' ')[2]!;

/** The place in a key. */
export const placeIn = (key: string): Place => key.slice(0, key.indexOf(' ')) as Place;
