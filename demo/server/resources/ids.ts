import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';

/** An id in its canonical form: in lower case. */
export const uuid = z
  .uuid({ error: ({ input }) => `must be a UUID (RFC 9562), got ${JSON.stringify(input)}` })
  .toLowerCase()
  .openapi({ format: 'uuid' });

/** A UUID that is the same each time (version 5): of the number-th resource of its kind. */
export function seededUuid(kind: string, number: number): string {
  const bytes = createHash('sha1').update(`carpool ${kind} ${number}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
