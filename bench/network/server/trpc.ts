import { initTRPC } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { z } from 'zod';
import { findWidget } from './cost.ts';
import type { Route } from './route.ts';

const t = initTRPC.create();

const router = t.router({
  widget: t.procedure.input(z.number()).query(({ input }) => findWidget(input)),
});

export type TrpcRouter = typeof router;

const toRoute = (basePath: string): Route => ({
  takes: (path) => path.startsWith(basePath),
  handle: createHTTPHandler({ router, basePath, allowMethodOverride: true }),
});

export const trpcRoutes: readonly Route[] = ['/trpc/', '/trpc-stream/'].map(toRoute);
