import type { Load } from './weigh.ts';

/** Something of ours, and what it may weigh. */
export interface OwnLoad extends Load {
  /** In bytes, compressed with Brotli: the test run enforces it, and the README promises it. */
  readonly budget?: number;
  /** In bytes: where it is to get to. */
  readonly goal?: number;
}

/** Every entry of the package: as it is with its dependencies, and its own code alone. */
export const ownLoads: readonly OwnLoad[] = [
  {
    name: 'carpool, without ky and idb-keyval',
    source: "export * from './dist/index.js'",
    external: ['ky', 'idb-keyval'],
    budget: 27_100,
    goal: 8500,
  },
  {
    name: 'carpool, without ky and idb-keyval, by esbuild',
    source: "export * from './dist/index.js'",
    external: ['ky', 'idb-keyval'],
    bundler: 'esbuild',
    budget: 28_300,
  },
  {
    name: 'carpool, with ky and idb-keyval',
    source: "export * from './dist/index.js'",
    goal: 17_000,
  },
  {
    name: 'carpool/carpool.min.js',
    source: new URL('../dist/carpool.min.js', import.meta.url),
    budget: 34_200,
  },
  {
    name: 'carpool/server, without zod',
    source: "export * from './dist/server.js'",
    external: ['zod'],
    platform: 'node',
  },
  {
    name: 'carpool/server, with zod',
    source: "export * from './dist/server.js'",
    platform: 'node',
  },
];

/** What a page loads to batch with someone else, and what ours is built on. */
export const peerLoads: readonly Load[] = [
  {
    name: 'tRPC, httpBatchLink',
    source: "export { createTRPCClient, httpBatchLink } from '@trpc/client'",
  },
  {
    name: 'tRPC, httpBatchStreamLink',
    source: "export { createTRPCClient, httpBatchStreamLink } from '@trpc/client'",
  },
  {
    name: 'oRPC, BatchLinkPlugin',
    source: `
      export { createORPCClient } from '@orpc/client';
      export { RPCLink } from '@orpc/client/fetch';
      export { BatchLinkPlugin } from '@orpc/client/plugins';`,
  },
  {
    name: 'Apollo, BatchHttpLink',
    source: `
      export { ApolloClient, InMemoryCache, gql } from '@apollo/client';
      export { BatchHttpLink } from '@apollo/client/link/batch-http';`,
  },
  { name: 'DataLoader', source: "export { default } from 'dataloader'" },
  {
    name: '@yornaath/batshit',
    source: "export { create, keyResolver, windowScheduler } from '@yornaath/batshit'",
  },
  { name: 'ky alone', source: "export { default } from 'ky'" },
  {
    name: 'idb-keyval alone',
    source: "export { createStore, get, getMany, set, setMany } from 'idb-keyval'",
  },
];
