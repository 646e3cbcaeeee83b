/** Checks of options; each throws an error that names the option and shows the value received. */

export function positiveInteger(value: number, name: string): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(`${name} must be an integer >= 1, got ${String(value)}`);
}

export function list<T>(value: readonly T[], name: string): readonly T[] {
  if (Array.isArray(value)) return value;
  throw new TypeError(`${name} must be an array, got ${String(value)}`);
}

export function strings(value: readonly string[], name: string): readonly string[] {
  const isList = Array.isArray(value);
  if (isList && value.every((member) => typeof member === 'string')) return value;
  const wrong: unknown = isList ? value.find((member) => typeof member !== 'string') : value;
  throw new TypeError(`${name} must be an array of strings, got ${String(wrong)}`);
}

/** Checks that a value is an object of options. */
export function section<T extends object>(value: T, name: string): T {
  if (typeof value === 'object' && (value as T | null) !== null) return value;
  throw new TypeError(`${name} must be an object of options, got ${String(value)}`);
}

export function flag(value: boolean, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`${name} must be true or false, got ${String(value)}`);
}
