import { nodeResolve } from '@rollup/plugin-node-resolve';
import { readFileSync } from 'node:fs';
import esbuild from 'rollup-plugin-esbuild';
import { minify } from 'vite';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const target = 'es2022';

/** One self-contained module for an entry point; what the package depends on stays an import. */
const library = (input, file) => ({
  input,
  output: { file, sourcemap: true },
  external: ['idb-keyval', 'ky', 'zod', /^node:/],
  plugins: [esbuild({ target })],
});

/** Vite's minifier: its names compress better than esbuild's. */
const minifier = {
  name: 'minify',
  renderChunk: (code, { fileName }) =>
    minify(fileName, code, {
      module: true,
      compress: { target },
      codegen: { legalComments: 'inline' },
      sourcemap: true,
    }),
};

/** Everything in one file, for a page without a bundler: `<script type="module">`. */
const browser = {
  input: 'src/index.ts',
  output: {
    file: 'dist/carpool.min.js',
    sourcemap: true,
    banner: `/*! carpool ${version}, MIT, © The Carpool authors. Contains ky, MIT, © Sindre Sorhus, and idb-keyval, Apache-2.0, © Jake Archibald. */`,
  },
  plugins: [nodeResolve({ browser: true }), esbuild({ target }), minifier],
};

export default [
  library('src/index.ts', 'dist/index.js'),
  library('src/server/index.ts', 'dist/server.js'),
  browser,
];
