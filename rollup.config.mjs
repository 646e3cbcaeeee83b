import { nodeResolve } from '@rollup/plugin-node-resolve';
import { readFileSync } from 'node:fs';
import esbuild from 'rollup-plugin-esbuild';
import { minify } from 'vite';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const target = 'es2022';

/** Vite's minifier: its names compress better than esbuild's. */
const minifier = (how) => ({
  name: 'minify',
  renderChunk: (code, { fileName }) =>
    minify(fileName, code, { module: true, compress: { target }, sourcemap: true, ...how }),
});

/** One self-contained module for an entry point; what the package depends on stays an import. */
const library = (input, file, plugins = []) => ({
  input,
  output: { file, sourcemap: true },
  external: ['idb-keyval', 'ky', 'zod', /^node:/],
  plugins: [esbuild({ target }), ...plugins],
});

/** Everything in one file, for a page without a bundler: `<script type="module">`. */
const browser = {
  input: 'src/index.ts',
  output: {
    file: 'dist/carpool.min.js',
    sourcemap: true,
    banner: `/*! carpool ${version}, MIT, © The Carpool authors. Contains ky, MIT, © Sindre Sorhus, and idb-keyval, Apache-2.0, © Jake Archibald. */`,
  },
  plugins: [
    nodeResolve({ browser: true }),
    esbuild({ target }),
    minifier({ codegen: { legalComments: 'inline' } }),
  ],
};

export default [
  // Names and lines stay; a page's own minifier makes more of it when this one has been over it.
  library('src/index.ts', 'dist/index.js', [
    minifier({ mangle: false, codegen: { removeWhitespace: false } }),
  ]),
  library('src/server/index.ts', 'dist/server.js'),
  browser,
];
