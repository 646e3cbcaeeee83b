import { z } from '@hono/zod-openapi';
import { chargeSchema } from '../charges/charge.ts';
import { createChargeStore } from '../charges/store.ts';
import type { Database } from '../platform/database.ts';
import { isTheirs, type ReadableType } from './types.ts';

/** Production lots, by lists of ids: for who answers for them. */
export function createChargeType(database: Database): ReadableType {
  const store = createChargeStore(database);
  return {
    name: 'charges',
    id: z.string().min(1).max(100),
    schema: chargeSchema,
    example: 'C-101199',
    mayRead: isTheirs,
    find: (ids) =>
      new Map(
        [...store.findAll(ids)].map(([id, charge]) => [id, { owner: charge.owner, value: charge }]),
      ),
  };
}
