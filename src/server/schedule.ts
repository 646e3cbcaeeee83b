import type { Group, Item } from './plan.ts';

/** Decides which group runs next. */
export interface Schedule {
  /** The next group that may start: the most urgent, then the first to arrive; null if none may. */
  readonly next: () => Group | null;
  /**
   * Takes note that a group has been answered.
   *
   * @returns the groups that can't run any more, because an item they depend on failed.
   */
  readonly settle: (group: Group, hasFailed: boolean) => readonly Doomed[];
}

/** A group that won't run. */
export interface Doomed {
  readonly group: Group;
  /** The index of the item whose failure is to blame. */
  readonly failed: number;
}

const none: readonly Doomed[] = [];

/** A batch's order of work. Dependencies point to earlier items only, so there are no cycles. */
export function createSchedule(items: readonly Item[], groups: readonly Group[]): Schedule {
  /** By group: how many items it still waits for. */
  const unmet = new Map<Group, number>();
  /** By index of an item: the groups that wait for it. */
  const waiting = new Map<number, Group[]>();
  /** Ascending in urgency, then arrival, the next one last. */
  const ready: Group[] = [];

  const isLater = (a: Group, b: Group): boolean =>
    a.urgency === b.urgency ? a.items[0]! > b.items[0]! : a.urgency > b.urgency;

  const makeReady = (group: Group): void => {
    let low = 0;
    let high = ready.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isLater(ready[middle]!, group)) low = middle + 1;
      else high = middle;
    }
    ready.splice(low, 0, group);
  };

  for (const group of groups) {
    // Only a group of one can depend on anything.
    const { dependsOn } = items[group.items[0]!]!;
    if (dependsOn.length === 0) {
      ready.push(group);
      continue;
    }
    unmet.set(group, dependsOn.length);
    for (const index of dependsOn) {
      const others = waiting.get(index);
      if (others) others.push(group);
      else waiting.set(index, [group]);
    }
  }
  ready.sort((a, b) => (isLater(a, b) ? -1 : 1));

  return {
    next: () => ready.pop() ?? null,
    settle: (group, hasFailed) => {
      if (waiting.size === 0) return none;
      const doomed: Doomed[] = [];
      for (const index of group.items) {
        for (const dependent of waiting.get(index) ?? []) {
          const left = unmet.get(dependent);
          // Already doomed by another failure.
          if (left === undefined) continue;
          if (hasFailed) {
            unmet.delete(dependent);
            doomed.push({ group: dependent, failed: index });
          } else if (left === 1) {
            unmet.delete(dependent);
            makeReady(dependent);
          } else {
            unmet.set(dependent, left - 1);
          }
        }
      }
      return doomed;
    },
  };
}
