import { constants, brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** In bytes; a kB, here and in the README, has 1,000. */
export interface Weight {
  readonly minified: number;
  readonly gzip: number;
  readonly brotli: number;
}

/** What code weighs when it is sent, by the strongest setting of each: what a host compresses once. */
export function weigh(code: string): Weight {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return {
    minified: Buffer.byteLength(code),
    gzip: gzipSync(code, { level: constants.Z_BEST_COMPRESSION }).length,
    brotli: brotliCompressSync(code, { params }).length,
  };
}

/** Something that a page, or a server, loads. */
export interface Load {
  readonly name: string;
  /** A module that exports what an application would import. */
  readonly source: string;
  /** Packages that aren't counted. */
  readonly external?: readonly string[];
  /** @default 'browser' */
  readonly platform?: 'browser' | 'node';
}

/** Bundles and minifies it for production, as an application's bundler does. */
export async function bundle({
  source,
  external = [],
  platform = 'browser',
}: Load): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform,
    // Whoever has a slimmer form for production, has it by this condition or by this variable.
    conditions: ['production'],
    define: { 'process.env.NODE_ENV': '"production"' },
    external: [...external],
    legalComments: 'none',
    logLevel: 'silent',
    // The repo's own would lead `carpool` to the sources.
    tsconfigRaw: '{}',
  });
  return outputFiles[0]?.text ?? '';
}
