import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { catalogue } from '../catalogue.ts';
import type { Report } from '../harness/report.ts';
import { condense } from './condense.ts';
import { filesOf, readmePath } from './files.ts';
import { checkWhole } from './whole.ts';

const root = new URL('../../', import.meta.url);
const path = process.argv[2] ?? 'bench-results/report.json';

/** Writes what a whole run has found into the README and docs/benchmarks/. */
async function publish(): Promise<void> {
  const report = condense(JSON.parse(await readFile(path, 'utf8')) as Report);
  checkWhole(report, Object.keys(catalogue));
  const readme = await readFile(new URL(readmePath, root), 'utf8');
  await mkdir(new URL('docs/benchmarks/', root), { recursive: true });
  for (const [file, text] of await filesOf(report, readme)) {
    await writeFile(new URL(file, root), text);
    console.log(file);
  }
}

try {
  await publish();
} catch (error) {
  console.error(`${path} can't be published: ${(error as Error).message}`);
  process.exitCode = 1;
}
