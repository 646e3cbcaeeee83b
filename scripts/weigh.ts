import { readFile } from 'node:fs/promises';
import { constants, brotliCompressSync, gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import * as vite from 'vite';

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
  /** A module that exports what an application would import; or the file that a page loads as it is. */
  readonly source: string | URL;
  /** Packages that aren't counted. */
  readonly external?: readonly string[];
  /** @default 'browser' */
  readonly platform?: 'browser' | 'node';
  /** Which bundler minifies it; esbuild's names compress less well than those of most. @default 'vite' */
  readonly bundler?: 'vite' | 'esbuild';
}

const target = 'es2022';
// Whoever has a slimmer form for production, has it by this variable, or by a condition of that name.
const define = { 'process.env.NODE_ENV': '"production"' };

/** Bundles and minifies it for production, as an application's bundler does. */
export function bundle({ source, bundler, ...how }: Load): Promise<string> {
  if (source instanceof URL) return readFile(source, 'utf8');
  return bundler === 'esbuild' ? byEsbuild(source, how) : byVite(source, how);
}

type How = Pick<Load, 'external' | 'platform'>;

function byVite(source: string, how: How): Promise<string> {
  const id = `${process.cwd()}/load.js`;
  return buildByVite(id, how, {
    name: 'load',
    resolveId: (wanted) => (wanted === id ? id : undefined),
    load: (path) => (path === id ? source : undefined),
  });
}

/** What Vite makes of a module, by its defaults but for what isn't asked for here: pages and preloading. */
export async function buildByVite(
  input: string,
  { external = [], platform }: How,
  plugin: vite.Plugin,
): Promise<string> {
  const bundled = await vite.build({
    configFile: false,
    publicDir: false,
    logLevel: 'silent',
    plugins: [plugin],
    define,
    ssr: { noExternal: true },
    build: {
      write: false,
      target,
      minify: true,
      modulePreload: false,
      ssr: platform === 'node',
      rolldownOptions: {
        input,
        external: [...external],
        preserveEntrySignatures: 'strict',
        output: { comments: false },
      },
    },
  });
  const [first] = [bundled].flat();
  if (!first || !('output' in first)) throw new Error('Vite has built nothing');
  return first.output.map((file) => ('code' in file ? file.code : '')).join('');
}

async function byEsbuild(
  contents: string,
  { external = [], platform = 'browser' }: How,
): Promise<string> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target,
    platform,
    external: [...external],
    // Vite has it by itself.
    conditions: ['production'],
    define,
    legalComments: 'none',
    logLevel: 'silent',
    // The repo's own would lead `carpool` to the sources.
    tsconfigRaw: '{}',
  });
  return outputFiles[0]?.text ?? '';
}
