import { relative } from 'node:path';
import { buildByVite, weigh } from './weigh.ts';

/** What one folder of the sources adds to a bundle, in bytes. */
export interface Share {
  readonly folder: string;
  readonly minified: number;
  /** How much lighter, compressed, the bundle is without it: what stands elsewhere too costs little here. */
  readonly brotli: number;
}

const folderOf = (path: string): string =>
  /^src\/(\w+)\//.exec(relative(process.cwd(), path))?.[1] ?? 'src itself';

/** Leaves each folder out of the bundle of `src/index.ts` by turns; the heaviest first. */
export async function sharesOf(external: readonly string[]): Promise<Share[]> {
  const code = await buildByVite(
    'src/index.ts',
    { external },
    {
      name: 'mark',
      // A call is what a minifier keeps, and keeps in its place: here a file's code ends.
      transform: (text, path) => ({
        code: `${text}\nglobalThis.endOf(${JSON.stringify(folderOf(path))});`,
        moduleSideEffects: true,
        map: null,
      }),
    },
  );
  const pieces = code.split(/globalThis\.endOf\(`([^`]+)`\)[;,]?/);
  // Code and names by turns; what comes behind the last name are the exports.
  const files = pieces.flatMap((piece, index) =>
    index % 2 === 0 ? [{ code: piece, folder: pieces[index + 1] ?? 'src itself' }] : [],
  );
  const joined = (some: typeof files): string => some.map((file) => file.code).join('');
  const whole = weigh(joined(files)).brotli;
  return [...new Set(files.map(({ folder }) => folder))]
    .map((folder) => ({
      folder,
      minified: weigh(joined(files.filter((file) => file.folder === folder))).minified,
      brotli: whole - weigh(joined(files.filter((file) => file.folder !== folder))).brotli,
    }))
    .sort((a, b) => b.brotli - a.brotli);
}
