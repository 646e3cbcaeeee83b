import { z } from '@hono/zod-openapi';

export const chargeStatuses = ['open', 'held', 'released', 'rejected'] as const;

export type ChargeStatus = (typeof chargeStatuses)[number];

export const chargeSchema = z
  .object({
    id: z.string(),
    article: z.string(),
    line: z.string(),
    owner: z.string().openapi({ description: 'The user who answers for it' }),
    status: z.enum(chargeStatuses),
    quantity: z.number(),
    unit: z.string(),
    producedAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
    reason: z.string().nullable().openapi({ description: 'Why it is held or rejected' }),
  })
  .openapi('Charge', {
    description: 'A production lot',
    example: {
      id: 'C-101199',
      article: 'Cleaner N 10',
      line: 'L4',
      owner: 'demo',
      status: 'open',
      quantity: 1325,
      unit: 'kg',
      producedAt: '2026-11-09T05:37:00.000Z',
      changedAt: '2026-11-09T05:37:00.000Z',
      reason: null,
    },
  });

export type Charge = z.infer<typeof chargeSchema>;

/** What was measured of one characteristic, in the order of time. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  readonly lower: number;
  readonly upper: number;
  readonly readings: readonly number[];
}

/** The field by which clients keep charges, and drop them when one has changed. */
export const chargeTags = (...ids: readonly string[]): string[] => [
  'charges',
  ...ids.map((id) => `charge-${id}`),
];
