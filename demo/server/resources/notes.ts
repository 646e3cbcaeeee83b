import { z } from '@hono/zod-openapi';
import { note, type NoteStore } from '../notes/store.ts';
import { isAnybodys, type ReadableType } from './types.ts';

/** The notes on the board, by lists of ids. */
export const createNoteType = (notes: NoteStore): ReadableType => ({
  name: 'notes',
  id: z.string().min(1).max(20),
  schema: note,
  example: '1',
  mayRead: isAnybodys,
  find: (ids) =>
    new Map(
      ids.flatMap((id) => {
        const value = notes.get(id);
        return value ? [[id, { owner: null, value }]] : [];
      }),
    ),
});
