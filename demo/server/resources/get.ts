import { createRoute, z } from '@hono/zod-openapi';
import type { User } from '../http/context.ts';
import { fieldList, missingFields, selectFields } from '../http/fields.ts';
import { body, createRouter, json, problems, type Router } from '../http/router.ts';
import { batchResults, failed, partly, succeeded, toResults, type Result } from './results.ts';
import { oneOfTypes } from './one-of-types.ts';
import type { Found, ReadableType } from './types.ts';

export const maxIds = 100;

const toRequest = (type: ReadableType) =>
  z.strictObject({
    resource_type: z.literal(type.name),
    ids: z
      .array(type.id)
      .min(1)
      .max(maxIds)
      .openapi({ example: [type.example] }),
    fields: fieldList(type.schema).optional(),
  });

/** What one id gives. */
function toResult(
  type: ReadableType,
  user: User,
  id: string,
  found: Found | undefined,
  fields: readonly string[] | undefined,
): Result {
  if (!found) {
    return failed({ id }, 404, 'Not found', `There is no '${id}' among ${type.name}.`);
  }
  if (!type.mayRead(user, found.owner)) {
    const detail = `'${id}' among ${type.name} belongs to another user.`;
    return failed({ id }, 403, 'Not yours', detail);
  }
  const missing = fields ? missingFields(found.value, fields) : [];
  const data = selectFields(found.value, fields);
  return missing.length > 0
    ? partly({ id }, data, `It has no ${missing.join(', ')}.`)
    : succeeded({ id }, data);
}

/** `POST /api/v1/batch/get`: resources of one type by their ids. */
export function createGetRoute(types: readonly ReadableType[], now: () => number): Router {
  const router = createRouter();
  const byName = new Map(types.map((type) => [type.name, type]));
  const [first] = types;
  const request = oneOfTypes('ResourceIds', types.map(toRequest)).openapi({
    example: first && { resource_type: first.name, ids: [first.example], fields: ['id', 'title'] },
  });
  const route = createRoute({
    method: 'post',
    path: '/api/v1/batch/get',
    tags: ['resources'],
    summary: 'Resources of one type by their ids',
    description:
      'Always 200 with a result for each id, in their order: `error` with 403 or 404 as its status code; `partial` for one that lacks a field that was asked for.',
    request: { body: body(request) },
    responses: {
      200: json(batchResults('Resources', z.looseObject({})), 'The results'),
      ...problems(400, 401, 415, 422),
    },
  });

  router.openapi(route, async (c) => {
    const { resource_type: name, ids, fields } = c.req.valid('json');
    await c.get('countItems')(ids.length);
    const type = byName.get(name)!;
    const found = type.find(ids);
    const user = c.get('user');
    const results = ids.map((id) => toResult(type, user, id, found.get(id), fields));
    return c.json(toResults(results, now()), 200, { 'cache-control': 'no-store' });
  });

  return router;
}
