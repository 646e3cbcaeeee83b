import { os } from '@orpc/server';
import { CompressionPlugin, RPCHandler } from '@orpc/server/node';
import { BatchHandlerPlugin } from '@orpc/server/plugins';
import { z } from 'zod';
import { findWidget } from './cost.ts';
import type { Route } from './route.ts';

const router = {
  widget: os.input(z.object({ id: z.number() })).handler(({ input }) => findWidget(input.id)),
};

export type OrpcRouter = typeof router;

// A batch of all there is: with the plugin's own limit of ten, dashboards would be torn to pieces.
const handler = new RPCHandler(router, {
  plugins: [new CompressionPlugin(), new BatchHandlerPlugin({ maxSize: 10_000 })],
});

const prefix = '/orpc';

export const orpcRoute: Route = {
  takes: (path) => path.startsWith(`${prefix}/`),
  compressesItself: true,
  handle: (request, response) => handler.handle(request, response, { prefix, context: {} }),
};
