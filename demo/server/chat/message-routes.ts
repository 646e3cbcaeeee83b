import { createRoute, z } from '@hono/zod-openapi';
import { fieldQuery, selectFields } from '../http/fields.ts';
import { nextPage, pageSize, toPage } from '../http/paging.ts';
import { body, createRouter, json, problems, type Router } from '../http/router.ts';
import type { MessageStore } from './messages.ts';
import { message, newMessage, pathId } from './schemas.ts';
import { freshness, tagsOf, type Announce } from './tags.ts';

const idOf = (example: string) => z.object({ id: pathId.openapi({ example }) });
const bothOf = (session: string, example: string) =>
  idOf(session).extend({ message: pathId.openapi({ example }) });

const fields = fieldQuery(message);
const some = message.partial();
const position = z.coerce.number<string>().int().min(0).optional().openapi({ type: 'integer' });

const list = createRoute({
  method: 'get',
  path: '/api/sessions/{id}/messages',
  tags: ['chat'],
  summary: 'Messages of a session, in their order',
  description:
    'The latest ones, or those before or after a position; `next` goes on in the same direction.',
  request: {
    params: idOf('demo-51'),
    query: z
      .object({ limit: pageSize, before: position, after: position, fields })
      .refine(({ before, after }) => before === undefined || after === undefined, {
        path: ['before'],
        message: 'before and after exclude each other: leave one out',
      }),
  },
  responses: {
    200: json(z.object({ messages: z.array(some), next: nextPage }), 'A page of them'),
    ...problems(400, 401, 403, 404),
  },
});

const create = createRoute({
  method: 'post',
  path: '/api/sessions/{id}/messages',
  tags: ['chat'],
  summary: 'Says something, to which nobody answers',
  description:
    'The client may choose its id; a repetition is 409, or with the same `Idempotency-Key` the first answer.',
  request: { params: idOf('demo-56'), body: body(newMessage) },
  responses: {
    201: { ...json(message, 'The message'), headers: z.object({ location: z.string() }) },
    ...problems(400, 401, 403, 404, 409, 415, 422, 507),
  },
});

const read = createRoute({
  method: 'get',
  path: '/api/sessions/{id}/messages/{message}',
  tags: ['chat'],
  summary: 'One message',
  request: { params: bothOf('demo-51', 'm-1'), query: z.object({ fields }) },
  responses: { 200: json(some, 'The message'), ...problems(400, 401, 403, 404) },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/sessions/{id}/messages/{message}',
  tags: ['chat'],
  summary: 'Deletes a message',
  request: { params: bothOf('demo-57', 'm-2') },
  responses: { 204: { description: 'It is gone' }, ...problems(400, 401, 403, 404) },
});

/** Lists, reads, adds and deletes messages. */
export function createMessageRoutes(messages: MessageStore, announce: Announce): Router {
  const router = createRouter();

  router.openapi(list, (c) => {
    const { id } = c.req.valid('param');
    const { fields: wanted, ...query } = c.req.valid('query');
    const { messages: found, next } = messages.list(c.get('user').id, id, query);
    const direction = query.after === undefined ? 'before' : 'after';
    const page = {
      messages: found.map((one) => selectFields(one, wanted)),
      next: next && toPage(c.req.url, { [direction]: String(next) }),
    };
    return c.json(page, 200, {
      'cache-control': freshness,
      'cache-tag': `sessions, ${tagsOf(id)}`,
    });
  });

  router.openapi(create, (c) => {
    const { id: user } = c.get('user');
    const { id } = c.req.valid('param');
    const added = messages.add(user, id, { ...c.req.valid('json'), role: 'user' });
    announce(user, id);
    return c.json(added, 201, { location: `/api/sessions/${id}/messages/${added.id}` });
  });

  router.openapi(read, (c) => {
    const { id, message: wanted } = c.req.valid('param');
    const found = messages.read(c.get('user').id, id, wanted);
    return c.json(selectFields(found, c.req.valid('query').fields), 200, {
      'cache-control': freshness,
      'cache-tag': `sessions, ${tagsOf(id)}`,
    });
  });

  router.openapi(remove, (c) => {
    const { id: user } = c.get('user');
    const { id, message: unwanted } = c.req.valid('param');
    messages.remove(user, id, unwanted);
    announce(user, id);
    return c.body(null, 204);
  });

  return router;
}
