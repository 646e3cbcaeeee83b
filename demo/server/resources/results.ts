import { z } from '@hono/zod-openapi';
import type { MemberProblem } from '../http/problem.ts';

/** Why an item has failed, or is not complete. */
const itemError = z
  .object({
    title: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .openapi('ItemError');

/** What became of the items of a resource batch; `data` is what one of them has. */
export const batchResults = <Data extends z.ZodType>(name: string, data: Data) =>
  z
    .object({
      results: z.array(
        z.object({
          id: z.string().nullable(),
          request_id: z.string().optional(),
          status: z.enum(['success', 'error', 'partial']),
          data: data.nullable(),
          error: itemError.nullable(),
          status_code: z.int(),
        }),
      ),
      total_requested: z.int(),
      total_succeeded: z.int(),
      total_failed: z.int(),
      processed_at: z.iso.datetime(),
    })
    .openapi(name);

/** The result of one item. */
export interface Result<Data extends object = object> {
  readonly id: string | null;
  readonly request_id?: string;
  readonly status: 'success' | 'error' | 'partial';
  readonly data: Data | null;
  readonly error: z.infer<typeof itemError> | null;
  readonly status_code: number;
}

/** The names by which a caller finds an item again. */
interface Named {
  readonly id: string | null;
  readonly request_id?: string;
}

export const succeeded = <Data extends object>(
  named: Named,
  data: Data | null,
  statusCode = 200,
): Result<Data> => ({ ...named, status: 'success', data, error: null, status_code: statusCode });

/** It is there, but not all of it. */
export const partly = <Data extends object>(
  named: Named,
  data: Data,
  detail: string,
): Result<Data> => ({
  ...named,
  status: 'partial',
  data,
  error: { title: 'Not all of it', detail },
  status_code: 200,
});

export const failed = (
  named: Named,
  statusCode: number,
  title: string,
  detail: string,
  errors?: readonly MemberProblem[],
): Result<never> => ({
  ...named,
  status: 'error',
  data: null,
  error: errors ? { title, detail, errors: [...errors] } : { title, detail },
  status_code: statusCode,
});

/** The answer: what is there in part has succeeded. */
export function toResults<Data extends object>(results: Result<Data>[], now: number) {
  const failures = results.filter(({ status }) => status === 'error').length;
  return {
    results,
    total_requested: results.length,
    total_succeeded: results.length - failures,
    total_failed: failures,
    processed_at: new Date(now).toISOString(),
  };
}
