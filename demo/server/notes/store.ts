import { z } from '@hono/zod-openapi';

export const note = z
  .object({ id: z.int(), text: z.string(), createdAt: z.iso.datetime() })
  .openapi('Note', { example: { id: 1, text: 'Milk', createdAt: '2026-11-26T08:00:00.000Z' } });

export type Note = z.infer<typeof note>;

/** What is pinned to the board by id, in the order in which it came; in memory: gone when the server stops. */
export type NoteStore = Map<string, Note>;
