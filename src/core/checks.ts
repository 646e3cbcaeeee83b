/** Checks of options; each throws an error that names the option and shows the value received. */

export function positiveInteger(value: number, name: string): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(`${name} must be an integer >= 1, got ${String(value)}`);
}

export function list<T>(value: readonly T[], name: string): readonly T[] {
  if (Array.isArray(value)) return value;
  throw new TypeError(`${name} must be an array, got ${String(value)}`);
}

export function flag(value: boolean, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`${name} must be true or false, got ${String(value)}`);
}
