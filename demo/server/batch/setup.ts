import type { BatchHandlerOptions } from 'carpool/server';
import type { Services } from '../services.ts';
import { createDispatch } from './dispatch.ts';
import { logEvents } from './log-events.ts';
import { priorityOf } from './priority.ts';
import type { Dispatch } from './retry.ts';

/** Which way a batch comes. */
export type Shape = 'batch' | 'older';

/** What a batch may turn off that the configuration has on; undefined leaves it as it is. */
export interface Wishes {
  /** Items at once; no more than the configuration allows. */
  readonly concurrency?: number | undefined;
  readonly dedupe?: boolean | undefined;
  readonly retry?: boolean | undefined;
  /** In ms. */
  readonly itemTimeout?: number | undefined;
}

/** The options of the batch handler, by configuration and by what a batch asks for itself. */
export function toHandlerOptions(
  { config, log, metrics }: Services,
  fetch: Dispatch,
  shape: Shape,
  wishes: Wishes = {},
): BatchHandlerOptions {
  return {
    dispatch: createDispatch(fetch, config.BATCH_RETRY && wishes.retry !== false),
    concurrency: Math.min(config.BATCH_CONCURRENCY, wishes.concurrency ?? Infinity),
    dedupe: config.BATCH_DEDUPE && wishes.dedupe !== false,
    priority: config.BATCH_PRIORITY ? priorityOf : undefined,
    allowedOrigins: config.CORS_ORIGINS,
    lightRequests: true,
    itemTimeout: wishes.itemTimeout,
    onEvent: logEvents(log),
    onStats: ({ total, succeeded, failed, deduplicated }) => {
      metrics.batchSize.observe({ shape }, total);
      metrics.items.inc({ outcome: 'succeeded' }, succeeded);
      metrics.items.inc({ outcome: 'failed' }, failed);
      metrics.deduplicated.inc(deduplicated);
    },
  };
}
