import { createRoute, z } from '@hono/zod-openapi';
import { body, createRouter, json, problems, type Router } from '../http/router.ts';
import type { Found } from '../platform/cache/found.ts';
import type { Market } from './market.ts';
import { limitMember, periodMembers, readPeriod, symbolName } from './parameters.ts';
import { noSuchSymbol, toItemProblem } from './refusals.ts';
import { fundamentals, history, news, quote } from './schemas.ts';
import { maxArticles } from './simulate.ts';
import { UpstreamError } from './upstream.ts';

const maxSymbols = 100;

const symbols = z
  .array(symbolName)
  .min(1)
  .max(maxSymbols)
  .openapi({
    description: `1 to ${maxSymbols}; repeated ones count once`,
    example: ['AAPL', 'MSFT'],
  });

const example = { symbols: ['AAPL', 'MSFT', 'BRK.B'] };
const request = z.strictObject({ symbols }).openapi('SymbolBatch', { example });
const historyRequest = z
  .strictObject({ symbols, ...periodMembers })
  .openapi('HistoryBatch', { example: { ...example, range: '1mo' } });
const newsRequest = z
  .strictObject({ symbols, limit: limitMember(maxArticles) })
  .openapi('NewsBatch', { example: { ...example, limit: 5 } });

const failure = z.object({
  symbol: z.string(),
  status: z.literal('error'),
  statusCode: z.int(),
  error: z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
  }),
});

const answerOf = <Data extends z.ZodType>(data: Data) =>
  z.object({
    results: z
      .array(
        z.discriminatedUnion('status', [
          z.object({
            symbol: z.string(),
            status: z.literal('success'),
            statusCode: z.literal(200),
            data,
            source: z
              .enum(['memory', 'redis', 'sqlite', 'upstream'])
              .openapi({ description: 'Which level of the cache answered, if one did' }),
            maxAgeSeconds: z.int().openapi({ description: 'How long it may be kept' }),
            isStale: z.boolean(),
          }),
          failure,
        ]),
      )
      .openapi({ description: 'One for each symbol, in the order of the request' }),
    totalRequested: z.int(),
    totalSucceeded: z.int(),
    totalFailed: z.int(),
    processedAt: z.iso.datetime(),
  });

const routeOf = <const Name extends string, Request extends z.ZodType, Data extends z.ZodType>(
  name: Name,
  summary: string,
  asked: Request,
  data: Data,
) =>
  createRoute({
    method: 'post',
    path: `/api/${name}/batch`,
    tags: ['market'],
    summary,
    description: 'Each symbol fares on its own. What the cache lacks is fetched in one go.',
    request: { body: body(asked) },
    responses: { 200: json(answerOf(data), 'A result for each'), ...problems(400, 401, 415, 422) },
  });

const quotesRoute = routeOf('quotes', 'What symbols cost', request, quote);
const fundamentalsRoute = routeOf(
  'fundamentals',
  'What companies are worth and earn',
  request,
  fundamentals,
);
const historyRoute = routeOf('history', 'What symbols did, day by day', historyRequest, history);
const newsRoute = routeOf('news', 'What is written of symbols', newsRequest, news);

async function toResult<T>(
  symbol: string,
  isKnown: boolean,
  lookUp: (symbol: string) => Promise<Found<T>>,
) {
  if (!isKnown) {
    return { symbol, status: 'error' as const, statusCode: 404, error: noSuchSymbol(symbol) };
  }
  try {
    const { value, source, ttlSeconds, isStale } = await lookUp(symbol);
    return {
      symbol,
      status: 'success' as const,
      statusCode: 200 as const,
      data: value,
      source,
      maxAgeSeconds: isStale ? 0 : Math.max(0, ttlSeconds),
      isStale,
    };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const details = toItemProblem(error);
    return { symbol, status: 'error' as const, statusCode: details.status, error: details };
  }
}

async function answer<T>(
  market: Market,
  asked: readonly string[],
  lookUp: (symbol: string) => Promise<Found<T>>,
) {
  const unique = [...new Set(asked)];
  const known = market.find(unique);
  const results = await Promise.all(
    unique.map((symbol) => toResult(symbol, known.has(symbol), lookUp)),
  );
  const totalSucceeded = results.filter(({ status }) => status === 'success').length;
  return {
    results,
    totalRequested: results.length,
    totalSucceeded,
    totalFailed: results.length - totalSucceeded,
    processedAt: new Date().toISOString(),
  };
}

const unkept = { 'cache-control': 'no-store' };

/** Market data, many symbols at a time. */
export function createBatchDataRoutes(market: Market): Router {
  const router = createRouter();

  router.openapi(quotesRoute, async (c) => {
    const asked = c.req.valid('json');
    await c.get('countItems')(asked.symbols.length);
    return c.json(await answer(market, asked.symbols, market.quote), 200, unkept);
  });

  router.openapi(fundamentalsRoute, async (c) => {
    const asked = c.req.valid('json');
    await c.get('countItems')(asked.symbols.length);
    return c.json(await answer(market, asked.symbols, market.fundamentals), 200, unkept);
  });

  router.openapi(historyRoute, async (c) => {
    const { symbols: asked, ...query } = c.req.valid('json');
    const period = readPeriod(query, 422);
    await c.get('countItems')(asked.length);
    const lookUp = (symbol: string) => market.history(symbol, period);
    return c.json(await answer(market, asked, lookUp), 200, unkept);
  });

  router.openapi(newsRoute, async (c) => {
    const { symbols: asked, limit } = c.req.valid('json');
    await c.get('countItems')(asked.length);
    const lookUp = async (symbol: string) => {
      const found = await market.news(symbol);
      return { ...found, value: { articles: found.value.articles.slice(0, limit) } };
    };
    return c.json(await answer(market, asked, lookUp), 200, unkept);
  });

  return router;
}
