import type { MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Limiter, Verdict } from '../platform/limits.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { AppEnv } from './context.ts';
import { problem } from './problem.ts';

/**
 * The fields that tell how much is left.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function limitFields(
  { name, points, seconds }: Limiter,
  { left, resetMs }: Verdict,
): [string, string][] {
  return [
    ['ratelimit-policy', `"${name}";q=${points};w=${seconds}`],
    ['ratelimit', `"${name}";r=${left};t=${Math.ceil(resetMs / 1000)}`],
  ];
}

/** The answer to one too many. */
export function tooMany(limiter: Limiter, verdict: Verdict): Response {
  const seconds = Math.max(1, Math.ceil(verdict.resetMs / 1000));
  const detail = `There are ${limiter.points} ${limiter.name} in ${limiter.seconds} s. Try again in ${seconds} s.`;
  const response = problem(429, 'Too many requests', detail);
  response.headers.set('retry-after', String(seconds));
  for (const [field, value] of limitFields(limiter, verdict)) response.headers.set(field, value);
  return response;
}

/** Refuses what a user asks for beyond a limit. */
export function createLimit(limiter: Limiter, metrics: Metrics): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const user = c.get('user') as AppEnv['Variables']['user'] | undefined;
    if (!user) return next();
    let verdict = await limiter.spend(user.id, 1);
    const refusal = (): Response => {
      metrics.limited.inc({ limit: limiter.name });
      return tooMany(limiter, verdict);
    };
    if (!verdict.isAllowed) return refusal();
    c.set('countItems', async (count) => {
      // One is counted already.
      if (count < 2) return;
      verdict = await limiter.spend(user.id, count - 1);
      if (!verdict.isAllowed) throw new HTTPException(429, { res: refusal() });
    });
    await next();
    // On what there is: `c.header` would make another response for each.
    const { headers } = c.res;
    for (const [field, value] of limitFields(limiter, verdict)) headers.set(field, value);
    return undefined;
  };
}
