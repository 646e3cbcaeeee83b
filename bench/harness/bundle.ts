import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface PageBundle {
  readonly code: string;
  /** The version of each package that is in it, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

/** The versions of packages, by name. */
export const versionsOf = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, readManifest(join('node_modules', name)).version]));

/** The version of each package that was bundled; not of those that came along with another. */
function versionsIn({ inputs }: Metafile): Record<string, string> {
  const { dependencies, devDependencies } = readManifest('');
  const named = { ...dependencies, ...devDependencies };
  const folders = Object.keys(inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(path)?.[0] ?? [],
  );
  return Object.fromEntries(
    [...new Set(folders)].flatMap((folder) => {
      const { name, version } = readManifest(folder);
      return name in named ? [[name, version]] : [];
    }),
  );
}

/**
 * Bundles a page's script in memory, for production. It imports `carpool` by its name, and gets the
 * browser build that the server has under `/carpool.min.js`.
 */
export async function bundlePage(entry: URL): Promise<PageBundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'esnext',
    // As an application ships it.
    conditions: ['production', 'module'],
    define: { 'process.env.NODE_ENV': '"production"' },
    minify: true,
    logLevel: 'silent',
    alias: { carpool: '/carpool.min.js' },
    external: ['/carpool.min.js'],
    // The repo's own would lead `carpool` to the sources.
    tsconfigRaw: '{}',
  });
  return {
    code: outputFiles[0]?.text ?? '',
    versions: versionsIn(metafile),
  };
}
