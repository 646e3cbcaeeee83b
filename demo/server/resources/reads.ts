import { createRoute, z } from '@hono/zod-openapi';
import type { SQLInputValue } from 'node:sqlite';
import { fieldQuery, selectFields } from '../http/fields.ts';
import { nextPage, pageSize, toPage } from '../http/paging.ts';
import { refuse } from '../http/problem.ts';
import { createRouter, json, problems, type Router } from '../http/router.ts';
import type { Database } from '../platform/database.ts';
import { uuid } from './ids.ts';
import type { StoredType } from './stored.ts';
import { freshnessOf, tagsOf } from './tags.ts';
import { isAnybodys } from './types.ts';

/** A parameter of a list: what it looks like, and the condition with a `?` for its value. */
export interface Filter {
  readonly schema: z.ZodType<SQLInputValue | undefined>;
  readonly condition: string;
  /** @default the value itself */
  readonly toValue?: (value: SQLInputValue) => SQLInputValue;
}

export type Filters = Readonly<Record<string, Filter>>;

/** Lists a type page by page, in the order of ids. */
function createPages(database: Database, { name }: StoredType, filters: Filters) {
  return (
    owner: string | null,
    query: Readonly<Record<string, SQLInputValue | undefined>>,
    after: string | undefined,
    limit: number,
  ) => {
    const given = Object.entries(filters).flatMap(([parameter, { condition, toValue }]) => {
      const value = query[parameter];
      return value === undefined ? [] : [[condition, toValue?.(value) ?? value] as const];
    });
    if (owner !== null) given.push(['user = ?', owner]);
    const matching = given.map(([condition]) => condition).join(' AND ') || '1';
    const values = given.map(([, value]) => value);
    const rows = database
      .prepare(`SELECT id, data FROM ${name} WHERE ${matching} AND id > ? ORDER BY id LIMIT ?`)
      .all(...values, after ?? '', limit + 1);
    const count = database.prepare(`SELECT count(*) AS total FROM ${name} WHERE ${matching}`);
    return {
      rows: rows
        .slice(0, limit)
        .map(({ id, data }) => ({ id: String(id), ...(JSON.parse(String(data)) as object) })),
      isMore: rows.length > limit,
      total: Number(count.get(...values)!['total']),
    };
  };
}

/** `GET /api/v1/{type}` and `GET /api/v1/{type}/{id}`. */
export function createReadRoutes(database: Database, type: StoredType, filters: Filters): Router {
  const { name, singular, schema } = type;
  const router = createRouter();
  const pages = createPages(database, type, filters);
  const isPublic = type.mayRead === isAnybodys;
  // Fields may be left out.
  const some = schema.partial().openapi(singular[0]!.toUpperCase() + singular.slice(1));
  const fields = fieldQuery(schema);
  const parameters = Object.entries(filters).map(([key, filter]) => [key, filter.schema] as const);

  const list = createRoute({
    method: 'get',
    path: `/api/v1/${name}`,
    tags: ['resources'],
    summary: isPublic ? `All ${name}` : `Your ${name}; all of them for administrators`,
    request: {
      query: z.object({
        limit: pageSize,
        after: uuid.optional(),
        fields,
        ...(Object.fromEntries(parameters) as Record<string, Filter['schema']>),
      }),
    },
    responses: {
      200: json(
        z.object({ [name]: z.array(some), total: z.int(), next: nextPage }),
        'A page of them, in the order of their ids',
      ),
      ...problems(400, 401),
    },
  });

  const read = createRoute({
    method: 'get',
    path: `/api/v1/${name}/{id}`,
    tags: ['resources'],
    summary: `One ${singular}`,
    request: {
      params: z.object({ id: uuid.openapi({ example: type.example }) }),
      query: z.object({ fields }),
    },
    responses: { 200: json(some, `The ${singular}`), ...problems(400, 401, 403, 404) },
  });

  router.openapi(list, (c) => {
    const { limit, after, fields: wanted, ...rest } = c.req.valid('query');
    const user = c.get('user');
    const owner = isPublic || user.role === 'admin' ? null : user.id;
    const query = rest as Readonly<Record<string, SQLInputValue | undefined>>;
    const { rows, isMore, total } = pages(owner, query, after, limit);
    const page = {
      [name]: rows.map((row) => selectFields(row, wanted)),
      total,
      next: isMore ? toPage(c.req.url, { after: rows.at(-1)!.id }) : null,
    };
    return c.json(page as never, 200, {
      'cache-control': freshnessOf(type),
      'cache-tag': tagsOf(type).ofList,
    });
  });

  router.openapi(read, (c) => {
    const { id } = c.req.valid('param');
    const found = type.find([id]).get(id);
    if (!found) {
      const detail = `There is no ${singular} '${id}'. GET /api/v1/${name} has them.`;
      return refuse(404, `No such ${singular}`, detail);
    }
    if (!type.mayRead(c.get('user'), found.owner)) {
      const detail = `The ${singular} '${id}' belongs to another user.`;
      return refuse(403, `Not your ${singular}`, detail);
    }
    return c.json(selectFields(found.value, c.req.valid('query').fields), 200, {
      'cache-control': freshnessOf(type),
      'cache-tag': tagsOf(type).ofOne(id),
    });
  });

  return router;
}
