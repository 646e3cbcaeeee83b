import { transform } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { brotliCompressSync } from 'node:zlib';

/** What a page downloads, minified and compressed with Brotli; a kB has 1,000 bytes. README says so. */
const budgets = [
  { what: 'the client, without ky and idb-keyval', file: 'dist/index.js', maxBytes: 28_100 },
  { what: 'the browser build, with ky', file: 'dist/carpool.min.js', maxBytes: 35_500 },
];

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(2)} kB`;

const readme = await readFile('README.md', 'utf8');

for (const { what, file, maxBytes } of budgets) {
  const { code } = await transform(await readFile(file, 'utf8'), { minify: true, format: 'esm' });
  const bytes = brotliCompressSync(code).length;
  const over = bytes > maxBytes;
  console.log(
    `${over ? '✗' : '✓'} ${what.padEnd(38)}${kB(bytes).padStart(10)} of ${kB(maxBytes).padStart(8)}`,
  );
  if (over) process.exitCode = 1;
  const promise = `${(maxBytes / 1000).toFixed(1)} kB`;
  if (!readme.includes(promise)) {
    console.log(`✗ the README should promise ${promise} for ${what}`);
    process.exitCode = 1;
  }
}
