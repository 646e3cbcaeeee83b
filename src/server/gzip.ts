import type { Bytes } from '../core/types.ts';
import { concat } from '../core/bytes.ts';

// Of Node's zlib, as much as is used here: the types of Node stay out of this package.
interface ZlibStream {
  write(chunk: Uint8Array, done: (error?: Error | null) => void): void;
  end(chunk: Uint8Array): void;
  on(event: 'data', listener: (chunk: Bytes) => void): void;
  on(event: 'end', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  destroy(): void;
}
interface Zlib {
  readonly constants: { readonly Z_SYNC_FLUSH: number };
  createGzip(options: { level: number; flush: number }): ZlibStream;
  gzip(
    bytes: Uint8Array,
    options: { level: number },
    done: (error: Error | null, compressed: Bytes) => void,
  ): void;
}
interface MaybeNode {
  readonly process?: { getBuiltinModule?: (name: string) => unknown };
}

/** Gzip with a flush, which `CompressionStream` has not: it would hold a finished line back. */
export interface GzipStream {
  /** Compresses a chunk and all that came before it, ready to be read by itself. */
  readonly write: (chunk: Bytes) => Promise<Bytes>;
  /** Compresses the last chunk and the trailer. */
  readonly end: (chunk: Bytes) => Promise<Bytes>;
  /** Gives up, freeing the compressor's memory at once. */
  readonly destroy: () => void;
}

// Beyond this level, small answers take longer and get hardly smaller.
const level = 5;

/** `node:zlib`, where the platform has it (Node, Bun, Deno, Workers with nodejs_compat). */
export function findZlib(): Zlib | null {
  const { process } = globalThis as MaybeNode;
  return (process?.getBuiltinModule?.('node:zlib') as Zlib | undefined) ?? null;
}

/** One compression context; one call at a time. */
export function createGzipStream(zlib: Zlib): GzipStream {
  const stream = zlib.createGzip({ level, flush: zlib.constants.Z_SYNC_FLUSH });
  let output: Bytes[] = [];
  let fail: (error: Error) => void = () => {};
  let ended: () => void = () => {};
  stream.on('data', (chunk) => {
    output.push(chunk);
  });
  stream.on('end', () => {
    ended();
  });
  stream.on('error', (error) => {
    fail(error);
  });
  const take = (): Bytes => {
    const bytes = concat(output);
    output = [];
    return bytes;
  };
  return {
    write: (chunk) =>
      new Promise((resolve, reject) => {
        fail = reject;
        stream.write(chunk, (error) => {
          if (error) reject(error);
          else resolve(take());
        });
      }),
    end: (chunk) =>
      new Promise((resolve, reject) => {
        fail = reject;
        ended = () => {
          resolve(take());
        };
        stream.end(chunk);
      }),
    destroy: () => {
      stream.destroy();
    },
  };
}

/** Compresses a whole answer. */
export function gzipWhole(zlib: Zlib, bytes: Bytes): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    zlib.gzip(bytes, { level }, (error, compressed) => {
      if (error) reject(error);
      else resolve(compressed);
    });
  });
}
