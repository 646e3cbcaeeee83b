import { vi } from 'vitest';
import { createBus, type Announcement, type Bus } from '../../demo/server/platform/bus.ts';
import { createCache, type Cache } from '../../demo/server/platform/cache/cache.ts';
import { cacheTables } from '../../demo/server/platform/cache/sqlite-level.ts';
import { openDatabase, type Database } from '../../demo/server/platform/database.ts';
import { createLog } from '../../demo/server/platform/log.ts';
import { createMetrics, type Metrics } from '../../demo/server/platform/metrics.ts';
import { createRedisLink, type RedisLink } from '../../demo/server/platform/redis.ts';

export interface ServerCacheBench {
  readonly cache: Cache;
  readonly database: Database;
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly link: RedisLink | null;
  readonly announced: readonly Announcement[];
  /** What was logged. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly close: () => Promise<void>;
}

export interface ServerCacheOptions {
  readonly url?: string;
  readonly database?: Database;
  readonly patienceMs?: number;
  /** Stands between the cache and Redis. */
  readonly wrap?: (link: RedisLink) => RedisLink;
}

export const aDatabase = (): Database => openDatabase(':memory:', [cacheTables]);

/** The server's cache by itself, as one process has it. */
export function aServerCache({
  url,
  database = aDatabase(),
  patienceMs,
  wrap = (link) => link,
}: ServerCacheOptions = {}): ServerCacheBench {
  const lines: Record<string, unknown>[] = [];
  const log = createLog('info', {
    write: (line) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  });
  const link = url === undefined ? null : wrap(createRedisLink(url, log));
  const bus = createBus(link);
  const announced: Announcement[] = [];
  bus.listen((announcement) => announced.push(announcement));
  const metrics = createMetrics();
  const cache = createCache({
    database,
    redis: link,
    bus,
    metrics,
    log,
    ...(patienceMs !== undefined && { patienceMs }),
  });
  return {
    cache,
    database,
    bus,
    metrics,
    link,
    announced,
    lines,
    close: async () => {
      await cache.close();
      bus.close();
      await link?.close();
    },
  };
}

export async function whenUp({ isUp, onUp }: RedisLink): Promise<void> {
  if (isUp()) return;
  await new Promise<void>((resolve) => {
    const stop = onUp(() => {
      stop();
      resolve();
    });
  });
}

/** Waits for what other processes or Redis bring about; a slow machine is no reason to fail. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 30_000 });
