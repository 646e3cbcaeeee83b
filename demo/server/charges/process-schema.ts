import { z } from '@hono/zod-openapi';
import { chargeSchema } from './charge.ts';

const actions = ['release', 'hold', 'reject', 'reopen'] as const;

/** What can be done with a charge. */
export type Action = (typeof actions)[number];

const maxItems = 100;

const itemSchema = z.strictObject({
  request_id: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: 'Comes back with the result' }),
  id: z.string().min(1).max(100),
  action: z.enum(actions),
  reason: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .optional()
    .openapi({ description: 'Needed to hold and to reject' }),
});

export type ProcessItem = z.infer<typeof itemSchema>;

export const processSchema = z
  .strictObject({
    items: z.array(itemSchema).min(1).max(maxItems),
    all_or_nothing: z
      .boolean()
      .default(false)
      .openapi({ description: 'Change nothing unless every item succeeds' }),
  })
  .openapi('ProcessCharges', {
    example: {
      items: [
        { request_id: 'a', id: 'C-101199', action: 'hold', reason: 'Sample is repeated' },
        { request_id: 'b', id: 'C-101194', action: 'release' },
      ],
      all_or_nothing: false,
    },
  });

const result = z.object({
  request_id: z.string().optional(),
  id: z.string(),
  status: z.enum(['success', 'error']),
  status_code: z.int(),
  data: chargeSchema.nullable(),
  error: z.string().nullable(),
});

export type ProcessResult = z.infer<typeof result>;

export const processedSchema = z
  .object({
    results: z.array(result),
    total_requested: z.int(),
    total_succeeded: z.int(),
    total_failed: z.int(),
    processed_at: z.iso.datetime(),
  })
  .openapi('ProcessedCharges');
