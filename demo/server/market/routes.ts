import { createRouter, type Router } from '../http/router.ts';
import type { Services } from '../services.ts';
import { createBatchDataRoutes } from './batch-routes.ts';
import { createDataRoutes } from './data-routes.ts';
import { createPortfolioRoutes } from './portfolio-routes.ts';
import { createWatchlistRoutes } from './watchlist-routes.ts';

/** Market data, alone and in batches, and what users hold and watch. */
export function createMarketRoutes(services: Services): Router {
  const router = createRouter();
  router.route('/', createDataRoutes(services.market));
  router.route('/', createBatchDataRoutes(services.market));
  router.route('/', createPortfolioRoutes(services));
  router.route('/', createWatchlistRoutes(services));
  return router;
}
