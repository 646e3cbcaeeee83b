import { createTokens, type Tokens } from './auth/tokens.ts';
import { userTables } from './auth/users.ts';
import { chatTables } from './chat/tables.ts';
import { chargeTables } from './charges/tables.ts';
import type { Config } from './config.ts';
import { createMarket, type Market } from './market/market.ts';
import { marketTables } from './market/tables.ts';
import { createUpstream } from './market/upstream.ts';
import { auditTables } from './operations/audit.ts';
import { createBus, type Bus } from './platform/bus.ts';
import { createCache, type Cache } from './platform/cache/cache.ts';
import { cacheTables } from './platform/cache/sqlite-level.ts';
import { openDatabase, type Database } from './platform/database.ts';
import { createLeaving, type Leaving } from './platform/leaving.ts';
import { createLimiter, type Limiter } from './platform/limits.ts';
import { createJobs } from './platform/jobs/create-jobs.ts';
import type { Jobs } from './platform/jobs/jobs.ts';
import { createLog, type Log } from './platform/log.ts';
import { createMetrics, type Metrics } from './platform/metrics.ts';
import { createRedisLink, type RedisLink } from './platform/redis.ts';
import { resourceTables } from './resources/tables.ts';

/** What the parts of the server share. */
export interface Services extends Leaving {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
  /** Null where none is configured. */
  readonly redis: RedisLink | null;
  readonly bus: Bus;
  readonly cache: Cache;
  readonly market: Market;
  readonly metrics: Metrics;
  readonly jobs: Jobs;
  readonly tokens: Tokens;
  readonly limiters: {
    readonly items: Limiter;
    readonly batches: Limiter;
    readonly logins: Limiter;
  };
  readonly close: () => Promise<void>;
}

/** A running job that nobody has heard of for so long is another process's. */
const jobLockMs = 30_000;

/** Those that fail. */
const loginsPerMinute = 10;

/** Opens all of it; the database as an image of another one, where that is given. */
export function createServices(
  config: Config,
  log: Log = createLog(config.LOG_LEVEL),
  image?: Uint8Array,
): Services {
  const seconds = config.LIMIT_SECONDS;
  const redis = config.REDIS_URL === undefined ? null : createRedisLink(config.REDIS_URL, log);
  if (redis && config.JWT_SECRET === undefined) {
    log.warn(
      'JWT_SECRET is not set: tokens are good for this process alone, not for others on this Redis',
    );
  }
  const tables = [
    userTables,
    auditTables,
    chatTables,
    resourceTables,
    chargeTables,
    cacheTables,
    marketTables,
  ];
  const database = openDatabase(config.DATABASE, tables, image);
  const bus = createBus(redis);
  const metrics = createMetrics();
  const jobs = createJobs({
    redis,
    log,
    metrics,
    settings: {
      retries: config.JOB_RETRIES,
      backoffMs: config.JOB_BACKOFF_MS,
      keptMs: config.JOB_KEPT_SECONDS * 1000,
      concurrency: config.JOB_CONCURRENCY,
      maxPerUser: config.JOBS_PER_USER,
      lockMs: jobLockMs,
    },
  });
  const cache = createCache({ database, redis, bus, metrics, log });
  const upstream = createUpstream({
    latencyMs: config.UPSTREAM_LATENCY_MS,
    failures: config.UPSTREAM_FAILURES,
    quotaPerMinute: config.UPSTREAM_QUOTA_PER_MINUTE,
  });
  const market = createMarket({ database, cache, upstream, log });
  return {
    config,
    log,
    database,
    redis,
    bus,
    cache,
    market,
    metrics,
    jobs,
    tokens: createTokens(config.JWT_SECRET),
    limiters: {
      items: createLimiter({ name: 'items', points: config.ITEM_LIMIT, seconds }, redis),
      batches: createLimiter({ name: 'batches', points: config.BATCH_LIMIT, seconds }, redis),
      logins: createLimiter({ name: 'logins', points: loginsPerMinute, seconds: 60 }, redis),
    },
    ...createLeaving(),
    close: async () => {
      market.close();
      await cache.close();
      bus.close();
      await jobs.close();
      await redis?.close();
      database.close();
    },
  };
}
