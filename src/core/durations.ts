import { invalid } from './checks.ts';

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds, or a number with a unit: `'500ms'`, `'30s'`, `'2m'`, `'1h'`, `'7d'`. */
export type Duration = number | `${number}${keyof typeof units}`;

/**
 * Reads a duration as milliseconds.
 *
 * @param name what the duration is for; the error says it, and `also`, what else would be right.
 * @throws TypeError if `value` is neither a number >= 0 nor such a string.
 */
export function parseDuration(value: Duration, name: string, also = ''): number {
  if (typeof value === 'number' && value >= 0) return value;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(value));
  if (!match) {
    throw invalid(
      `${name} must be milliseconds >= 0 or a string such as '500ms', '30s' or '2m'${also}`,
      value,
    );
  }
  return Number(match[1]) * units[match[2] as keyof typeof units];
}

/** Reads a limit as milliseconds; false for none. @throws as `parseDuration` does. */
export const parseLimit = (value: Duration | false, name: string): number | false =>
  value === false ? false : parseDuration(value, name, ', or false for no limit');
