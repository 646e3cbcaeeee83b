import { HTTPException } from 'hono/http-exception';
import type { Market } from './market.ts';
import { UpstreamError } from './upstream.ts';
import { problem, refuse } from '../http/problem.ts';

const statuses = { failure: 502, quota: 503, timeout: 504 } as const;
const titles = {
  failure: 'The provider failed',
  quota: 'The provider’s quota is used up',
  timeout: 'The provider took too long',
};

/** An item's problem details, without a response around them. */
export interface ItemProblem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** What to tell of an upstream that gave nothing, where there is nothing stale either. */
export function toItemProblem({ code, message, retryAfterSeconds }: UpstreamError): ItemProblem {
  const remedy =
    retryAfterSeconds === undefined ? 'Try again.' : `Try again in ${retryAfterSeconds} s.`;
  return {
    type: 'about:blank',
    title: titles[code],
    status: statuses[code],
    detail: `${message} ${remedy}`,
  };
}

export const noSuchSymbol = (symbol: string): ItemProblem => ({
  type: 'about:blank',
  title: 'No such symbol',
  status: 404,
  detail: `There is no symbol '${symbol}'. Symbols are upper-case, such as AAPL or BRK.B.`,
});

/** Refuses what is no symbol. */
export function requireSymbol(market: Market, symbol: string): void {
  if (market.find([symbol]).has(symbol)) return;
  const { status, title, detail } = noSuchSymbol(symbol);
  refuse(status, title, detail);
}

/** Answers with a problem where the upstream gave nothing. */
export async function orRefuse<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const { status, title, detail } = toItemProblem(error);
    const response = problem(status, title, detail);
    if (error.retryAfterSeconds !== undefined) {
      response.headers.set('retry-after', String(error.retryAfterSeconds));
    }
    throw new HTTPException(status as 502, { res: response });
  }
}
