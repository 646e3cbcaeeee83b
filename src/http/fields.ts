import type { HeaderList } from '../core/types.ts';

/** The value of a field, by its lower-case name; undefined without it. */
export const fieldOf = (headers: HeaderList, name: string): string | undefined =>
  headers.find((field) => field[0] === name)?.[1];

// What is between a connection's two ends (RFC 9110, 7.6.1), or a client and its proxy (RFC 9111, 3.1).
const hop = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/;

/** The fields that a cache may keep. */
export function endToEnd(headers: HeaderList): HeaderList {
  const named = membersOf(headers, 'connection');
  return headers.filter(([name]) => !hop.test(name) && !named.includes(name));
}

/** The members of a field that is a comma-separated list, in lower case. */
export const membersOf = (headers: HeaderList, name: string): string[] =>
  (fieldOf(headers, name) ?? '')
    .toLowerCase()
    .split(',')
    .flatMap((member) => member.trim() || []);
