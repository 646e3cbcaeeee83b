/** What a `Cache-Control` field says: directives in lower case, each with its argument or ''. */
export type Directives = ReadonlyMap<string, string>;

const nothing: Directives = new Map();

/** Reads `Cache-Control` (RFC 9111, 5.2); of a repeated directive the first counts. */
export function directivesOf(field: string | null | undefined): Directives {
  if (!field) return nothing;
  const found = new Map<string, string>();
  for (const [, name, argument = ''] of field.matchAll(/([^\s,="]+)(?:="?([^\s,"]*)"?)?/g)) {
    const key = name!.toLowerCase();
    if (!found.has(key)) found.set(key, argument);
  }
  return found;
}

/** The seconds of a directive in ms; 0 where they make no sense. */
const msOf = (argument: string): number =>
  /^\d{1,9}$/.test(argument) ? Number(argument) * 1000 : 0;

/** How old an answer may be for who asks so, in ms. */
export function toleratedAgeMs(asked: Directives): number {
  if (asked.has('no-cache')) return -1;
  const maxAge = asked.get('max-age');
  if (maxAge === undefined) return Infinity;
  // What is of this very moment is not what it was a moment ago.
  return msOf(maxAge) || -1;
}

/** The tags in `Cache-Tag`. */
export const tagsOf = (headers: Headers): readonly string[] =>
  (headers.get('cache-tag') ?? '').split(',').flatMap((tag) => tag.trim() || []);

/** Fields in which requests of one user to this server don't differ, or that make no difference in an item. */
const indifferent: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'cookie',
  'origin',
]);

/**
 * How long an answer may be kept for its user, in ms and at most `ttlMs`; 0 for not at all. What says
 * neither `max-age` nor, by a tag, how it is taken back, is not kept: nobody would know when it is wrong.
 */
export function keepingMs({ status, headers }: Response, ttlMs: number): number {
  const says = directivesOf(headers.get('cache-control'));
  const varies = (headers.get('vary') ?? '').toLowerCase().split(',');
  const isBarred =
    status !== 200 ||
    says.has('no-store') ||
    says.has('no-cache') ||
    headers.has('set-cookie') ||
    headers.get('content-type')?.startsWith('text/event-stream') ||
    varies.some((name) => name.trim() !== '' && !indifferent.has(name.trim()));
  if (isBarred) return 0;
  const maxAge = says.get('max-age');
  if (maxAge !== undefined) return Math.min(msOf(maxAge), ttlMs);
  return tagsOf(headers).length > 0 ? ttlMs : 0;
}
