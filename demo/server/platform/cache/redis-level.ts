import type { Redis } from 'ioredis';
import type { RedisLink } from '../redis.ts';
import { isExact } from './kinds.ts';
import type { Stored } from './sqlite-level.ts';

/** Its methods give null while Redis is away: they never fail, and nobody waits for it. */
export interface RedisLevel {
  readonly getMany: (keys: readonly string[]) => Promise<readonly (string | undefined)[] | null>;
  readonly setMany: (entries: readonly Stored[]) => Promise<true | null>;
  /** Removes what matches, now or as soon as Redis is back; gives its keys. */
  readonly drop: (patterns: readonly string[]) => Promise<readonly string[] | null>;
  readonly keys: () => Promise<readonly string[] | null>;
  readonly close: () => void;
}

export interface RedisLevelOptions {
  readonly now: () => number;
  /** Redis is back; this was removed in the meantime, which others can't have heard of. */
  readonly onReturn: (patterns: readonly string[]) => void;
}

const prefix = 'carpool:cache:';

const [keysPerCommand, maxMissed] = [500, 1_000];

async function find(client: Redis, pattern: string): Promise<readonly string[]> {
  if (isExact(pattern)) return [pattern];
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', prefix + pattern, 'COUNT', 1_000);
    for (const key of keys) found.add(key.slice(prefix.length));
    cursor = next;
  } while (cursor !== '0');
  return [...found];
}

async function remove(client: Redis, patterns: readonly string[]): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const pattern of patterns) {
    const keys = await find(client, pattern);
    for (let at = 0; at < keys.length; at += keysPerCommand) {
      const chunk = keys.slice(at, at + keysPerCommand);
      const count = await client.unlink(chunk.map((key) => prefix + key));
      if (count > 0) removed.push(...chunk);
    }
  }
  return removed;
}

/** The second level, which processes share. */
export function createRedisLevel(
  link: RedisLink,
  { now, onReturn }: RedisLevelOptions,
): RedisLevel {
  /** Patterns of what Redis may hold and should not: it was away when that was written, or removed. */
  const missed = new Map<string, 'written' | 'removed'>();
  let catchingUp: Promise<void> | undefined;

  const miss = (patterns: readonly string[], what: 'written' | 'removed'): void => {
    // That it was removed outweighs that it was written: others must hear of it.
    for (const pattern of patterns) {
      if (what === 'removed' || !missed.has(pattern)) missed.set(pattern, what);
    }
    if (missed.size <= maxMissed) return;
    const wasRemoved = [...missed.values()].includes('removed');
    missed.clear();
    missed.set('*', wasRemoved ? 'removed' : 'written');
  };

  async function catchUp(): Promise<void> {
    const caught = [...missed];
    await remove(
      link.client,
      caught.map(([pattern]) => pattern),
    );
    for (const [pattern] of caught) missed.delete(pattern);
    const removed = caught.filter(([, what]) => what === 'removed').map(([pattern]) => pattern);
    if (removed.length > 0) onReturn(removed);
  }

  async function use<T>(work: (client: Redis) => Promise<T>): Promise<T | null> {
    if (!link.isUp()) return null;
    try {
      if (missed.size > 0) {
        catchingUp ??= catchUp().finally(() => {
          catchingUp = undefined;
        });
        await catchingUp;
      }
      return await work(link.client);
    } catch (error) {
      link.failed(error);
      return null;
    }
  }

  const stopListening = link.onUp(() => void use(async () => {}));

  return {
    getMany: (keys) =>
      use(async (client) => {
        const values = await client.mget(keys.map((key) => prefix + key));
        return values.map((value) => value ?? undefined);
      }),
    setMany: async (entries) => {
      const done = await use(async (client) => {
        await Promise.all(
          entries.map(({ key, value, expiresAt }) =>
            client.set(prefix + key, value, 'PX', Math.max(1, expiresAt - now())),
          ),
        );
        return true as const;
      });
      if (!done) {
        miss(
          entries.map(({ key }) => key),
          'written',
        );
      }
      return done;
    },
    drop: async (patterns) => {
      const removed = await use((client) => remove(client, patterns));
      if (!removed) miss(patterns, 'removed');
      return removed;
    },
    keys: () => use((client) => find(client, '*')),
    close: stopListening,
  };
}
