/** Longer ones are refused, so that the memory of keys is bounded by their number. */
export const maxKeyLength = 255;

/** A String of RFC 8941, 3.3.3: printable ASCII in quotes, with `\"` and `\\` as the only escapes. */
const quoted = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;

/**
 * Reads the field `Idempotency-Key: "…"`; null if it is no such string, or an empty or too long one.
 * Parameters are refused too: the draft has none, and a field sent twice would look like one.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header
 */
export function readKey(field: string): string | null {
  const text = quoted.exec(field.trim())?.[1]?.replaceAll(/\\(.)/g, '$1') ?? '';
  return text.length >= 1 && text.length <= maxKeyLength ? text : null;
}
