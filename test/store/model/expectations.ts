import {
  canBeKept,
  isFresh,
  isInTime,
  isVariantFor,
  placeOf,
  type Asked,
  type Grant,
  type Reference,
} from './reference.ts';

// What must be answered without a request; otherwise a cache that never answers would pass.

interface Expected {
  readonly grants: readonly Grant[];
  readonly since: number;
}

export interface Expectations {
  /** Something about this URL has come: what was kept may have been replaced. */
  readonly forget: (url: string) => void;
  /** A tab can't tell who its user is, who may therefore have gone. */
  readonly forgetTab: (tab: number) => void;
  /** A call has been answered by the server; `grants` is what it was given. */
  readonly keep: (asked: Asked, grants: readonly Grant[]) => void;
  /** This tab begins to write what it keeps; the result says that it is on disk. */
  readonly flush: (tab: number) => () => void;
  /** Storage has failed. */
  readonly distrustDisk: () => void;
  /** The clock has been set back, or messages are lost: what is newer can't be told any more. */
  readonly giveUp: () => void;
  /** From where a call must be answered. */
  readonly source: (asked: Asked, openedAt: number, now: number) => 'memory' | 'store' | undefined;
}

const keyOf = ({ asker, url }: Pick<Asked, 'asker' | 'url'>): string =>
  `${String(placeOf(asker))} ${asker.credentials} ${url}`;

export function createExpectations(reference: Reference): Expectations {
  const memories = new Map<number, Map<string, Expected>>();
  const disk = new Map<string, Expected>();
  let isOn = true;
  let isDiskOn = true;

  const memoryOf = (tab: number): Map<string, Expected> => {
    const memory = memories.get(tab) ?? new Map<string, Expected>();
    memories.set(tab, memory);
    return memory;
  };

  const isGood = (
    grants: readonly Grant[],
    { asker, headers, mode }: Asked,
    now: number,
  ): boolean =>
    grants.every(
      (grant) =>
        !reference.isTouched(grant, asker.tab) &&
        isVariantFor(grant, headers) &&
        (mode === 'force-cache' ? isInTime : isFresh)(grant, now),
    );

  return {
    forget: (url) => {
      for (const map of [...memories.values(), disk]) {
        for (const [key, { grants }] of map) if (grants[0]!.url === url) map.delete(key);
      }
    },
    forgetTab: (tab) => {
      memories.delete(tab);
    },
    keep: (asked, grants) => {
      if (
        grants.length === 0 ||
        asked.startedAt < reference.changedAt(asked.asker.tab) ||
        (asked.asker.who !== null && reference.isShaken(asked.asker.tab)) ||
        !grants.every(canBeKept) ||
        grants.some((grant) => reference.isTouched(grant, asked.asker.tab))
      )
        return;
      memoryOf(asked.asker.tab).set(keyOf(asked), { grants, since: reference.tick() });
    },
    flush: (tab) => {
      const begun = [...memoryOf(tab)].filter(([key]) => !key.startsWith('session'));
      return () => {
        for (const [key, expected] of begun) {
          if (memoryOf(tab).get(key) !== expected) continue;
          if (expected.grants.some(reference.mayBeErased)) continue;
          disk.set(key, { ...expected, since: reference.tick() });
        }
      };
    },
    distrustDisk: () => {
      // What a storage that fails leaves to a tab isn't told here: only that it is right, and recovers.
      isOn = false;
      isDiskOn = false;
      disk.clear();
    },
    giveUp: () => {
      isOn = false;
    },
    source: (asked, openedAt, now) => {
      if (!isOn || (asked.mode !== 'default' && asked.mode !== 'force-cache')) return undefined;
      const key = keyOf(asked);
      const remembered = memoryOf(asked.asker.tab).get(key);
      if (remembered && isGood(remembered.grants, asked, now)) return 'memory';
      const written = isDiskOn ? disk.get(key) : undefined;
      if (!written || written.since >= openedAt) return undefined;
      const { grants } = written;
      const all = [...grants, ...grants.flatMap(reference.rivalsOf)];
      return isGood(all, asked, now) ? 'store' : undefined;
    },
  };
}
