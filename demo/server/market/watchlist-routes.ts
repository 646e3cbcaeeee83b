import { createRoute, z } from '@hono/zod-openapi';
import { fieldQuery, selectFields } from '../http/fields.ts';
import { refuse } from '../http/problem.ts';
import { createRouter, json, problems, type Router } from '../http/router.ts';
import type { Services } from '../services.ts';
import { symbolParam } from './parameters.ts';
import { requireSymbol } from './refusals.ts';

const entry = z
  .object({ symbol: z.string(), name: z.string(), addedAt: z.iso.datetime() })
  .openapi('WatchedSymbol', {
    example: { symbol: 'AAPL', name: 'Apple Inc.', addedAt: '2026-01-02T15:00:00.000Z' },
  });

const maxWatched = 200;

const tag = 'watchlist';

const list = createRoute({
  method: 'get',
  path: '/api/watchlist',
  tags: ['market'],
  summary: 'What you watch, by symbol',
  request: { query: z.object({ fields: fieldQuery(entry) }) },
  responses: {
    200: json(z.object({ watched: z.array(entry.partial()) }), 'The list'),
    ...problems(400, 401),
  },
});

const add = createRoute({
  method: 'put',
  path: '/api/watchlist/{symbol}',
  tags: ['market'],
  summary: 'Watches a symbol',
  request: { params: symbolParam },
  responses: {
    200: json(entry, 'It was on the list'),
    201: json(entry, 'It is on the list now'),
    ...problems(401, 404, 409),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/watchlist/{symbol}',
  tags: ['market'],
  summary: 'Watches a symbol no longer',
  request: { params: symbolParam },
  responses: { 204: { description: 'It is off the list' }, ...problems(401, 404) },
});

/** What each user watches. */
export function createWatchlistRoutes({ database, market, bus }: Services): Router {
  const router = createRouter();
  const select = `
    SELECT symbol, name, added_at AS addedAt FROM watched JOIN instruments USING (symbol) WHERE user = ?`;
  const selectAll = database.prepare(`${select} ORDER BY symbol`);
  const selectOne = database.prepare(`${select} AND symbol = ?`);
  const count = database.prepare('SELECT count(*) AS count FROM watched WHERE user = ?');
  const insert = database.prepare('INSERT INTO watched VALUES (?, ?, ?)');
  const deleteOne = database.prepare('DELETE FROM watched WHERE user = ? AND symbol = ?');

  router.openapi(list, (c) => {
    const { fields } = c.req.valid('query');
    const all = selectAll.all(c.get('user').id) as z.infer<typeof entry>[];
    const watched = all.map((one) => selectFields(one, fields));
    return c.json({ watched }, 200, { 'cache-control': 'private, no-cache', 'cache-tag': tag });
  });

  router.openapi(add, (c) => {
    const { symbol } = c.req.valid('param');
    const user = c.get('user').id;
    requireSymbol(market, symbol);
    const read = () => selectOne.get(user, symbol) as z.infer<typeof entry> | undefined;
    const known = read();
    if (known) return c.json(known, 200);
    if (Number(count.get(user)?.['count']) >= maxWatched) {
      const detail = `A watchlist has room for ${maxWatched} symbols. Delete one first.`;
      return refuse(409, 'The watchlist is full', detail);
    }
    insert.run(user, symbol, new Date().toISOString());
    bus.announce({ tags: [tag], user });
    return c.json(read()!, 201);
  });

  router.openapi(remove, (c) => {
    const { symbol } = c.req.valid('param');
    const user = c.get('user').id;
    if (deleteOne.run(user, symbol).changes === 0) {
      return refuse(404, 'Not watched', `'${symbol}' is not on your watchlist.`);
    }
    bus.announce({ tags: [tag], user });
    return c.body(null, 204);
  });

  return router;
}
