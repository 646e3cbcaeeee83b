import type { HeaderList } from '../core/types.ts';
import { endToEnd, fieldOf } from './fields.ts';

const isConditional = /^if-(?:none-match|match|modified-since|unmodified-since|range)$/;

/** Whether a caller's own conditions are among the headers; the answer is for him, not for a cache. */
export const hasConditions = (headers: HeaderList): boolean =>
  headers.some(([name]) => isConditional.test(name));

/** The conditions that ask whether a kept response still holds (RFC 9111, 4.3.1); none if it can't be asked. */
export function conditionsFor(kept: HeaderList): HeaderList {
  const etag = fieldOf(kept, 'etag');
  const modified = fieldOf(kept, 'last-modified');
  return [
    ...(etag ? [['if-none-match', etag] as const] : []),
    ...(modified ? [['if-modified-since', modified] as const] : []),
  ];
}

/**
 * Whether a 304, or a HEAD's answer, speaks of the kept response (4.3.4): what it gives must agree, a strong
 * entity tag exactly, a weak one but for the weakness.
 */
export function isOf(kept: HeaderList, answer: HeaderList): boolean {
  const etag = fieldOf(answer, 'etag');
  const known = fieldOf(kept, 'etag');
  if (etag !== undefined) return etag === known || etag === `W/${known ?? ''}`;
  const modified = fieldOf(answer, 'last-modified');
  return modified === undefined || modified === fieldOf(kept, 'last-modified');
}

// What belongs to the body as it was received (3.2). Of its type servers often have a default to say.
const unchanged = /^content-(?:encoding|length|range|type)$/;

/** The fields of a kept response after a 304 (3.2): the new ones in place of those of the same name. */
export function freshen(kept: HeaderList, answer: HeaderList): HeaderList {
  const fresh = endToEnd(answer).filter(([name]) => !unchanged.test(name));
  const names = new Set(fresh.map(([name]) => name));
  // An age that the new answer doesn't speak of is over.
  return [...kept.filter(([name]) => name !== 'age' && !names.has(name)), ...fresh];
}
