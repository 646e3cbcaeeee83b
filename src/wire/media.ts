/** How a body travels inside the JSON envelope: as a JSON value, a string, or base64url. */
export type BodyKind = 'json' | 'text' | 'binary';

const json = /^(?:application|text)\/json$|\+json$/;
const text = /^text\/|^application\/x-www-form-urlencoded$/;

/** Tells by media type (RFC 9110, 8.3.1) how a body is written on the wire; parameters don't matter. */
export function bodyKind(contentType: string | null | undefined): BodyKind {
  const essence = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
  return json.test(essence) ? 'json' : text.test(essence) ? 'text' : 'binary';
}
