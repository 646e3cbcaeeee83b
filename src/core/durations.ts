const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds, or a number with a unit: `'500ms'`, `'30s'`, `'2m'`, `'1h'`, `'7d'`. */
export type Duration = number | `${number}${keyof typeof units}`;

/**
 * Reads a duration as milliseconds.
 *
 * @param name what the duration is for; the error says it.
 * @throws TypeError if `value` is neither a number >= 0 nor such a string.
 */
export function parseDuration(value: Duration, name: string): number {
  if (typeof value === 'number' && value >= 0) return value;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(value));
  if (!match) {
    throw new TypeError(
      `${name} must be milliseconds >= 0 or a string such as '500ms', '30s' or '2m', got ${String(value)}`,
    );
  }
  return Number(match[1]) * units[match[2] as keyof typeof units];
}
