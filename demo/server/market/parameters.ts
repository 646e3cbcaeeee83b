import { z } from '@hono/zod-openapi';
import { refuse } from '../http/problem.ts';
import { ranges, toPeriod, type Period, type PeriodQuery, type Range } from './period.ts';
import { symbolSyntax } from './schemas.ts';

/** The symbol in a path; one that there can't be is 404, as one that there isn't. */
export const symbolParam = z.object({
  symbol: z.string().max(100).openapi({ example: 'AAPL' }),
});

export const symbolName = z
  .string()
  .regex(symbolSyntax, 'must be an upper-case symbol such as AAPL or BRK.B')
  .openapi({ example: 'AAPL' });

/** The members that say of which days; see {@link toPeriod}. */
export const periodMembers = {
  from: z.iso.date().optional().openapi({ description: 'The first day', example: '2026-01-02' }),
  to: z.iso
    .date()
    .optional()
    .openapi({ description: 'The last day; today without', example: '2026-01-30' }),
  range: z
    .enum(Object.keys(ranges) as [Range, ...Range[]])
    .optional()
    .openapi({ description: 'Instead of from and to; 1mo without any' }),
};

/** The period that is asked for, or a refusal with that status. */
export function readPeriod(query: PeriodQuery, status: 400 | 422): Period {
  try {
    return toPeriod(query, Date.now());
  } catch (error) {
    if (error instanceof RangeError) return refuse(status, 'Bad period', `${error.message}.`);
    throw error;
  }
}

export const limitMember = (max: number) =>
  z.coerce.number().int().min(1).max(max).default(20).openapi({ type: 'integer', example: 20 });
