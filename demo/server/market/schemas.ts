import { z } from '@hono/zod-openapi';

/** What symbols look like; whether there is one is another question. */
export const symbolSyntax = /^[A-Z][A-Z0-9.-]{0,9}$/;

export const quote = z
  .object({
    symbol: z.string(),
    name: z.string(),
    exchange: z.string(),
    currency: z.string(),
    price: z.number(),
    change: z.number().openapi({ description: 'Since the previous close' }),
    changePercent: z.number(),
    open: z.number(),
    high: z.number(),
    low: z.number(),
    previousClose: z.number(),
    volume: z.int(),
    asOf: z.iso.datetime(),
  })
  .openapi('Quote', {
    example: {
      symbol: 'AAPL',
      name: 'Apple Inc.',
      exchange: 'NASDAQ',
      currency: 'USD',
      price: 271.36,
      change: -0.34,
      changePercent: -0.13,
      open: 271.59,
      high: 271.59,
      low: 271.36,
      previousClose: 271.7,
      volume: 3_926_350,
      asOf: '2026-11-26T15:00:00.000Z',
    },
  });

export const fundamentals = z
  .object({
    symbol: z.string(),
    name: z.string(),
    sector: z.string(),
    marketCap: z.number().openapi({ description: 'In dollars' }),
    sharesOutstanding: z.int(),
    peRatio: z.number(),
    eps: z.number(),
    dividendYield: z.number().openapi({ description: 'In percent' }),
    beta: z.number(),
    high52Weeks: z.number(),
    low52Weeks: z.number(),
    employees: z.int(),
    asOf: z.iso.date(),
  })
  .openapi('Fundamentals', {
    example: {
      symbol: 'BRK.B',
      name: 'Berkshire Hathaway Inc.',
      sector: 'Finance',
      marketCap: 1_872_194_610_000,
      sharesOutstanding: 3_029_000_000,
      peRatio: 20.62,
      eps: 29.98,
      dividendYield: 1.27,
      beta: 0.48,
      high52Weeks: 618.09,
      low52Weeks: 408.97,
      employees: 112_724,
      asOf: '2026-11-26',
    },
  });

export const history = z
  .object({
    symbol: z.string(),
    from: z.iso.date(),
    to: z.iso.date(),
    candles: z.array(
      z.object({
        date: z.iso.date(),
        open: z.number(),
        high: z.number(),
        low: z.number(),
        close: z.number(),
        volume: z.int(),
      }),
    ),
  })
  .openapi('History', {
    description: 'A candle for each trading day, the earliest first',
    example: {
      symbol: 'AAPL',
      from: '2026-01-02',
      to: '2026-01-02',
      candles: [
        {
          date: '2026-01-02',
          open: 271.41,
          high: 271.53,
          low: 271.41,
          close: 271.53,
          volume: 1_613_435,
        },
      ],
    },
  });

export const article = z
  .object({
    id: z.string(),
    symbol: z.string(),
    headline: z.string(),
    summary: z.string(),
    source: z.string(),
    publishedAt: z.iso.datetime(),
  })
  .openapi('Article', {
    example: {
      id: 'AAPL-2026-11-20',
      symbol: 'AAPL',
      headline: 'Apple Inc. signs a supply agreement',
      summary: 'Deliveries are to begin within the year.',
      source: 'Market Wire',
      publishedAt: '2026-11-20T04:42:09.000Z',
    },
  });

export const news = z
  .object({ articles: z.array(article) })
  .openapi('News', { description: 'The latest first' });

export type Quote = z.infer<typeof quote>;
export type Fundamentals = z.infer<typeof fundamentals>;
export type History = z.infer<typeof history>;
export type Article = z.infer<typeof article>;
export type News = z.infer<typeof news>;
