import { createRoute, z } from '@hono/zod-openapi';
import { fieldQuery, selectFields } from '../http/fields.ts';
import { refuse } from '../http/problem.ts';
import { body, createRouter, json, problems, type Router } from '../http/router.ts';
import { note, type NoteStore } from './store.ts';

const newNote = z
  .strictObject({ text: z.string().trim().min(1).max(500) })
  .openapi('NewNote', { example: { text: 'Milk' } });

const maxNotes = 1000;

const query = z.object({ fields: fieldQuery(note) });

const params = z.object({ id: z.string().openapi({ example: '1' }) });

const list = createRoute({
  method: 'get',
  path: '/api/notes',
  tags: ['notes'],
  summary: 'All notes, the latest first',
  description: 'Nothing is said of how long that may be kept.',
  request: { query },
  responses: {
    200: json(z.object({ notes: z.array(note.partial()) }), 'The notes'),
    ...problems(400, 401),
  },
});

const read = createRoute({
  method: 'get',
  path: '/api/notes/{id}',
  tags: ['notes'],
  summary: 'One note',
  request: { params, query },
  responses: { 200: json(note.partial(), 'The note'), ...problems(400, 401, 404) },
});

const create = createRoute({
  method: 'post',
  path: '/api/notes',
  tags: ['notes'],
  summary: 'Adds a note',
  request: { body: body(newNote) },
  responses: {
    201: { ...json(note, 'The note'), headers: z.object({ location: z.string() }) },
    ...problems(400, 401, 415, 422, 507),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/notes/{id}',
  tags: ['notes'],
  summary: 'Deletes a note',
  request: { params },
  responses: { 204: { description: 'It is gone' }, ...problems(401, 404) },
});

const noSuchNote = (id: string) =>
  refuse(404, 'No such note', `There is no note '${id}'. GET /api/notes has them all.`);

/** The board, to which all may pin, and from which all may take. */
export function createNoteRoutes(notes: NoteStore): Router {
  const router = createRouter();
  let lastId = 0;

  router.openapi(list, (c) => {
    const { fields } = c.req.valid('query');
    const all = [...notes.values()].reverse();
    return c.json({ notes: all.map((one) => selectFields(one, fields)) }, 200);
  });

  router.openapi(read, (c) => {
    const { id } = c.req.valid('param');
    const found = notes.get(id);
    const { fields } = c.req.valid('query');
    return found ? c.json(selectFields(found, fields), 200) : noSuchNote(id);
  });

  router.openapi(create, (c) => {
    if (notes.size >= maxNotes) {
      const detail = `The board has room for ${maxNotes} notes. Delete one first.`;
      return refuse(507, 'The board is full', detail);
    }
    const { text } = c.req.valid('json');
    const added = { id: ++lastId, text, createdAt: new Date().toISOString() };
    notes.set(String(added.id), added);
    return c.json(added, 201, { location: `/api/notes/${added.id}` });
  });

  router.openapi(remove, (c) => {
    const { id } = c.req.valid('param');
    return notes.delete(id) ? c.body(null, 204) : noSuchNote(id);
  });

  return router;
}
