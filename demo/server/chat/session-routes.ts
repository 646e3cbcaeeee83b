import { createRoute, z } from '@hono/zod-openapi';
import { fieldQuery, selectFields } from '../http/fields.ts';
import { nextPage, pageSize, toPage } from '../http/paging.ts';
import { body, createRouter, json, problems, type Router } from '../http/router.ts';
import { newSession, pathId, session, sessionChange } from './schemas.ts';
import type { SessionStore } from './store.ts';
import { freshness, tagsOf, type Announce } from './tags.ts';

const idOf = (example: string) => z.object({ id: pathId.openapi({ example }) });

const fields = fieldQuery(session);
const some = session.partial();

const list = createRoute({
  method: 'get',
  path: '/api/sessions',
  tags: ['chat'],
  summary: 'Your sessions, the one changed last first',
  request: {
    query: z.object({
      limit: pageSize,
      after: z.string().max(200).optional(),
      archived: z.enum(['true', 'false', 'all']).default('false'),
      fields,
    }),
  },
  responses: {
    200: json(z.object({ sessions: z.array(some), next: nextPage }), 'A page of them'),
    ...problems(400, 401),
  },
});

const create = createRoute({
  method: 'post',
  path: '/api/sessions',
  tags: ['chat'],
  summary: 'Starts a session',
  description:
    'The client may choose its id. To repeat it safely, send an `Idempotency-Key`: the repetition gets the first answer; without one it is 409.',
  request: { body: body(newSession) },
  responses: {
    201: { ...json(session, 'The session'), headers: z.object({ location: z.string() }) },
    ...problems(400, 401, 409, 415, 422, 507),
  },
});

const read = createRoute({
  method: 'get',
  path: '/api/sessions/{id}',
  tags: ['chat'],
  summary: 'One session',
  request: { params: idOf('demo-51'), query: z.object({ fields }) },
  responses: { 200: json(some, 'The session'), ...problems(400, 401, 403, 404) },
});

const rename = createRoute({
  method: 'patch',
  path: '/api/sessions/{id}',
  tags: ['chat'],
  summary: 'Renames a session',
  request: { params: idOf('demo-52'), body: body(sessionChange) },
  responses: { 200: json(session, 'The session'), ...problems(400, 401, 403, 404, 415, 422) },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/sessions/{id}',
  tags: ['chat'],
  summary: 'Deletes a session with its messages',
  request: { params: idOf('demo-53') },
  responses: { 204: { description: 'It is gone' }, ...problems(400, 401, 403, 404) },
});

const archive = createRoute({
  method: 'post',
  path: '/api/sessions/{id}/archive',
  tags: ['chat'],
  summary: 'Archives a session: it takes no more messages',
  request: { params: idOf('demo-54') },
  responses: { 200: json(session, 'The session'), ...problems(400, 401, 403, 404) },
});

const restore = createRoute({
  method: 'delete',
  path: '/api/sessions/{id}/archive',
  tags: ['chat'],
  summary: 'Brings an archived session back',
  request: { params: idOf('demo-1') },
  responses: { 200: json(session, 'The session'), ...problems(400, 401, 403, 404) },
});

/** Lists, reads, starts, renames, deletes and archives sessions. */
export function createSessionRoutes(sessions: SessionStore, announce: Announce): Router {
  const router = createRouter();

  router.openapi(list, (c) => {
    const { fields: wanted, ...query } = c.req.valid('query');
    const { sessions: found, next } = sessions.list(c.get('user').id, query);
    const page = {
      sessions: found.map((one) => selectFields(one, wanted)),
      next: next && toPage(c.req.url, { after: next }),
    };
    return c.json(page, 200, {
      'cache-control': freshness,
      'cache-tag': 'sessions, session-list',
    });
  });

  router.openapi(create, (c) => {
    const { id: user } = c.get('user');
    const added = sessions.create(user, c.req.valid('json'));
    announce(user, added.id);
    return c.json(added, 201, { location: `/api/sessions/${added.id}` });
  });

  router.openapi(read, (c) => {
    const { id } = c.req.valid('param');
    const found = sessions.read(c.get('user').id, id);
    return c.json(selectFields(found, c.req.valid('query').fields), 200, {
      'cache-control': freshness,
      'cache-tag': `sessions, ${tagsOf(id)}`,
    });
  });

  router.openapi(rename, (c) => {
    const { id: user } = c.get('user');
    const { id } = c.req.valid('param');
    const renamed = sessions.rename(user, id, c.req.valid('json').title);
    announce(user, id);
    return c.json(renamed, 200);
  });

  router.openapi(remove, (c) => {
    const { id: user } = c.get('user');
    const { id } = c.req.valid('param');
    sessions.remove(user, id);
    announce(user, id);
    return c.body(null, 204);
  });

  for (const route of [archive, restore]) {
    router.openapi(route, (c) => {
      const { id: user } = c.get('user');
      const { id } = c.req.valid('param');
      const changed = sessions.archive(user, id, route.method === 'post');
      announce(user, id);
      return c.json(changed, 200);
    });
  }

  return router;
}
