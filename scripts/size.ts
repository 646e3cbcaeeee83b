import { transform } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { brotliCompressSync } from 'node:zlib';

/** What a page downloads, minified and compressed with Brotli; a kB has 1,000 bytes. */
const budgets = [
  { what: 'the client, without ky', file: 'dist/index.js', maxBytes: 6_000 },
  { what: 'the browser build, with ky', file: 'dist/carpool.min.js', maxBytes: 14_000 },
];

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(2)} kB`;

for (const { what, file, maxBytes } of budgets) {
  const { code } = await transform(await readFile(file, 'utf8'), { minify: true, format: 'esm' });
  const bytes = brotliCompressSync(code).length;
  const over = bytes > maxBytes;
  console.log(
    `${over ? '✗' : '✓'} ${what.padEnd(28)}${kB(bytes).padStart(10)} of ${kB(maxBytes).padStart(8)}`,
  );
  if (over) process.exitCode = 1;
}
