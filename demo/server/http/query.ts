/** What a query parameter is measured in, and how much of it is allowed. */
interface Scale {
  readonly unit: string;
  readonly max: number;
}

/**
 * Reads a whole number from a query; undefined when the parameter is absent.
 *
 * @throws RangeError naming the parameter, the value received and the bounds
 */
export function readWhole(
  query: URLSearchParams,
  name: string,
  { unit, max }: Scale,
): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  // Number('') is 0 and Number('1e3') is 1000: a query deserves a stricter reading.
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(value <= max)) {
    throw new RangeError(`${name} must be whole ${unit} from 0 to ${max}, got '${text}'`);
  }
  return value;
}
