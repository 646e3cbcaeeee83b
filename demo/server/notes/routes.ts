import { Hono } from 'hono';
import { z } from 'zod';
import { problem } from '../problem.ts';

export interface Note {
  readonly id: number;
  readonly text: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}

const maxNotes = 1000;

const newNote = z.strictObject({ text: z.string().trim().min(1).max(500) });

/** Only this type: a form on any other site could post the rest without asking. */
const isJson = (type = '') => /^application\/json\s*(?:;|$)/i.test(type);

const toPointer = (path: readonly PropertyKey[]) =>
  ['#', ...path.map((key) => encodeURIComponent(String(key)))].join('/');

const noSuchNote = (id: string) =>
  problem(404, 'No such note', `There is no note '${id}'. GET /api/notes has them all.`);

/**
 * What is pinned to the board, in memory: gone when the server stops.
 *
 * - `GET /api/notes` lists them, the latest first; nothing is said of how long that may be kept.
 * - `POST /api/notes` with `{ text }`, 1 to 500 characters, adds one: 201 with its `Location`.
 * - `GET` and `DELETE /api/notes/:id`.
 */
export function createNoteRoutes(): Hono {
  const routes = new Hono();
  /** In the order in which they came. */
  const notes = new Map<string, Note>();
  let lastId = 0;

  routes.get('/api/notes', (c) => c.json({ notes: [...notes.values()].reverse() }));

  routes.get('/api/notes/:id', (c) => {
    const note = notes.get(c.req.param('id'));
    return note ? c.json(note) : noSuchNote(c.req.param('id'));
  });

  routes.post('/api/notes', async (c) => {
    const type = c.req.header('content-type');
    if (!isJson(type)) {
      const detail = `A note is sent as application/json, not as '${type ?? ''}'.`;
      return problem(415, 'Unsupported media type', detail);
    }
    let body: unknown;
    try {
      body = await c.req.json();
    } catch {
      return problem(400, 'Not JSON', "The body isn't valid JSON.");
    }
    const { data, error } = newNote.safeParse(body);
    if (error) {
      const errors = error.issues.map(({ path, message }) => {
        return { pointer: toPointer(path), detail: message };
      });
      const detail = 'A note is { "text": "…" }, 1 to 500 characters.';
      return problem(422, 'Not a note', detail, errors);
    }
    if (notes.size >= maxNotes) {
      const detail = `The board has room for ${maxNotes} notes. Delete one first.`;
      return problem(507, 'The board is full', detail);
    }

    const note = { id: ++lastId, text: data.text, createdAt: new Date().toISOString() };
    notes.set(String(note.id), note);
    return c.json(note, 201, { location: `/api/notes/${note.id}` });
  });

  routes.delete('/api/notes/:id', (c) => {
    const id = c.req.param('id');
    return notes.delete(id) ? c.body(null, 204) : noSuchNote(id);
  });

  return routes;
}
