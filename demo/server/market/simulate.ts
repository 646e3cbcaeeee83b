import type { Instrument } from './instruments.ts';
import type { Period } from './period.ts';
import {
  dayMs,
  dayOf,
  isTradingDay,
  pricesOf,
  randomFor,
  round,
  startOfDay,
  toDate,
  tradingDayBefore,
  volumeOf,
} from './prices.ts';
import type { Article, Fundamentals, History, Quote } from './schemas.ts';

/** What an instrument costs at a time. */
export function simulateQuote(instrument: Instrument, atMs: number): Quote {
  const { symbol, name, exchange, currency } = instrument;
  const today = startOfDay(atMs);
  const day = isTradingDay(today, atMs) ? today : tradingDayBefore(today);
  const prices = pricesOf(symbol);
  const { open, high, low, close } = dayOf(prices, day, atMs);
  const previousClose = dayOf(prices, tradingDayBefore(day)).close;
  const change = round(close - previousClose);
  return {
    symbol,
    name,
    exchange,
    currency,
    price: close,
    change,
    changePercent: round((100 * change) / previousClose),
    open,
    high,
    low,
    previousClose,
    volume: volumeOf(symbol, day),
    asOf: new Date(atMs).toISOString(),
  };
}

/** What a company is worth and earns. */
export function simulateFundamentals(instrument: Instrument, atMs: number): Fundamentals {
  const { symbol, name, sector } = instrument;
  const random = randomFor(symbol, 'fundamentals');
  const today = startOfDay(atMs);
  const prices = pricesOf(symbol);
  const price = prices(today);
  const sharesOutstanding = random.integer(20, 9_000) * 1_000_000;
  const peRatio = round(random.between(8, 45));
  const year = Array.from({ length: 53 }, (_, week) => prices(today - week * 7 * dayMs));
  return {
    symbol,
    name,
    sector,
    marketCap: Math.round(price * sharesOutstanding),
    sharesOutstanding,
    peRatio,
    eps: round(price / peRatio),
    dividendYield: round(Math.max(0, random.between(-1.5, 5))),
    beta: round(random.between(0.4, 1.9)),
    high52Weeks: Math.max(...year),
    low52Weeks: Math.min(...year),
    employees: random.integer(200, 180_000),
    asOf: toDate(today),
  };
}

/** What an instrument did, day by day; there is nothing yet of days to come. */
export function simulateHistory(symbol: string, { from, to }: Period, atMs: number): History {
  const candles: History['candles'] = [];
  const prices = pricesOf(symbol);
  const last = Math.min(Date.parse(to), startOfDay(atMs));
  for (let day = Date.parse(from); day <= last; day += dayMs) {
    if (!isTradingDay(day, atMs)) continue;
    candles.push({
      date: toDate(day),
      ...dayOf(prices, day, atMs),
      volume: volumeOf(symbol, day),
    });
  }
  return { symbol, from, to, candles };
}

const events: readonly (readonly [headline: string, summary: string])[] = [
  ['{} beats expectations', 'Quarterly revenue came in above what analysts had forecast.'],
  ['{} lowers its outlook', 'Management expects slower growth in the second half of the year.'],
  ['{} names a new chief financial officer', 'The appointment takes effect next month.'],
  ['{} to buy back shares', 'The board has approved a programme that runs for two years.'],
  ['Analysts raise their target for {}', 'Two houses see more room after the latest figures.'],
  ['{} opens a second plant', 'It will employ about a thousand people when it is complete.'],
  ['{} settles a dispute over patents', 'Terms were not made known.'],
  ['{} signs a supply agreement', 'Deliveries are to begin within the year.'],
];
const sources = ['Market Wire', 'The Daily Ledger', 'Street Report', 'Capital Times'];

function simulateArticle({ symbol, name }: Instrument, dayStart: number): Article {
  const random = randomFor(symbol, 'news', String(dayStart));
  const [headline, summary] = events[random.integer(0, events.length - 1)]!;
  return {
    id: `${symbol}-${toDate(dayStart)}`,
    symbol,
    headline: headline.replace('{}', name),
    summary,
    source: sources[random.integer(0, sources.length - 1)]!,
    publishedAt: new Date(dayStart + random.integer(0, 86_399) * 1000).toISOString(),
  };
}

const byTime = (one: Article, other: Article) => other.publishedAt.localeCompare(one.publishedAt);

const isPast = (atMs: number) => (article: Article) => Date.parse(article.publishedAt) <= atMs;

/** How many articles there are at most of one instrument, and of all. */
export const maxArticles = 100;

/** What is written about an instrument: something every third day or so. */
export function simulateNews(instrument: Instrument, atMs: number): Article[] {
  const today = startOfDay(atMs);
  return Array.from({ length: 3 * maxArticles }, (_, ago) => today - ago * dayMs)
    .filter((day) => randomFor(instrument.symbol, 'busy', String(day)).next() < 1 / 3)
    .map((day) => simulateArticle(instrument, day))
    .filter(isPast(atMs))
    .sort(byTime)
    .slice(0, maxArticles);
}

/** What is written about any of them in these days. */
export function simulateHeadlines(instruments: readonly Instrument[], atMs: number): Article[] {
  const today = startOfDay(atMs);
  const articles = [today, today - dayMs, today - 2 * dayMs].flatMap((day) => {
    const random = randomFor('headlines', String(day));
    const chosen = Array.from(
      { length: maxArticles },
      () => instruments[random.integer(0, instruments.length - 1)]!,
    );
    return [...new Set(chosen)].map((instrument) => simulateArticle(instrument, day));
  });
  return articles.filter(isPast(atMs)).sort(byTime).slice(0, maxArticles);
}
