/** One direction of a line that all connections share. */
export interface Link {
  /** When the last bit of so many bytes has left, if they are handed in now. */
  readonly sent: (bytes: number) => number;
}

/**
 * A line that carries so many bits a second, in the order in which they are handed in.
 *
 * @param bitsPerSecond null for no limit
 */
export function createLink(bitsPerSecond: number | null, now: () => number): Link {
  if (bitsPerSecond === null) return { sent: () => now() };
  let freeAt = 0;
  return {
    sent(bytes) {
      freeAt = Math.max(freeAt, now()) + (bytes * 8000) / bitsPerSecond;
      return freeAt;
    },
  };
}
