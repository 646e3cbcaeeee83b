import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { RedisLink } from './redis.ts';

/** How many points a key may spend in so many seconds. */
export interface Limit {
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

/** What became of an attempt to spend. */
export interface Verdict {
  readonly isAllowed: boolean;
  readonly left: number;
  /** Until all points are there again. */
  readonly resetMs: number;
}

export interface Limiter extends Limit {
  readonly spend: (key: string, points: number) => Promise<Verdict>;
  /** Gives back what was spent. */
  readonly refund: (key: string, points: number) => Promise<void>;
}

const toVerdict = (
  isAllowed: boolean,
  { remainingPoints, msBeforeNext }: RateLimiterRes,
): Verdict => ({
  isAllowed,
  left: Math.max(0, remainingPoints),
  resetMs: Math.max(0, msBeforeNext),
});

/** Counts in Redis, so that processes share a limit; in memory where there is none, or while it is away. */
export function createLimiter(
  { name, points: limit, seconds }: Limit,
  redis: RedisLink | null,
): Limiter {
  const memory = new RateLimiterMemory({ keyPrefix: name, points: limit, duration: seconds });
  const shared =
    redis &&
    new RateLimiterRedis({
      storeClient: redis.client,
      keyPrefix: `limit:${name}`,
      points: limit,
      duration: seconds,
    });

  async function use<T>(work: (limiter: RateLimiterAbstract) => Promise<T>): Promise<T> {
    if (!shared || !redis?.isUp()) return work(memory);
    try {
      return await work(shared);
    } catch (error) {
      if (error instanceof RateLimiterRes) throw error;
      redis.failed(error);
      return work(memory);
    }
  }

  return {
    name,
    points: limit,
    seconds,
    spend: async (key, points) => {
      try {
        return toVerdict(true, await use((limiter) => limiter.consume(key, points)));
      } catch (error) {
        if (error instanceof RateLimiterRes) return toVerdict(false, error);
        throw error;
      }
    },
    refund: async (key, points) => {
      await use((limiter) => limiter.reward(key, points));
    },
  };
}
