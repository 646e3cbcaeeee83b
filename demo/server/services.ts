import { createTokens, type Tokens } from './auth/tokens.ts';
import { userTables } from './auth/users.ts';
import type { Config } from './config.ts';
import { createMarket, type Market } from './market/market.ts';
import { marketTables } from './market/tables.ts';
import { createUpstream } from './market/upstream.ts';
import { auditTables } from './operations/audit.ts';
import { createBus, type Bus } from './platform/bus.ts';
import { createCache, type Cache } from './platform/cache/cache.ts';
import { cacheTables } from './platform/cache/sqlite-level.ts';
import { openDatabase, type Database } from './platform/database.ts';
import { createLimiter, type Limiter } from './platform/limits.ts';
import { createLog, type Log } from './platform/log.ts';
import { createMetrics, type Metrics } from './platform/metrics.ts';
import { createRedisLink, type RedisLink } from './platform/redis.ts';

/** What the parts of the server share. */
export interface Services {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  /** Null where none is configured. */
  readonly redis: RedisLink | null;
  readonly bus: Bus;
  readonly cache: Cache;
  readonly market: Market;
  readonly metrics: Metrics;
  readonly tokens: Tokens;
  readonly limiters: {
    readonly items: Limiter;
    readonly batches: Limiter;
    readonly logins: Limiter;
  };
  /** No new requests should come: the server is going. */
  readonly isLeaving: () => boolean;
  readonly leave: () => void;
  readonly close: () => Promise<void>;
}

/** Those that fail. */
const loginsPerMinute = 10;

/** Opens all of it. */
export function createServices(config: Config, log: Log = createLog(config.LOG_LEVEL)): Services {
  const redis = config.REDIS_URL === undefined ? null : createRedisLink(config.REDIS_URL, log);
  const database = openDatabase(config.DATABASE, [
    userTables,
    auditTables,
    cacheTables,
    marketTables,
  ]);
  const bus = createBus(redis);
  const metrics = createMetrics();
  const cache = createCache({ database, redis, bus, metrics, log });
  const upstream = createUpstream({
    latencyMs: config.UPSTREAM_LATENCY_MS,
    failures: config.UPSTREAM_FAILURES,
    quotaPerMinute: config.UPSTREAM_QUOTA_PER_MINUTE,
  });
  const market = createMarket({ database, cache, upstream, log });
  let isLeaving = false;
  return {
    config,
    log,
    database,
    redis,
    bus,
    cache,
    market,
    metrics,
    tokens: createTokens(config.JWT_SECRET),
    limiters: {
      items: createLimiter({ name: 'items', perMinute: config.ITEMS_PER_MINUTE }, redis),
      batches: createLimiter({ name: 'batches', perMinute: config.BATCHES_PER_MINUTE }, redis),
      logins: createLimiter({ name: 'logins', perMinute: loginsPerMinute }, redis),
    },
    isLeaving: () => isLeaving,
    leave: () => {
      isLeaving = true;
    },
    close: async () => {
      market.close();
      await cache.close();
      bus.close();
      await redis?.close();
      database.close();
    },
  };
}
