import { z } from '@hono/zod-openapi';

export const maxPageSize = 100;

/** How many of a list are wanted at once. */
export const pageSize = z.coerce
  .number<string>()
  .int()
  .min(1)
  .max(maxPageSize)
  .default(50)
  .openapi({ type: 'integer', minimum: 1, maximum: maxPageSize, default: 50, example: 20 });

/** Where the rest of a list is; null on its last page. */
export const nextPage = z
  .string()
  .nullable()
  .openapi({ description: 'Path and query of the next page; null on the last one' });

/** The page of the same list that `parameters` name: whatever else was asked stays as it is. */
export function toPage(url: string, parameters: Readonly<Record<string, string | null>>): string {
  const { pathname, searchParams } = new URL(url);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) searchParams.delete(name);
    else searchParams.set(name, value);
  }
  return `${pathname}?${searchParams}`;
}
