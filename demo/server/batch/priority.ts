import type { Priority } from 'carpool/server';

/** What somebody can't go on without: who they are. */
const critical: ReadonlySet<string> = new Set(['auth', 'login', 'logout']);
/** What somebody watches as it comes. */
const high: ReadonlySet<string> = new Set(['messages', 'stream', 'streaming', 'questions']);
/** What nobody is waiting for. */
const low: ReadonlySet<string> = new Set(['archive', 'archived', 'archives']);

/**
 * How urgent an item is that says nothing of it, by the segments of its path; figures, metadata and all
 * else are normal. A later rule doesn't undo an earlier one: archiving messages is still archiving.
 */
export function priorityOf(method: string, url: string): Priority {
  const segments = new URL(url).pathname.toLowerCase().split('/').slice(1);
  const has = (names: ReadonlySet<string>): boolean =>
    segments.some((segment) => names.has(segment));
  const createsSession = method === 'POST' && segments.at(-1) === 'sessions';
  if (createsSession || has(critical)) return 'critical';
  if (has(low)) return 'low';
  return has(high) ? 'high' : 'normal';
}
