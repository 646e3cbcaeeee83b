import { z } from '@hono/zod-openapi';
import { fieldQuery } from '../http/fields.ts';
import { chargeSchema, chargeStatuses } from './charge.ts';
import type { Position } from './store.ts';

const time = z.iso.datetime({
  offset: true,
  message: 'must be a time such as 2026-03-01T00:00:00Z',
});

/** Whatever its offset, as the database has it. */
const inUtc = time.transform((text) => new Date(text).toISOString());

const cursor = z
  .string()
  .max(200)
  .transform((text, context): Position => {
    const [producedAt, id, ...more] = Buffer.from(text, 'base64url').toString().split(' ');
    if (producedAt && id && more.length === 0 && time.safeParse(producedAt).success) {
      return [producedAt, id];
    }
    context.addIssue({ code: 'custom', message: 'must be the nextCursor of an earlier page' });
    return z.NEVER;
  })
  .openapi({ type: 'string', description: 'The `nextCursor` of the page before' });

/** Says where the next page goes on. */
export const toCursor = (position: Position): string =>
  Buffer.from(position.join(' ')).toString('base64url');

/** What a list of charges may be asked for. */
export const chargeQuery = z.object({
  fields: fieldQuery(chargeSchema),
  limit: z.coerce.number().int().min(1).max(100).default(20).openapi({ example: 20 }),
  cursor: cursor.optional(),
  status: z.enum(chargeStatuses).optional().openapi({ example: 'open' }),
  line: z.string().min(1).max(50).optional().openapi({ example: 'L1' }),
  article: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: 'A part of its name', example: 'oil' }),
  owner: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: 'For administrators; others see their own' }),
  from: inUtc
    .optional()
    .openapi({ description: 'Produced then or later', example: '2026-01-05T00:00:00Z' }),
  to: inUtc
    .optional()
    .openapi({ description: 'Produced before that', example: '2027-01-01T00:00:00Z' }),
});
