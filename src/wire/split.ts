import { concat } from '../core/bytes.ts';
import type { Bytes } from '../core/types.ts';

export interface LineSplitter {
  /** The lines that `chunk` completes, without their line feeds; empty lines included. */
  readonly push: (chunk: Uint8Array) => Bytes[];
  /** What is left behind the last line feed. */
  readonly rest: () => Bytes;
}

const lineFeed = 0x0a;

/**
 * Splits a byte stream into lines. A line feed is one byte in UTF-8 and occurs inside no other
 * character, so chunks may be cut anywhere. Takes time in proportion to the bytes, however small the
 * chunks are.
 */
export function createLineSplitter(): LineSplitter {
  // The beginning of the current line, in pieces: joining at each chunk would be quadratic.
  let pending: Uint8Array[] = [];
  return {
    push: (chunk) => {
      const lines: Bytes[] = [];
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
        const piece = chunk.subarray(start, end);
        lines.push(pending.length > 0 ? concat([...pending, piece]) : (piece as Bytes));
        pending = [];
        start = end + 1;
      }
      if (start < chunk.length) pending.push(chunk.subarray(start));
      return lines;
    },
    rest: () => concat(pending),
  };
}
