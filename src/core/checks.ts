/** Checks of options; each throws an error that names the option and shows the value received. */

/** A value as an error shows it: of objects the kind, since some have no text, or one that is empty. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  const isObject = typeof value === 'object' && value !== null;
  return isObject ? Object.prototype.toString.call(value) : String(value);
}

/** Such an error; strings are shown in quotes. @param what says what must be how. */
export const invalid = (
  what: string,
  value: unknown,
  Kind: TypeErrorConstructor | RangeErrorConstructor = TypeError,
): Error => new Kind(`${what}, got ${shown(value)}`);

/** Gives the value back if it is valid. @param name names the option. */
export type Check<T> = (value: T, name: string) => T;

/** A check of one value by itself. @param what says what it must be. */
export const must =
  <T>(
    what: string,
    isValid: (value: T) => boolean,
    Kind?: TypeErrorConstructor | RangeErrorConstructor,
  ): Check<T> =>
  (value, name) => {
    if (isValid(value)) return value;
    throw invalid(`${name} must be ${what}`, value, Kind);
  };

export const positiveInteger: Check<number> = /* @__PURE__ */ must(
  'an integer >= 1',
  (value) => Number.isInteger(value) && value >= 1,
  RangeError,
);

export const flag: Check<boolean> = /* @__PURE__ */ must(
  'true or false',
  (value) => typeof value === 'boolean',
);

/** Any array: what is in it is for its reader to know. */
export const list = /* @__PURE__ */ must('an array', Array.isArray) as <T>(
  value: readonly T[],
  name: string,
) => readonly T[];

/** Any function: what it takes is for its caller to know. */
export const callable = /* @__PURE__ */ must(
  'a function',
  (value) => typeof value === 'function',
) as <T>(value: T, name: string) => T;

export function strings(value: readonly string[], name: string): readonly string[] {
  const isList = Array.isArray(value);
  if (isList && value.every((member) => typeof member === 'string')) return value;
  const wrong: unknown = isList ? value.find((member) => typeof member !== 'string') : value;
  throw invalid(`${name} must be an array of strings`, wrong);
}

/** What else a section may be. */
export const orFalse = ', {} for the defaults, or false';
export const orLeftOut = ', or be left out';

/**
 * Checks that a value is an object of options, and has no others than these: a misspelt one would be of no
 * effect.
 *
 * @param names theirs, joined by `', '`; without, they may have any.
 * @param also what else would be right; the error says it.
 */
export function section<T extends object>(value: T, name: string, names?: string, also = ''): T {
  if (typeof value !== 'object' || (value as T | null) === null) {
    throw invalid(`${name} must be an object${also}`, value);
  }
  for (const member in value) {
    // What a page has given to all objects is nobody's mistake here.
    if (names && !(member in Object.prototype) && !`, ${names},`.includes(`, ${member},`)) {
      throw invalid(`a member of ${name} must be one of ${names}`, member);
    }
  }
  return value;
}
