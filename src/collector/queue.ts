import type { Call, Priority } from '../core/types.ts';

/** A call that waits for its batch. */
export interface Waiting {
  readonly call: Call;
  /** An upper bound of its bytes in the batch's request body. */
  readonly bytes: number;
  /** Milliseconds, on the collector's clock. */
  readonly since: number;
  /** Grows with each call: arrival order. */
  readonly order: number;
}

export interface Caps {
  readonly maxItems: number;
  readonly maxBytes: number;
}

export interface Queue<W extends Waiting> {
  readonly add: (waiting: W) => void;
  readonly remove: (waiting: W) => void;
  readonly size: () => number;
  readonly bytes: () => number;
  /** How many wait that are not `low`, and so may not be kept for an idle moment. */
  readonly pressing: () => number;
  /** The most urgent. */
  readonly urgent: () => W | undefined;
  /** Whoever has waited too long, and longest. */
  readonly overdue: (now: number) => W | undefined;
  /** Takes the next batch out, with `first` in it, sorted by priority, then arrival. */
  readonly take: (first: W, caps: Caps, now: number) => W[];
}

/** A call that has waited this long goes before more urgent ones: what bounds starvation. */
export const agingMs = 2000;

const ranks: Readonly<Record<Priority, number>> = { critical: 0, high: 1, normal: 2, low: 3 };

/** Most urgent first, then by arrival. */
export const byUrgency = (a: Waiting, b: Waiting): number =>
  ranks[a.call.priority] - ranks[b.call.priority] || a.order - b.order;

/** Those of one priority. */
interface Shelf<W> {
  /** In order of arrival. */
  readonly all: Set<W>;
  readonly first: () => W | undefined;
}

function createShelf<W>(): Shelf<W> {
  const all = new Set<W>();
  // Lasting: each new iterator of a Set passes over the places of all who have gone.
  let next = all.values();
  let first: W | undefined;
  return {
    all,
    first: () => {
      if (all.size === 0) return undefined;
      while (first === undefined || !all.has(first)) {
        first = next.next().value;
        // One that has come to its end stays there, whoever is added.
        if (first === undefined) next = all.values();
      }
      return first;
    },
  };
}

/**
 * The calls that wait for one lane: first in, first out within each priority. Adding and removing
 * take constant time, taking a batch time in proportion to the batch.
 */
export function createQueue<W extends Waiting>(): Queue<W> {
  const shelves = Array.from({ length: 4 }, () => createShelf<W>());
  let bytes = 0;
  const shelfOf = (waiting: W): Set<W> => shelves[ranks[waiting.call.priority]]!.all;
  const size = (): number => shelves.reduce((sum, { all }) => sum + all.size, 0);
  const remove = (waiting: W): void => {
    if (shelfOf(waiting).delete(waiting)) bytes -= waiting.bytes;
  };
  const overdue = (now: number): W | undefined => {
    let oldest: W | undefined;
    for (const shelf of shelves) {
      const first = shelf.first();
      if (first && now - first.since >= agingMs && (!oldest || first.order < oldest.order)) {
        oldest = first;
      }
    }
    return oldest;
  };
  const urgent = (): W | undefined => {
    for (const shelf of shelves) if (shelf.all.size > 0) return shelf.first();
    return undefined;
  };
  return {
    add: (waiting) => {
      shelfOf(waiting).add(waiting);
      bytes += waiting.bytes;
    },
    remove,
    size,
    bytes: () => bytes,
    pressing: () => size() - shelves[ranks.low]!.all.size,
    urgent,
    overdue,
    take: (first, { maxItems, maxBytes }, now) => {
      const taken: W[] = [];
      let total = 0;
      // Half a batch at most for the overdue: under overload they may not shut out what is urgent.
      const next = (): W | undefined =>
        (taken.length < maxItems / 2 && total < maxBytes / 2 ? overdue(now) : undefined) ??
        urgent();
      let waiting: W | undefined = first;
      for (; waiting && taken.length < maxItems; waiting = next()) {
        if (taken.length > 0 && total + waiting.bytes > maxBytes) break;
        remove(waiting);
        taken.push(waiting);
        total += waiting.bytes;
      }
      return taken.sort(byUrgency);
    },
  };
}
