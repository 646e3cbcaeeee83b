import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface PageBundle {
  readonly code: string;
  /** The version of each package that is in it, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Peers that aren't installed: to the page, such a package is a module without exports. */
  readonly absent: ReadonlySet<string>;
}

/** `virtual:x` is the package x, or, where that isn't installed, a module without exports. */
function findPeers(absent: Set<string>): Plugin {
  return {
    name: 'peers',
    setup: ({ onResolve, onLoad, resolve }) => {
      onResolve({ filter: /^virtual:/ }, async ({ path, kind, resolveDir }) => {
        const name = path.slice('virtual:'.length);
        const found = await resolve(name, { kind, resolveDir });
        if (found.errors.length === 0) return found;
        absent.add(name);
        return { path, namespace: 'absent' };
      });
      onLoad({ filter: /^/, namespace: 'absent' }, () => ({ contents: 'export {};' }));
    },
  };
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
      // What lies elsewhere, on NODE_PATH, takes part for its own sake.
      return name in named || folder.startsWith('..') ? [[name, version]] : [];
    }),
  );
}

/**
 * Bundles a page's script in memory. It imports `carpool` by its name, and gets the browser build that
 * the server has under `/carpool.min.js`. What it compares with, and may be absent, it imports as
 * `virtual:x`: the package x, out of `node_modules` or else `NODE_PATH`.
 */
export async function bundlePage(entry: URL): Promise<PageBundle> {
  const absent = new Set<string>();
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
    nodePaths: (process.env['NODE_PATH'] ?? '').split(delimiter).filter(Boolean),
    plugins: [findPeers(absent)],
    // The repo's own would lead `carpool` to the sources.
    tsconfigRaw: '{}',
  });
  return {
    code: outputFiles[0]?.text ?? '',
    versions: versionsIn(metafile),
    absent,
  };
}
