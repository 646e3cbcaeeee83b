/**
 * Writes a part of a batch's answer up to its body, without the `id`: everything that parts with the
 * same answer share.
 *
 * @param body the raw JSON text of the body, on one line; empty for none.
 */
export function encodeAnswer(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): string {
  const head = `"status":${String(status)},"headers":${JSON.stringify(headers)}`;
  return body === '' ? head : `${head},"body":${body}`;
}

/** Writes one part as a JSON object; `body` is its last member, so that a reader may cut there. */
export function encodePart(id: string, answer: string): string {
  return `{"id":${JSON.stringify(id)},${answer}}`;
}
