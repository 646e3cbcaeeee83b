import { urgencies } from '../wire/encode.ts';
import type { Ask } from './item.ts';
import type { Settings } from './options.ts';
import type { Problem } from './problem.ts';
import type { WireRequest } from './schemas.ts';

/** One item of a batch, ready to be scheduled. */
export interface Item {
  readonly id: string;
  /** As its client wrote it. */
  readonly request: Pick<WireRequest, 'method' | 'url'>;
  /** What it asks for, or why it is refused. */
  readonly ask: Ask | Problem;
  /** The indices of the earlier items that it waits for, each once. */
  readonly dependsOn: readonly number[];
}

/** Items that one dispatch answers: the first runs, the others share its answer. */
export interface Group {
  /** Indices of items, ascending. */
  readonly items: readonly number[];
  /** RFC 9218 urgency, 0 (most urgent) to 7; the most urgent item's. */
  readonly urgency: number;
}

const urgencyField = /(?:^|[,;\s])u\s*=\s*([0-7])(?![\d.])/;

/** The urgency in a `Priority` field; 3 where it says nothing. */
export function urgencyOf(priority: string): number {
  return Number(urgencyField.exec(priority)?.[1] ?? 3);
}

/** What identical items agree in. The inherited fields are the same for all, so only own ones count. */
function keyOf({ method, url, headers }: Ask, inherited: Headers): string {
  if (headers.size === 0) return `${method} ${url}`;
  const own: string[] = [];
  for (const [name, value] of headers) {
    // A line feed stands in no name and no value.
    if (name !== 'priority' && inherited.get(name) !== value) own.push(`${name}\n${value}`);
  }
  own.sort();
  return [`${method} ${url}`, ...own].join('\n');
}

/**
 * Groups identical GETs and identical HEADs. None is merged across an unsafe item that stands
 * between them: what that changed must be seen. One that waits for others stays alone.
 */
export function planGroups(
  items: readonly Item[],
  inherited: Headers,
  { dedupe, priority }: Pick<Settings, 'dedupe' | 'priority'>,
): Group[] {
  const groups: { items: number[]; urgency: number }[] = [];
  const open = new Map<string, { items: number[]; urgency: number }>();
  for (const [index, { ask, dependsOn }] of items.entries()) {
    if (ask instanceof Error) {
      groups.push({ items: [index], urgency: 0 });
      continue;
    }
    const field = ask.headers.get('priority');
    const urgency =
      field === undefined ? urgencies[priority(ask.method, ask.url)] : urgencyOf(field);
    const isSafe = ask.method === 'GET' || ask.method === 'HEAD';
    if (!isSafe) open.clear();
    const key = dedupe && isSafe && dependsOn.length === 0 ? keyOf(ask, inherited) : null;
    const same = key === null ? undefined : open.get(key);
    if (same) {
      same.items.push(index);
      same.urgency = Math.min(same.urgency, urgency);
      continue;
    }
    const group = { items: [index], urgency };
    groups.push(group);
    if (key !== null) open.set(key, group);
  }
  return groups;
}
