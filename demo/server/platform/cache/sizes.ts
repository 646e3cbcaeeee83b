import { kindNames, kindOf, type Kind } from './kinds.ts';
import type { MemoryLevel } from './memory-level.ts';
import type { RedisLevel } from './redis-level.ts';
import type { SqliteLevel } from './sqlite-level.ts';

export interface Size {
  readonly entries: number;
  /** Null where finding out would mean to read all of it. */
  readonly bytes: number | null;
}

/** What a level holds, by kind. */
export type LevelSizes = Readonly<Record<Kind, Size>>;

/** What each level holds at the moment; `redis` is null where there is none, or while it is away. */
export interface Sizes {
  readonly memory: LevelSizes;
  readonly redis: LevelSizes | null;
  readonly sqlite: LevelSizes;
}

const byKind = (sizeOf: (kind: Kind) => Size): LevelSizes =>
  Object.fromEntries(kindNames.map((kind) => [kind, sizeOf(kind)])) as unknown as LevelSizes;

/** Counts what the levels hold. */
export async function measure(
  memory: MemoryLevel,
  redis: RedisLevel | null,
  sqlite: SqliteLevel,
): Promise<Sizes> {
  const inMemory = Map.groupBy(memory.keys(), kindOf);
  const shared = await redis?.keys();
  const inRedis = shared ? Map.groupBy(shared, kindOf) : null;
  const inSqlite = new Map(sqlite.sizes().map((row) => [row.prefix, row]));
  return {
    memory: byKind((kind) => {
      const keys = inMemory.get(kind) ?? [];
      const bytes = keys.reduce((so, key) => so + memory.bytesOf(key), 0);
      return { entries: keys.length, bytes };
    }),
    redis: inRedis && byKind((kind) => ({ entries: inRedis.get(kind)?.length ?? 0, bytes: null })),
    sqlite: byKind((kind) => {
      const { entries = 0, bytes = 0 } = inSqlite.get(kind) ?? {};
      return { entries, bytes };
    }),
  };
}
