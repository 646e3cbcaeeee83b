import type { z } from 'zod';

/** What another process has written; undefined for what isn't understood, as of a version to come. */
export function readMessage<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
