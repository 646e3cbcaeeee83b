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

/** The version of each package that was bundled. */
function versionsIn({ inputs }: Metafile): Record<string, string> {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(path)?.[0] ?? [],
  );
  return Object.fromEntries(
    [...new Set(folders)].map((folder) => {
      const manifest = readFileSync(join(root, folder, 'package.json'), 'utf8');
      const { name, version } = JSON.parse(manifest) as { name: string; version: string };
      return [name, version];
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
    logLevel: 'silent',
    alias: { carpool: '/carpool.min.js' },
    external: ['/carpool.min.js'],
    // Peers check more, and are slower, in development.
    conditions: ['production'],
    define: { 'process.env.NODE_ENV': '"production"' },
    // The repo's own would lead `carpool` to the sources.
    tsconfigRaw: '{}',
  });
  return {
    code: outputFiles[0]?.text ?? '',
    versions: versionsIn(metafile),
  };
}
