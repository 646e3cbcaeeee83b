/** How a body travels inside the JSON envelope: as a JSON value, a string, or base64url. */
export type BodyKind = 'json' | 'text' | 'binary';

// Up to the parameters, which don't matter.
const json = /^(?:\s*(?:application|text)\/json|[^;]*\+json)\s*(?:;|$)/i;
const text = /^\s*(?:text\/|application\/x-www-form-urlencoded\s*(?:;|$))/i;

/** Tells by media type (RFC 9110, 8.3.1) how a body is written on the wire. */
export function bodyKind(contentType: string | null | undefined): BodyKind {
  const type = contentType ?? '';
  return json.test(type) ? 'json' : text.test(type) ? 'text' : 'binary';
}
