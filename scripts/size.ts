import { readFile } from 'node:fs/promises';
import { formatTable } from '../bench/harness/table.ts';
import { problemsWith, toKB } from './budget.ts';
import { ownLoads, peerLoads } from './loads.ts';
import { sharesOf, type Share } from './shares.ts';
import { bundle, weigh, type Load, type Weight } from './weigh.ts';

const kB = (bytes: number): string => toKB(bytes, 2);

const weighAll = <Kind extends Load>(loads: readonly Kind[]): Promise<(Kind & Weight)[]> =>
  Promise.all(loads.map(async (load) => ({ ...load, ...weigh(await bundle(load)) })));

const [own, peers] = await Promise.all([weighAll(ownLoads), weighAll(peerLoads)]);

console.log(
  formatTable<Load & Weight>(
    [
      { title: 'kB of 1,000 bytes', align: 'left', cell: ({ name }) => name },
      { title: 'minified', cell: ({ minified }) => kB(minified) },
      { title: 'gzip', cell: ({ gzip }) => kB(gzip) },
      { title: 'brotli', cell: ({ brotli }) => kB(brotli) },
    ],
    [...own, ...peers],
  ),
);

console.log(
  '\nWhere it goes: the client without ky and idb-keyval, by folder of src, each left out by turns',
);
console.log(
  formatTable<Share>(
    [
      { title: 'kB of 1,000 bytes', align: 'left', cell: ({ folder }) => folder },
      { title: 'minified', cell: ({ minified }) => kB(minified) },
      { title: 'brotli', cell: ({ brotli }) => kB(brotli) },
    ],
    await sharesOf(['ky', 'idb-keyval']),
  ),
);

console.log('\nWhere it is to get to, brotli; not enforced:');
for (const { name, brotli, goal } of own) {
  if (goal === undefined) continue;
  const verdict = brotli <= goal ? 'holds' : 'missed';
  console.log(`- ${verdict}: ${name}, at most ${kB(goal)} kB: ${kB(brotli)} kB`);
}

console.log('\nBudgets, brotli:');
const readme = await readFile('README.md', 'utf8');
for (const { name, brotli, budget } of own) {
  if (budget === undefined) continue;
  const problems = problemsWith({ name, brotli, budget }, readme);
  if (problems.length === 0) console.log(`✓ ${name}: ${kB(brotli)} of ${kB(budget)} kB`);
  else process.exitCode = 1;
  for (const problem of problems) console.log(`✗ ${problem}`);
}
