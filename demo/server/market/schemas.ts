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
  .openapi('Quote');

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
  .openapi('Fundamentals');

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
  .openapi('History', { description: 'A candle for each trading day, the earliest first' });

const article = z
  .object({
    id: z.string(),
    symbol: z.string(),
    headline: z.string(),
    summary: z.string(),
    source: z.string(),
    publishedAt: z.iso.datetime(),
  })
  .openapi('Article');

export const news = z
  .object({ articles: z.array(article) })
  .openapi('News', { description: 'The latest first' });

export type Quote = z.infer<typeof quote>;
export type Fundamentals = z.infer<typeof fundamentals>;
export type History = z.infer<typeof history>;
export type Article = z.infer<typeof article>;
export type News = z.infer<typeof news>;
