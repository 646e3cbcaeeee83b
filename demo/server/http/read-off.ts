// Four times what the largest bodies here may have; who sends more finds the connection closed.
const maxBytes = 4 * 1_048_576;

/**
 * Reads a body that nobody wants, before it is refused: else the connection is closed while its client is still
 * sending, or already makes the next request on it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-9.6
 */
export async function readOff({ body }: Request): Promise<void> {
  if (!body || body.locked) return;
  const reader = body.getReader();
  try {
    for (let bytes = 0; bytes < maxBytes;) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.length;
    }
  } catch {
    // The client has gone.
  }
}
