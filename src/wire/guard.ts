/** One item's answer as the envelope has it; its body stands apart. */
export interface WirePart {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether a parsed value is an item's answer: a string `id`, a `status` that a `Response` can have,
 * and `headers`, if any, that are strings.
 */
export function isWirePart(value: unknown): value is Omit<WirePart, 'headers'> & Partial<WirePart> {
  if (!isObject(value)) return false;
  const { id, status, headers } = value;
  return (
    typeof id === 'string' &&
    Number.isInteger(status) &&
    (status as number) >= 200 &&
    (status as number) <= 599 &&
    (headers === undefined ||
      (isObject(headers) && Object.values(headers).every((field) => typeof field === 'string')))
  );
}

/** What the server says of a whole batch; members this client doesn't know may be among them. */
export interface WireStats {
  readonly deduplicated?: number;
  readonly cacheHits?: number;
  /** How long the whole took, and an item on average. */
  readonly durationMs?: number;
  readonly averageMs?: number;
  /** Items whose `Set-Cookie` was left out, since the answer's head had gone. */
  readonly droppedSetCookie?: readonly string[];
}

/** Whether a parsed value is the line that ends a stream. */
export const isStatsLine = (value: unknown): value is { readonly stats: WireStats } =>
  isObject(value) && isObject(value['stats']);
