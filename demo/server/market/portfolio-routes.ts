import { createRoute, z } from '@hono/zod-openapi';
import { fieldQuery, selectFields } from '../http/fields.ts';
import { refuse } from '../http/problem.ts';
import { body, createRouter, json, problems, type Router } from '../http/router.ts';
import type { Services } from '../services.ts';
import { createHoldings } from './holdings.ts';
import { symbolParam } from './parameters.ts';
import { valuate } from './portfolio.ts';
import { requireSymbol } from './refusals.ts';

const holding = z
  .object({
    symbol: z.string(),
    name: z.string(),
    shares: z.number(),
    averageCost: z.number().openapi({ description: 'Of a share, in dollars' }),
    since: z.iso.datetime(),
  })
  .openapi('Holding', {
    example: {
      symbol: 'AAPL',
      name: 'Apple Inc.',
      shares: 12.5,
      averageCost: 187.2,
      since: '2026-01-02T15:00:00.000Z',
    },
  });

const position = holding
  .extend({
    price: z.number().nullable(),
    value: z.number().nullable(),
    gain: z.number().nullable(),
    gainPercent: z.number().nullable(),
  })
  .openapi('Position');

const portfolio = z
  .object({
    positions: z.array(position),
    totalValue: z.number(),
    totalGain: z.number(),
    isComplete: z.boolean().openapi({ description: 'Whether all prices are known' }),
  })
  .openapi('Portfolio');

const newHolding = z
  .strictObject({
    shares: z.number().positive().max(1e9),
    averageCost: z.number().min(0).max(1e9),
  })
  .openapi('NewHolding', { example: { shares: 12.5, averageCost: 187.2 } });

const maxHoldings = 500;

const tag = 'portfolio';

const read = createRoute({
  method: 'get',
  path: '/api/portfolio',
  tags: ['market'],
  summary: 'What you hold, and what it is worth',
  description: 'A position whose price can’t be had is there all the same, without its value.',
  request: { query: z.object({ fields: fieldQuery(portfolio) }) },
  responses: { 200: json(portfolio.partial(), 'The portfolio'), ...problems(400, 401) },
});

const put = createRoute({
  method: 'put',
  path: '/api/portfolio/{symbol}',
  tags: ['market'],
  summary: 'Sets how much you hold of a symbol',
  request: { params: symbolParam, body: body(newHolding) },
  responses: {
    200: json(holding, 'It was there'),
    201: json(holding, 'It is there now'),
    ...problems(400, 401, 404, 409, 415, 422),
  },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/portfolio/{symbol}',
  tags: ['market'],
  summary: 'Takes a symbol out of your portfolio',
  request: { params: symbolParam },
  responses: { 204: { description: 'It is gone' }, ...problems(401, 404) },
});

/** What each user holds. */
export function createPortfolioRoutes({ database, market, bus }: Services): Router {
  const router = createRouter();
  const holdings = createHoldings(database);

  router.openapi(read, async (c) => {
    const valuated = await valuate(market, holdings.all(c.get('user').id));
    const whole = { ...valuated.portfolio, positions: [...valuated.portfolio.positions] };
    return c.json(selectFields(whole, c.req.valid('query').fields), 200, {
      'cache-control': `private, max-age=${valuated.ttlSeconds}`,
      // It changes with any quote.
      'cache-tag': `${tag}, quotes`,
    });
  });

  router.openapi(put, (c) => {
    const { symbol } = c.req.valid('param');
    const { shares, averageCost } = c.req.valid('json');
    const user = c.get('user').id;
    requireSymbol(market, symbol);
    const isKnown = holdings.find(user, symbol) !== undefined;
    if (!isKnown && holdings.count(user) >= maxHoldings) {
      const detail = `A portfolio has room for ${maxHoldings} symbols. Delete one first.`;
      return refuse(409, 'The portfolio is full', detail);
    }
    holdings.put(user, symbol, shares, averageCost);
    bus.announce({ tags: [tag], user });
    return c.json(holdings.find(user, symbol)!, isKnown ? 200 : 201);
  });

  router.openapi(remove, (c) => {
    const { symbol } = c.req.valid('param');
    const user = c.get('user').id;
    if (!holdings.remove(user, symbol)) {
      return refuse(404, 'Not held', `'${symbol}' is not in your portfolio.`);
    }
    bus.announce({ tags: [tag], user });
    return c.body(null, 204);
  });

  return router;
}
