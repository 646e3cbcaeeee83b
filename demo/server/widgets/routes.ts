import { createRoute, z } from '@hono/zod-openapi';
import { fieldQuery, selectFields } from '../http/fields.ts';
import { refuse } from '../http/problem.ts';
import { readWhole } from '../http/query.ts';
import { createRouter, json, problems, type Router } from '../http/router.ts';
import { createWidget, maxWidgetId } from './create-widget.ts';
import { maxDelayMs, readDelay, wait } from './delay.ts';
import { widget } from './schema.ts';

const maxAgeSeconds = 86_400;

const duration = (max: number, unit: string, description: string) =>
  z
    .string()
    .optional()
    .openapi({ description: `${description}, 0 to ${max} ${unit}`, example: '0' });

const read = createRoute({
  method: 'get',
  path: '/api/widgets/{id}',
  tags: ['widgets'],
  summary: 'One widget of the dashboard',
  description: 'Takes as long as it is told to, so that a page can be watched as it fills.',
  request: {
    params: z.object({ id: z.string().openapi({ example: '7' }) }),
    query: z.object({
      delay: duration(maxDelayMs, 'ms', 'How long the work takes'),
      straggler: duration(
        maxDelayMs,
        'ms',
        'A hold-up on top of that, for the one that spoils the page',
      ),
      maxAge: duration(
        maxAgeSeconds,
        'seconds',
        'How long clients may keep it; not at all without',
      ),
      fields: fieldQuery(widget),
    }),
  },
  responses: {
    200: json(widget.partial(), 'The widget'),
    ...problems(400, 401, 404),
  },
});

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

/** The widgets of the dashboard, generated: the same each time. */
export function createWidgetRoutes(): Router {
  const router = createRouter();

  router.openapi(read, async (c) => {
    const text = c.req.param('id');
    const id = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0;
    if (id < 1 || id > maxWidgetId) {
      const range = `Widgets are numbered from 1 to ${maxWidgetId}.`;
      return refuse(404, 'No such widget', `There is no widget '${text}'. ${range}`);
    }

    let delayMs: number;
    let freshness: string;
    try {
      const query = new URL(c.req.url).searchParams;
      delayMs = readDelay(query, 'delay') + readDelay(query, 'straggler');
      freshness = readFreshness(query);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return refuse(400, 'Bad query', error.message);
    }

    const { signal } = c.req.raw;
    try {
      await wait(delayMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      // Nobody is left to read this; the status is nginx's for "client closed request".
      return refuse(499, 'Gone', 'The client went away before the widget was ready.');
    }

    return c.json(
      selectFields({ ...createWidget(id) }, c.req.valid('query').fields) as object,
      200,
      {
        'cache-control': freshness,
        'cache-tag': `widgets, widget-${id}`,
      },
    );
  });

  return router;
}
