import { createRoute, z } from '@hono/zod-openapi';
import { toCacheFields } from '../http/cached.ts';
import { fieldQuery, selectFields } from '../http/fields.ts';
import { createRouter, json, problems, type Router } from '../http/router.ts';
import type { Market } from './market.ts';
import { limitMember, periodMembers, readPeriod, symbolName, symbolParam } from './parameters.ts';
import { orRefuse, requireSymbol } from './refusals.ts';
import { article, fundamentals, history, quote } from './schemas.ts';
import { maxArticles } from './simulate.ts';

const freshness =
  'Comes from a cache, for as long as `Cache-Control` says; `Cache-Status` tells which level of it answered. When the provider fails, what is stale is better than nothing.';

const quoteRoute = createRoute({
  method: 'get',
  path: '/api/quotes/{symbol}',
  tags: ['market'],
  summary: 'What a symbol costs',
  description: freshness,
  request: { params: symbolParam, query: z.object({ fields: fieldQuery(quote) }) },
  responses: { 200: json(quote.partial(), 'The quote'), ...problems(400, 401, 404, 502, 503, 504) },
});

const fundamentalsRoute = createRoute({
  method: 'get',
  path: '/api/fundamentals/{symbol}',
  tags: ['market'],
  summary: 'What a company is worth and earns',
  description: freshness,
  request: { params: symbolParam, query: z.object({ fields: fieldQuery(fundamentals) }) },
  responses: {
    200: json(fundamentals.partial(), 'The figures'),
    ...problems(400, 401, 404, 502, 503, 504),
  },
});

const historyRoute = createRoute({
  method: 'get',
  path: '/api/history/{symbol}',
  tags: ['market'],
  summary: 'What a symbol did, day by day',
  description: freshness,
  request: {
    params: symbolParam,
    query: z.object({ ...periodMembers, fields: fieldQuery(history) }),
  },
  responses: {
    200: json(history.partial(), 'The candles'),
    ...problems(400, 401, 404, 502, 503, 504),
  },
});

const newsRoute = createRoute({
  method: 'get',
  path: '/api/news',
  tags: ['market'],
  summary: 'What is written, of a symbol or of anything',
  description: freshness,
  request: {
    query: z.object({
      symbol: symbolName.optional(),
      limit: limitMember(maxArticles),
      fields: fieldQuery(article),
    }),
  },
  responses: {
    200: json(z.object({ articles: z.array(article.partial()) }), 'The articles'),
    ...problems(400, 401, 404, 502, 503, 504),
  },
});

/** Market data, one symbol at a time. */
export function createDataRoutes(market: Market): Router {
  const router = createRouter();

  router.openapi(quoteRoute, async (c) => {
    const { symbol } = c.req.valid('param');
    requireSymbol(market, symbol);
    const found = await orRefuse(market.quote(symbol));
    return c.json(
      selectFields(found.value, c.req.valid('query').fields),
      200,
      toCacheFields(found),
    );
  });

  router.openapi(fundamentalsRoute, async (c) => {
    const { symbol } = c.req.valid('param');
    requireSymbol(market, symbol);
    const found = await orRefuse(market.fundamentals(symbol));
    return c.json(
      selectFields(found.value, c.req.valid('query').fields),
      200,
      toCacheFields(found),
    );
  });

  router.openapi(historyRoute, async (c) => {
    const { symbol } = c.req.valid('param');
    const { fields, ...query } = c.req.valid('query');
    const period = readPeriod(query, 400);
    requireSymbol(market, symbol);
    const found = await orRefuse(market.history(symbol, period));
    return c.json(selectFields(found.value, fields), 200, toCacheFields(found));
  });

  router.openapi(newsRoute, async (c) => {
    const { symbol, limit, fields } = c.req.valid('query');
    if (symbol !== undefined) requireSymbol(market, symbol);
    const found = await orRefuse(market.news(symbol));
    const articles = found.value.articles.slice(0, limit).map((one) => selectFields(one, fields));
    return c.json({ articles }, 200, toCacheFields(found));
  });

  return router;
}
