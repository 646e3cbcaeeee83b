import type { Catalogue } from './harness/scenario.ts';

/** All scenarios. */
export const catalogue: Catalogue = {
  S1: {
    title: '20 calls of 150 ms, 30 % duplicates',
    load: async () => (await import('./network/cost-per-item.ts')).someWithDuplicates,
  },
  S2: {
    title: '100 calls of 150 ms',
    load: async () => (await import('./network/cost-per-item.ts')).hundred,
  },
  S3: {
    title: '60 widgets far away, one of them slow',
    load: async () => (await import('./network/straggler.ts')).oneStraggler,
  },
  S4: {
    title: '200 widgets over a narrow line',
    load: async () => (await import('./network/narrow.ts')).narrowLine,
  },
  S5: {
    title: 'windows: calls at once, trickling in, and alone',
    load: async () => (await import('./network/windows.ts')).trickle,
  },
  S6: {
    title: 'what a call costs the main thread',
    load: async () => (await import('./client/cost.ts')).clientCost,
  },
  S7: {
    title: 'the cache: warm reads, memory hits, what is held back',
    load: async () => (await import('./cache/scenario.ts')).measureCache,
  },
  S8: {
    title: 'what the servers answer',
    load: async () => (await import('./serving/scenario.ts')).serving,
  },
  S9: {
    title: 'growth: from 10 calls at once to 10,000',
    load: async () => (await import('./client/growth.ts')).growth,
  },
  S10: {
    title: 'bytes up and down, of a small dashboard',
    load: async () => (await import('./network/weight.ts')).weight,
  },
};
