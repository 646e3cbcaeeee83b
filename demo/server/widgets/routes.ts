import { Hono } from 'hono';
import { readDelay, wait } from '../delay.ts';
import { problem } from '../problem.ts';
import { readWhole } from '../query.ts';
import { createWidget, maxWidgetId } from './create-widget.ts';

const maxAgeSeconds = 86_400;

/**
 * How long a widget may be kept. Not at all, unless the query says so: every figure on the page and
 * in the comparison must come from the server.
 *
 * @throws RangeError naming the parameter, the value received and the bounds
 */
function readFreshness(query: URLSearchParams): string {
  const maxAge = readWhole(query, 'maxAge', { unit: 'seconds', max: maxAgeSeconds });
  return maxAge === undefined ? 'no-store' : `private, max-age=${maxAge}`;
}

/**
 * `GET /api/widgets/:id` answers with the widget of that id.
 *
 * - `?delay=ms` is how long the work takes.
 * - `?straggler=ms` is a hold-up on top of that, for the one widget that spoils the page.
 * - `?maxAge=seconds` lets clients keep the widget for so long.
 */
export function createWidgetRoutes(): Hono {
  const routes = new Hono();

  routes.get('/api/widgets/:id', async (c) => {
    const text = c.req.param('id');
    const id = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0;
    if (id < 1 || id > maxWidgetId) {
      const range = `Widgets are numbered from 1 to ${maxWidgetId}.`;
      return problem(404, 'No such widget', `There is no widget '${text}'. ${range}`);
    }

    let delayMs: number;
    let freshness: string;
    try {
      const query = new URL(c.req.url).searchParams;
      delayMs = readDelay(query, 'delay') + readDelay(query, 'straggler');
      freshness = readFreshness(query);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return problem(400, 'Bad query', error.message);
    }

    const { signal } = c.req.raw;
    try {
      await wait(delayMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      // Nobody is left to read this; the status is nginx's for "client closed request".
      return problem(499, 'Gone', 'The client went away before the widget was ready.');
    }

    return c.json(createWidget(id), 200, {
      'cache-control': freshness,
      'cache-tag': `widgets, widget-${id}`,
    });
  });

  return routes;
}
