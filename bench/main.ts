import { run } from './harness/run.ts';
import type { Catalogue } from './harness/scenario.ts';

const catalogue: Catalogue = {
  S7: {
    title: 'the cache: warm reads, memory hits, what is held back',
    load: async () => (await import('./cache/scenario.ts')).measureCache,
  },
};

await run(catalogue);
